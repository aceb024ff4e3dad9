"""What people put into timelines: notes, pinned messages, and what they correct."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from incident_bot.domain.edits import Patch
from incident_bot.domain.errors import (
    AlreadyInStatus,
    ChangedMeanwhile,
    EntryEdited,
    EntryGone,
    IncidentError,
    IncidentNotFound,
    NotAllowed,
    NothingToChange,
    RepeatedRequest,
    WrongMoment,
)
from incident_bot.domain.incident import Incident
from incident_bot.domain.note import Note, PinnedMessage
from incident_bot.domain.status import Step
from incident_bot.domain.timeline import EntryKind, TimelineEntry
from incident_bot.store.case import SeenVersion
from incident_bot.store.engine.database import Database
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.notes import Timelines
from tests.databases import Rows
from tests.factories import (
    A_VIEWER,
    ANA,
    BEN,
    CARA,
    NOON,
    Clock,
    after,
    by,
)
from tests.store.declaring import declared

NOTE = Note("Rolled back")


@pytest.fixture
def timelines(database: Database, clock: Clock) -> Timelines:
    return Timelines(database, clock)


def seen(incident: Incident, entry: TimelineEntry) -> SeenVersion:
    assert entry.id is not None
    return SeenVersion(incident.id, entry.id, entry.edited_at)


def a_message(**changes: Any) -> PinnedMessage:  # noqa: ANN401 - PinnedMessage's
    values: dict[str, Any] = {
        "channel_id": "C0INC",
        "message_ts": "1002.000000",
        "author": CARA,
        "text": "It is the cache",
        "posted_at": after(1),
        "permalink": "https://example.slack.com/archives/C0INC/p1002",
    }
    return PinnedMessage(**(values | changes))


def announce(rows: Rows, message_ts: str = "1001.000000") -> None:
    rows.execute(f"UPDATE announcements SET channel_id = 'C0INC', message_ts = '{message_ts}'")  # noqa: S608 - ours


async def texts(timelines: Timelines, incident: Incident, number: int = 0) -> list[str | None]:
    page = await timelines.page(incident.id, number, 10, A_VIEWER)
    return [entry.text or entry.kind for entry in page.entries]


async def test_a_note_is_one_entry_and_changes_nothing_else(
    store: IncidentStore, timelines: Timelines, rows: Rows, woken: list[bool], clock: Clock
) -> None:
    incident = await declared(store)
    woken.clear()
    outbox = rows.count("outbox")
    clock.advance(60)

    _, entry = await timelines.add_note(by(BEN), incident.id, NOTE)

    assert await store.get(incident.id, A_VIEWER) == incident
    assert (rows.count("outbox"), woken) == (outbox, [])
    assert entry == (await store.timeline(incident.id, A_VIEWER))[-1]
    assert (entry.kind, entry.actor, entry.text) == (EntryKind.NOTE, BEN, "Rolled back")
    assert (entry.at, entry.happened_at, entry.version) == (after(1), after(1), 1)


@pytest.mark.parametrize("minutes", [-7 * 24 * 60, -5, 0, 10])
async def test_a_note_tells_of_any_time_since_a_week_before_the_declaration(
    store: IncidentStore, timelines: Timelines, clock: Clock, minutes: int
) -> None:
    incident = await declared(store)
    clock.advance(600)

    _, entry = await timelines.add_note(by(BEN), incident.id, Note("x", after(minutes)))

    assert (entry.at, entry.happened_at) == (after(10), after(minutes))


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOON + timedelta(seconds=1), "still to come"),
        (NOON - timedelta(days=7, seconds=1), "begins 7 days before"),
    ],
)
async def test_a_note_tells_of_no_other_time(
    store: IncidentStore, timelines: Timelines, rows: Rows, moment: datetime, words: str
) -> None:
    incident = await declared(store)

    with pytest.raises(WrongMoment, match=words):
        await timelines.add_note(by(BEN, "k"), incident.id, Note("x", moment))

    assert (rows.count("timeline_entries"), rows.count("requests")) == (1, 0)


async def test_a_note_that_is_sent_again_is_written_once(
    store: IncidentStore, timelines: Timelines, rows: Rows
) -> None:
    incident = await declared(store)
    await timelines.add_note(by(BEN, "command:1"), incident.id, NOTE)

    with pytest.raises(RepeatedRequest):
        await timelines.add_note(by(BEN, "command:1"), incident.id, NOTE)

    assert rows.count("timeline_entries") == 2


async def test_a_deleted_incident_takes_no_note_and_shows_none(
    store: IncidentStore, timelines: Timelines
) -> None:
    incident = await declared(store)
    _, entry = await timelines.add_note(by(BEN), incident.id, NOTE)
    await store.delete(by(CARA), incident.id)

    for asked in (
        timelines.add_note(by(BEN), incident.id, NOTE),
        timelines.page(incident.id, 0, 10, A_VIEWER),
        timelines.entry(seen(incident, entry), A_VIEWER),
        timelines.edit(by(BEN), seen(incident, entry), Note("y")),
        timelines.remove(by(BEN), seen(incident, entry)),
    ):
        with pytest.raises(IncidentNotFound):
            await asked


async def test_pages_are_ordered_by_when_it_happened(
    store: IncidentStore, timelines: Timelines, clock: Clock
) -> None:
    incident = await declared(store)
    clock.advance(3600)
    for minutes in (30, 10, 20, -10):
        await timelines.add_note(by(BEN), incident.id, Note(str(minutes), after(minutes)))

    assert await texts(timelines, incident) == ["30", "20", "10", "declared", "-10"]
    assert [entry.text for entry in await store.timeline(incident.id, A_VIEWER)][1:] == [
        "30",
        "10",
        "20",
        "-10",
    ]


async def test_a_page_past_the_end_is_the_last_one(
    store: IncidentStore, timelines: Timelines
) -> None:
    incident = await declared(store)
    for number in range(10):
        await timelines.add_note(by(BEN), incident.id, Note(str(number)))

    first, last = [await timelines.page(incident.id, number, 10, A_VIEWER) for number in (0, 99)]

    assert (first.number, len(first.entries), first.total) == (0, 10, 11)
    assert (last.number, len(last.entries), last.total) == (1, 1, 11)
    assert last.entries[0].kind is EntryKind.DECLARED


@pytest.mark.parametrize("actor", [BEN, ANA])
async def test_who_wrote_a_note_and_the_lead_may_edit_and_remove_it(
    store: IncidentStore, timelines: Timelines, rows: Rows, clock: Clock, actor: str
) -> None:
    incident = await declared(store)
    await store.take(by(ANA), incident.id, Step.ACKNOWLEDGE)
    _, entry = await timelines.add_note(by(BEN), incident.id, NOTE)
    clock.advance(60)

    _, edited = await timelines.edit(by(actor), seen(incident, entry), Note("Better", NOON))

    assert await timelines.entry(seen(incident, edited), A_VIEWER) == (
        await store.get(incident.id, A_VIEWER),
        edited,
    )
    assert (edited.text, edited.edited_at, edited.actor) == ("Better", after(1), BEN)
    await timelines.remove(by(actor), seen(incident, edited))
    assert "Better" not in await texts(timelines, incident)
    assert "Better" not in [entry.text for entry in await store.timeline(incident.id, A_VIEWER)]
    assert rows.query("SELECT count(*) FROM timeline_entries WHERE removed_at IS NOT NULL") == [
        (1,)
    ]


async def test_others_may_not_edit_or_remove_it(store: IncidentStore, timelines: Timelines) -> None:
    incident = await declared(store)
    _, note = await timelines.add_note(by(BEN), incident.id, NOTE)
    [declaration, _] = await store.timeline(incident.id, A_VIEWER)

    for actor, entry in ((ANA, note), (CARA, declaration)):
        with pytest.raises(NotAllowed):
            await timelines.edit(by(actor), seen(incident, entry), Note("Worse"))
        with pytest.raises(NotAllowed):
            await timelines.remove(by(actor), seen(incident, entry))


async def test_an_edit_undoes_no_other_person_s(
    store: IncidentStore, timelines: Timelines, clock: Clock
) -> None:
    incident = await declared(store)
    _, entry = await timelines.add_note(by(BEN), incident.id, NOTE)
    clock.advance()
    await timelines.edit(by(BEN), seen(incident, entry), Note("First"))

    with pytest.raises(EntryEdited):
        await timelines.edit(by(BEN), seen(incident, entry), Note("Second"))
    with pytest.raises(EntryEdited):
        await timelines.remove(by(BEN), seen(incident, entry))


async def test_an_edit_that_changes_nothing_is_refused(
    store: IncidentStore, timelines: Timelines
) -> None:
    incident = await declared(store)
    _, entry = await timelines.add_note(by(BEN), incident.id, NOTE)

    with pytest.raises(NothingToChange):
        await timelines.edit(by(BEN), seen(incident, entry), Note("Rolled back", NOON))


async def test_what_is_removed_is_gone(store: IncidentStore, timelines: Timelines) -> None:
    incident = await declared(store)
    _, entry = await timelines.add_note(by(BEN), incident.id, NOTE)
    await timelines.remove(by(BEN), seen(incident, entry))

    with pytest.raises(EntryGone):
        await timelines.remove(by(BEN), seen(incident, entry))
    with pytest.raises(EntryGone):
        await timelines.entry(seen(incident, entry), A_VIEWER)


async def test_an_entry_is_found_in_its_own_incident_alone(
    store: IncidentStore, timelines: Timelines
) -> None:
    incident, other = await declared(store), await declared(store)
    _, entry = await timelines.add_note(by(BEN), incident.id, NOTE)

    with pytest.raises(EntryGone):
        await timelines.remove(by(BEN), seen(other, entry))


async def test_notes_make_nothing_stale(store: IncidentStore, timelines: Timelines) -> None:
    incident = await declared(store)
    await timelines.add_note(by(BEN), incident.id, NOTE)
    resolved = await store.take(by(ANA), incident.id, Step.RESOLVE, incident.version)
    await timelines.add_note(by(BEN), incident.id, NOTE)

    with pytest.raises(AlreadyInStatus):
        await store.take(by(ANA), incident.id, Step.RESOLVE, resolved.version)
    with pytest.raises(ChangedMeanwhile) as refusal:
        await store.patch(by("ci"), incident.id, Patch(title="New"), [incident.version])
    assert refusal.value.entry.kind is EntryKind.RESOLVED
    await store.patch(by("ci"), incident.id, Patch(title="New"), [resolved.version])


async def test_a_message_is_pinned_once(
    store: IncidentStore, timelines: Timelines, rows: Rows
) -> None:
    incident = await declared(store)
    announce(rows)

    pinned = [await timelines.pin(by(who), a_message(), "1001.000000") for who in (BEN, ANA)]

    assert pinned == [True, False]
    entry = (await store.timeline(incident.id, A_VIEWER))[-1]
    assert (entry.kind, entry.actor, entry.author) == (EntryKind.PINNED, BEN, CARA)
    assert (entry.text, entry.happened_at, entry.at) == ("It is the cache", after(1), NOON)
    assert entry.permalink == "https://example.slack.com/archives/C0INC/p1002"
    assert await timelines.is_pinned("C0INC", "1002.000000")


async def test_messages_pinned_at_the_same_time_are_pinned_once(
    store: IncidentStore, timelines: Timelines, rows: Rows
) -> None:
    await declared(store)
    announce(rows)

    pinned = await asyncio.gather(
        *(timelines.pin(by(who), a_message(), "1001.000000") for who in (ANA, BEN, CARA))
    )

    assert sorted(pinned) == [False, False, True]
    assert rows.count("timeline_entries") == 2


async def test_a_message_that_nobody_pins_any_more_can_be_pinned_again(
    store: IncidentStore, timelines: Timelines, rows: Rows
) -> None:
    incident = await declared(store)
    announce(rows)
    await timelines.pin(by(BEN), a_message(), "1001.000000")

    await timelines.unpin("C0INC", "1002.000000")

    assert not await timelines.is_pinned("C0INC", "1002.000000")
    assert await texts(timelines, incident) == ["declared"]
    assert await timelines.pin(by(ANA), a_message(), "1001.000000")
    assert await texts(timelines, incident) == ["It is the cache", "declared"]


async def test_a_message_of_another_thread_is_in_no_timeline(
    store: IncidentStore, timelines: Timelines, rows: Rows
) -> None:
    incident = await declared(store)
    assert not await timelines.has_incident_in("C0INC")
    announce(rows)

    assert await timelines.has_incident_in("C0INC")
    assert not await timelines.pin(by(BEN), a_message(), "1001.000001")
    await store.delete(by(CARA), incident.id)
    assert not await timelines.pin(by(BEN), a_message(), "1001.000000")
    assert not await timelines.has_incident_in("C0INC")


async def test_an_event_that_slack_sends_again_pins_nothing_anew(
    store: IncidentStore, timelines: Timelines, rows: Rows
) -> None:
    await declared(store)
    announce(rows)
    await timelines.pin(by(BEN, "event:Ev1"), a_message(), "1001.000000")
    await timelines.unpin("C0INC", "1002.000000")

    with pytest.raises(IncidentError):
        await timelines.pin(by(BEN, "event:Ev1"), a_message(), "1001.000000")


async def test_a_page_past_a_full_last_page_is_that_one(
    store: IncidentStore, timelines: Timelines
) -> None:
    incident = await declared(store)
    for number in range(3):
        await timelines.add_note(by(BEN), incident.id, Note(str(number)))

    page = await timelines.page(incident.id, 99, 2, A_VIEWER)

    assert (page.number, len(page.entries), page.total) == (1, 2, 4)
