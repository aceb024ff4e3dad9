"""What a newer version of the bot has stored, which works beside this one or did before it."""

import pytest

from incident_bot.domain.edits import Patch
from incident_bot.domain.errors import ChangedMeanwhile
from incident_bot.domain.status import Status, Step
from incident_bot.domain.timeline import EntryKind
from incident_bot.store.engine.database import Database
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.notes import Timelines
from incident_bot.store.outbox.undelivered import Undelivered
from incident_bot.store.undo import Undoing
from tests.databases import Rows
from tests.factories import A_VIEWER, ANA, BEN, FROM_THE_FUTURE, Clock, by
from tests.store.declaring import declared
from tests.store.newer import newer_changed, newer_notified


@pytest.fixture
def undelivered(database: Database, clock: Clock) -> Undelivered:
    return Undelivered(database, clock, lambda: None)


async def test_an_entry_of_an_unknown_kind_is_in_the_timeline_by_its_word(
    store: IncidentStore, database: Database, rows: Rows, clock: Clock
) -> None:
    incident = await declared(store)
    newer_changed(rows, incident.id)

    whole = await store.timeline(incident.id, A_VIEWER)
    page = await Timelines(database, clock).page(incident.id, 0, 10, A_VIEWER)

    assert [entry.kind for entry in whole] == [EntryKind.DECLARED, FROM_THE_FUTURE]
    assert page.entries == whole[::-1]
    assert (whole[1].actor, whole[1].version) == (BEN, 2)


async def test_a_message_about_such_an_entry_is_listed_by_its_word(
    store: IncidentStore, undelivered: Undelivered, rows: Rows
) -> None:
    incident = await declared(store)
    newer_notified(rows, newer_changed(rows, incident.id))

    [_announcement, told] = await undelivered.page()

    assert (told.operation, told.entry_kind, told.state) == (
        "notification",
        FROM_THE_FUTURE,
        "pending",
    )


async def test_an_incident_goes_on_after_such_an_entry(
    store: IncidentStore, database: Database, rows: Rows, clock: Clock
) -> None:
    incident = await declared(store)
    newer_changed(rows, incident.id)
    undoing = Undoing(database, clock)

    resolved = await store.take(by(ANA), incident.id, Step.RESOLVE)
    again_open = await undoing.undo(by(ANA), incident.id, entry_id=3)

    assert (resolved.status, resolved.version) == (Status.RESOLVED, 3)
    assert (again_open.status, again_open.version) == (Status.OPEN, 4)


async def test_who_changes_what_a_newer_version_changed_meanwhile_is_told_of_that(
    store: IncidentStore, rows: Rows
) -> None:
    incident = await declared(store)
    newer_changed(rows, incident.id)

    with pytest.raises(ChangedMeanwhile) as refused:
        await store.patch(by(ANA), incident.id, Patch(severity="Low"), {incident.version})

    assert refused.value.entry.kind == FROM_THE_FUTURE
