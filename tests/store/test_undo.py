"""Offers to undo in the database: made, ended once, taken from what was posted."""

from datetime import timedelta

import pytest

from incident_bot.domain.edits import ProgressUpdate
from incident_bot.domain.errors import (
    ChangedMeanwhile,
    EntryGone,
    IncidentError,
    IncidentNotFound,
    NotAllowed,
)
from incident_bot.domain.status import Status, Step
from incident_bot.domain.timeline import EntryKind
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.engine.database import Database
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.undo import Undoing
from tests.databases import Rows
from tests.factories import A_VIEWER, ANA, BEN, CARA, INCIDENTS, Clock, a_declaration, by

MINUTES = 60


@pytest.fixture
def undoing(database: Database, clock: Clock) -> Undoing:
    return Undoing(database, clock)


async def acknowledged(store: IncidentStore, outbox: Outbox, clock: Clock) -> int:
    """An incident that Ana acknowledged, and all is told; gives the entry that says so."""
    incident = await store.declare(by(CARA), a_declaration(), [INCIDENTS])
    await store.take(by(ANA), incident.id, Step.ACKNOWLEDGE)
    while claimed := await outbox.claim(clock(), 9, 9):
        for delivery in claimed:
            await outbox.sent(delivery, "C0INC", f"1.{delivery.id}", clock())
    entries = await store.timeline(incident.id, A_VIEWER)
    return entries[1].id or 0


async def test_it_is_offered_until_the_time_is_over_and_ended_once(
    store: IncidentStore, outbox: Outbox, undoing: Undoing, clock: Clock, rows: Rows
) -> None:
    entry_id = await acknowledged(store, outbox, clock)
    assert rows.of("undoable", "entry_id") == [(entry_id,)]
    before = rows.count("outbox")

    clock.advance(4 * MINUTES)
    await undoing.end_old()
    assert rows.count("outbox") == before
    clock.advance(1 * MINUTES)
    for _ in range(3):
        await undoing.end_old()

    assert rows.count("undoable") == 0
    assert rows.count("outbox") == before + 1, "the button is taken from the notification"
    with pytest.raises(NotAllowed, match="more than five minutes"):
        await undoing.undo(by(ANA), 1, entry_id)


async def test_what_is_undone_is_told_where_it_was_told(
    store: IncidentStore, outbox: Outbox, undoing: Undoing, clock: Clock, rows: Rows
) -> None:
    entry_id = await acknowledged(store, outbox, clock)

    incident = await undoing.undo(by(ANA, "press:1"), 1, entry_id)

    assert (incident.status, incident.lead) == (Status.OPEN, None)
    waiting = sorted(await outbox.claim(clock(), 9, 9), key=lambda one: one.operation)
    assert [(one.operation, one.entry_id, one.is_post) for one in waiting] == [
        ("announcement", None, False),
        ("notification", entry_id, False),
    ]
    content = await outbox.messages.content(waiting[1])
    assert content is not None
    assert content.entry is not None
    assert (content.entry.undone_at, content.can_be_undone) == (clock(), False)
    assert rows.count("undoable") == 0


async def test_the_latest_alone_is_undone_and_by_who_did_it(
    store: IncidentStore, outbox: Outbox, undoing: Undoing, clock: Clock
) -> None:
    entry_id = await acknowledged(store, outbox, clock)

    with pytest.raises(NotAllowed, match="Only who did this"):
        await undoing.undo(by(BEN), 1, entry_id)
    await store.take(by(BEN), 1, Step.RESOLVE)
    with pytest.raises(ChangedMeanwhile):
        await undoing.undo(by(ANA), 1, entry_id)


async def test_others_cannot_undo_what_is_private(
    store: IncidentStore, undoing: Undoing, rows: Rows
) -> None:
    await store.declare(by(CARA), a_declaration(is_private=True), [])
    await store.take(by(CARA), 1, Step.RESOLVE)
    [(entry_id,)] = rows.of("undoable", "entry_id")

    with pytest.raises(IncidentNotFound):
        await undoing.undo(by(BEN), 1, entry_id)


async def test_the_lead_that_was_taken_by_reopening_is_given_back_with_it(
    store: IncidentStore, undoing: Undoing, clock: Clock, rows: Rows
) -> None:
    incident = await store.declare(by(CARA), a_declaration(), [INCIDENTS])
    await store.take(by(BEN), incident.id, Step.RESOLVE)
    clock.advance(60 * MINUTES)
    await store.take(by(ANA), incident.id, Step.REOPEN)
    [reopened] = [
        entry
        for entry in await store.timeline(incident.id, A_VIEWER)
        if entry.kind is EntryKind.REOPENED
    ]

    undone = await undoing.undo(by(ANA), incident.id, reopened.id or 0)

    assert (undone.status, undone.lead, undone.acknowledged_at) == (Status.RESOLVED, None, None)
    assert reopened.id not in [entry_id for (entry_id,) in rows.of("undoable", "entry_id")]
    assert rows.count("undoable") == 1, "the resolution may be undone yet"


async def test_the_update_that_was_promised_is_promised_again_when_the_resolution_is_undone(
    store: IncidentStore, undoing: Undoing, clock: Clock, rows: Rows
) -> None:
    await store.declare(by(CARA), a_declaration(), [INCIDENTS])
    promise = ProgressUpdate(message="Looking", next_update_in=timedelta(minutes=30))
    promised = await store.post_update(by(ANA), 1, promise)
    clock.advance(5 * MINUTES)
    resolved = await store.take(by(ANA), 1, Step.RESOLVE)
    assert resolved.next_update_at is None
    [(entry_id,)] = rows.of("undoable", "entry_id")

    undone = await undoing.undo(by(ANA), 1, entry_id)

    assert undone.next_update_at == promised.next_update_at


async def test_an_update_that_resolved_it_has_kept_the_promise(
    store: IncidentStore, undoing: Undoing, rows: Rows
) -> None:
    await store.declare(by(CARA), a_declaration(), [INCIDENTS])
    promise = ProgressUpdate(message="Looking", next_update_in=timedelta(minutes=30))
    await store.post_update(by(ANA), 1, promise)
    await store.post_update(by(ANA), 1, ProgressUpdate(message="Done", status=Status.RESOLVED))
    [(entry_id,)] = rows.of("undoable", "entry_id")

    undone = await undoing.undo(by(ANA), 1, entry_id)

    assert (undone.status, undone.next_update_at) == (Status.OPEN, None)


async def test_what_was_undone_makes_nothing_stale(
    store: IncidentStore, outbox: Outbox, undoing: Undoing, clock: Clock
) -> None:
    await acknowledged(store, outbox, clock)
    seen = await store.get(1, A_VIEWER)
    await store.take(by(BEN), 1, Step.RESOLVE)
    resolution = (await store.timeline(1, A_VIEWER))[-1]
    await undoing.undo(by(BEN), 1, resolution.id or 0)

    resolved = await store.take(by(CARA), 1, Step.RESOLVE, seen.version)

    assert resolved.is_resolved


async def test_an_entry_of_another_incident_cannot_be_undone(
    store: IncidentStore, outbox: Outbox, undoing: Undoing, clock: Clock
) -> None:
    entry_id = await acknowledged(store, outbox, clock)
    other = await store.declare(by(CARA), a_declaration(), [INCIDENTS])

    with pytest.raises(EntryGone):
        await undoing.undo(by(ANA), other.id, entry_id)


async def test_who_led_before_they_acknowledged_goes_on_leading_when_they_undo_that(
    store: IncidentStore, undoing: Undoing, clock: Clock
) -> None:
    await store.declare(by(CARA), a_declaration(), [INCIDENTS])
    await store.hand_over(by(ANA), 1, ANA)
    clock.advance(1 * MINUTES)
    await store.take(by(ANA), 1, Step.ACKNOWLEDGE)
    acknowledgement = (await store.timeline(1, A_VIEWER))[-1]

    undone = await undoing.undo(by(ANA), 1, acknowledgement.id or 0)

    assert (undone.status, undone.lead) == (Status.OPEN, ANA)


async def test_who_leads_by_now_goes_on_leading_when_the_acknowledgement_is_undone(
    store: IncidentStore, undoing: Undoing, rows: Rows
) -> None:
    await store.declare(by(CARA), a_declaration(), [INCIDENTS])
    await store.take(by(ANA), 1, Step.ACKNOWLEDGE)
    acknowledgement = next(
        entry for entry in await store.timeline(1, A_VIEWER) if entry.kind is EntryKind.ACKNOWLEDGED
    )
    rows.execute("UPDATE incidents SET lead = 'U0BEN'")  # without a trace in the timeline

    undone = await undoing.undo(by(ANA), 1, acknowledgement.id or 0)

    assert (undone.status, undone.lead) == (Status.OPEN, BEN)


async def test_who_was_handed_the_lead_back_keeps_it_when_they_undo_the_acknowledgement(
    store: IncidentStore, undoing: Undoing
) -> None:
    await store.declare(by(CARA), a_declaration(), [INCIDENTS])
    await store.take(by(ANA), 1, Step.ACKNOWLEDGE)
    acknowledgement, took = (await store.timeline(1, A_VIEWER))[1:]
    await store.hand_over(by(ANA), 1, BEN)
    await store.hand_over(by(BEN), 1, ANA)

    undone = await undoing.undo(by(ANA), 1, acknowledgement.id or 0)

    assert (undone.status, undone.lead) == (Status.OPEN, ANA)
    entries = {entry.id: entry for entry in await store.timeline(1, A_VIEWER)}
    assert entries[took.id].undone_at is None


async def test_what_is_undone_is_not_undone_again(store: IncidentStore, undoing: Undoing) -> None:
    await store.declare(by(CARA), a_declaration(), [INCIDENTS])
    await store.set_severity(by(BEN), 1, "Low")
    changed = (await store.timeline(1, A_VIEWER))[-1]
    undone = await undoing.undo(by(BEN), 1, changed.id or 0)

    with pytest.raises(IncidentError):
        await undoing.undo(by(BEN), 1, changed.id or 0)

    assert await store.get(1, A_VIEWER) == undone


async def test_no_button_is_taken_from_messages_of_a_deleted_incident(
    store: IncidentStore, outbox: Outbox, undoing: Undoing, clock: Clock, rows: Rows
) -> None:
    await acknowledged(store, outbox, clock)
    await store.delete(by(CARA), 1)
    before = rows.count("outbox")

    clock.advance(5 * MINUTES)
    await undoing.end_old()

    assert (rows.count("undoable"), rows.count("outbox")) == (0, before)


async def test_what_a_program_did_is_not_offered_to_be_undone(
    store: IncidentStore, rows: Rows
) -> None:
    await store.declare(by(CARA), a_declaration(), [INCIDENTS])

    await store.set_severity(by("ci"), 1, "Low")

    assert rows.count("undoable") == 0


async def test_followers_are_not_offered_to_undo_what_they_are_told(
    store: IncidentStore, outbox: Outbox, clock: Clock
) -> None:
    await store.declare(by(CARA), a_declaration(), [INCIDENTS])
    await store.follow(1, BEN)
    await store.take(by(ANA), 1, Step.RESOLVE)

    [direct] = [one for one in await outbox.claim(clock(), 9, 9) if one.destination == BEN]
    content = await outbox.messages.content(direct)

    assert content is not None
    assert not content.can_be_undone
