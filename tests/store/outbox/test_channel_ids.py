"""A channel that gets another ID: everything goes on under that one, or nothing does there."""

from collections.abc import Sequence

import pytest

from incident_bot.domain.actors import BOT, EVERYTHING
from incident_bot.domain.declaration import OriginMessage
from incident_bot.domain.edits import ProgressUpdate
from incident_bot.domain.incident import SHARED, Incident
from incident_bot.domain.note import PinnedMessage
from incident_bot.domain.status import Step
from incident_bot.domain.timeline import EntryKind
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.channels import IncidentChannels
from incident_bot.store.engine.database import Database
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.notes import Timelines
from incident_bot.store.outbox.deliveries import Delivery
from incident_bot.store.outbox.operations import Operation
from incident_bot.store.rows.tables import metadata
from tests.databases import Rows
from tests.factories import A_VIEWER, ANA, BEN, CARA, INCIDENTS, NOON, Clock, a_declaration, by

OLD = "G0OLD"
NEW = "C0NEW"
LINK = "https://example.slack.com/archives/{}/p1001"
PINNED = PinnedMessage(OLD, "1002.000000", CARA, "It is the cache", NOON, LINK.format(OLD))


@pytest.fixture
def channels(database: Database, clock: Clock) -> IncidentChannels:
    return IncidentChannels(database, clock)


async def worked_on_there(
    store: IncidentStore, outbox: Outbox, clock: Clock, *, is_private: bool = False
) -> Incident:
    """What Cara declared and is worked on in the channel, in which nothing is said yet."""
    declaration = a_declaration(wants_channel=True, is_private=is_private)
    incident = await store.declare(by(CARA), declaration, [INCIDENTS])
    for delivery in await outbox.claim(clock(), 9, 9):
        if delivery.operation is Operation.CHANNEL:
            await outbox.channel_made(delivery, OLD, "inc-1-checkout", clock())
        else:
            await outbox.sent(delivery, "C0INC", "1.1", clock())
    return await store.get(incident.id, EVERYTHING)


async def declared_there(store: IncidentStore) -> Incident:
    """What Cara declared in the channel."""
    return await store.declare(by(CARA), a_declaration(), [INCIDENTS, OLD])


async def done(outbox: Outbox, clock: Clock) -> Sequence[Delivery]:
    """Do all that waits; gives it."""
    every: list[Delivery] = []
    while claimed := await outbox.claim(clock(), 9, 9):
        every += claimed
        for delivery in claimed:
            if delivery.operation.is_message:
                # An edit does not make another message of an announcement.
                is_card = delivery.operation is Operation.ANNOUNCEMENT
                number = delivery.incident_id if is_card else delivery.id
                await outbox.sent(delivery, delivery.destination, f"{number}.7", clock())
            else:
                await outbox.done(delivery, clock())
    return every


def waiting(rows: Rows) -> list[tuple[str, str, str]]:
    """Kind, destination and lane of what waits or was given up."""
    return rows.query(
        "SELECT operation, destination, lane FROM outbox WHERE state IN ('pending', 'failed') "
        "ORDER BY id"
    )


def tables_with(rows: Rows, channel_id: str) -> set[str]:
    """The tables in which the ID stands anywhere, but for what was sent."""
    unsent = " WHERE state NOT IN ('sent', 'discarded')"
    return {
        name
        for name in metadata.tables
        if channel_id in str(rows.query(f"SELECT * FROM {name}{unsent * (name == 'outbox')}"))  # noqa: S608 - ours
    }


async def test_everything_that_is_stored_of_a_channel_goes_on_under_its_new_id(
    store: IncidentStore,
    outbox: Outbox,
    clock: Clock,
    database: Database,
    channels: IncidentChannels,
    rows: Rows,
) -> None:
    incident = await worked_on_there(store, outbox, clock)
    await declared_there(store)
    await store.declare(by(CARA), a_declaration(), [INCIDENTS], OriginMessage(OLD, "100.1"))
    for delivery in await outbox.claim(clock(), 9, 9):
        if delivery.operation is Operation.ANNOUNCEMENT:
            await outbox.sent(delivery, delivery.destination, f"{delivery.id}.5", clock())
            await outbox.messages.keep_permalink(delivery, LINK.format(delivery.destination))
        elif delivery.operation is Operation.ORIGIN:
            await outbox.sent(delivery, delivery.destination, f"{delivery.id}.5", clock())
        else:
            await outbox.failed(delivery, "no", clock())
    await Timelines(database, clock).pin(by(BEN), PINNED, None)
    await store.post_update(by(ANA), incident.id, ProgressUpdate(message="Rolled back"))
    await done(outbox, clock)
    await store.take(by(ANA), incident.id, Step.ACKNOWLEDGE)
    before = tables_with(rows, OLD)

    await channels.moved(OLD, NEW, is_shared=False)

    assert before == {
        "incidents",
        "announcements",
        "notifications",
        "origins",
        "outbox",
        "timeline_entries",
    }
    assert (tables_with(rows, OLD), tables_with(rows, NEW)) == (set(), before)


async def test_what_waits_goes_out_there_in_its_order(
    store: IncidentStore, outbox: Outbox, clock: Clock, channels: IncidentChannels, rows: Rows
) -> None:
    incident = await worked_on_there(store, outbox, clock)
    await done(outbox, clock)
    await store.take(by(ANA), incident.id, Step.ACKNOWLEDGE)
    before = waiting(rows)

    await channels.moved(OLD, NEW, is_shared=False)

    assert waiting(rows) == [
        (kind, there.replace(OLD, NEW), lane.replace(OLD, NEW)) for kind, there, lane in before
    ]
    told = {
        (one.operation, one.is_post) for one in await done(outbox, clock) if one.destination == NEW
    }
    assert told == {
        (Operation.ANNOUNCEMENT, False),
        (Operation.NOTIFICATION, True),
        (Operation.TOPIC, False),
        (Operation.INVITATION, False),
    }


async def test_the_announcement_elsewhere_shows_the_channel_by_its_new_id(
    store: IncidentStore, outbox: Outbox, clock: Clock, channels: IncidentChannels
) -> None:
    incident = await worked_on_there(store, outbox, clock)
    await done(outbox, clock)

    await channels.moved(OLD, NEW, is_shared=False)

    after = await store.get(incident.id, EVERYTHING)
    assert (after.open_channel_id, after.updated_at) == (NEW, incident.updated_at)
    assert after.version > incident.version
    assert {(one.operation, one.destination) for one in await done(outbox, clock)} == {
        (Operation.ANNOUNCEMENT, INCIDENTS),
        (Operation.ANNOUNCEMENT, NEW),
    }


@pytest.mark.parametrize("is_shared", [True, False])
async def test_what_slack_tells_twice_or_of_an_unknown_channel_changes_nothing(
    store: IncidentStore,
    outbox: Outbox,
    clock: Clock,
    channels: IncidentChannels,
    rows: Rows,
    *,
    is_shared: bool,
) -> None:
    await worked_on_there(store, outbox, clock)
    await declared_there(store)
    await channels.moved(OLD, NEW, is_shared=is_shared)
    before = [rows.of(name) for name in sorted(metadata.tables)]

    await channels.moved(OLD, NEW, is_shared=is_shared)
    await channels.moved("G0UNKNOWN", "C0ANY", is_shared=is_shared)

    assert [rows.of(name) for name in sorted(metadata.tables)] == before


async def test_who_leaves_a_private_channel_is_noticed_under_its_new_id(
    store: IncidentStore, outbox: Outbox, clock: Clock, channels: IncidentChannels
) -> None:
    incident = await worked_on_there(store, outbox, clock, is_private=True)
    await store.add_responder(by(CARA), incident.id, BEN)
    await done(outbox, clock)

    await channels.moved(OLD, NEW, is_shared=True)
    await channels.left(NEW, BEN)

    assert await channels.is_private(NEW)
    assert list(await store.responders(incident.id)) == []


async def test_an_own_channel_that_is_shared_is_told_nothing_more(
    store: IncidentStore, outbox: Outbox, clock: Clock, channels: IncidentChannels
) -> None:
    incident = await worked_on_there(store, outbox, clock)
    await store.take(by(ANA), incident.id, Step.ACKNOWLEDGE)

    await channels.moved(OLD, NEW, is_shared=True)
    await store.set_severity(by(ANA), incident.id, "Low")

    after = await store.get(incident.id, EVERYTHING)
    assert (after.channel_id, after.open_channel_id) == (NEW, None)
    assert await channels.is_closed_as_shared(NEW)
    [closed] = [
        entry
        for entry in await store.timeline(incident.id, A_VIEWER)
        if entry.kind is EntryKind.CHANNEL_CLOSED
    ]
    assert (closed.actor, closed.text) == (BOT, SHARED)
    assert {one.destination for one in await done(outbox, clock)} == {INCIDENTS}


async def test_who_was_being_invited_when_a_channel_was_shared_was_not_let_in(
    store: IncidentStore, outbox: Outbox, clock: Clock, channels: IncidentChannels, rows: Rows
) -> None:
    incident = await worked_on_there(store, outbox, clock, is_private=True)
    await done(outbox, clock)
    await store.add_responder(by(CARA), incident.id, BEN)

    await channels.moved(OLD, NEW, is_shared=True)

    assert rows.of("uninvited") == [(incident.id, BEN)]


async def test_a_channel_that_was_closed_before_stays_closed_for_being_shared(
    store: IncidentStore, outbox: Outbox, clock: Clock, channels: IncidentChannels
) -> None:
    await worked_on_there(store, outbox, clock)
    await channels.closed(OLD, ANA)
    assert not await channels.is_closed_as_shared(OLD)

    await channels.moved(OLD, NEW, is_shared=True)

    assert await channels.is_closed_as_shared(NEW)


async def test_a_channel_that_is_opened_again_is_not_closed_for_being_shared(
    store: IncidentStore, outbox: Outbox, clock: Clock, channels: IncidentChannels
) -> None:
    await worked_on_there(store, outbox, clock)
    await channels.moved(OLD, NEW, is_shared=True)

    await channels.opened(NEW, ANA)

    assert not await channels.is_closed_as_shared(NEW)
    assert not await channels.is_closed_as_shared("C0UNKNOWN")


async def test_a_shared_channel_that_waits_to_be_archived_is(
    store: IncidentStore, outbox: Outbox, clock: Clock, channels: IncidentChannels
) -> None:
    incident = await worked_on_there(store, outbox, clock)
    await store.take(by(ANA), incident.id, Step.RESOLVE)
    await channels.archive(by(ANA), incident.id)

    await channels.moved(OLD, NEW, is_shared=True)

    told = [(one.operation, one.destination) for one in await done(outbox, clock)]
    assert [one for one in told if one[1] != INCIDENTS] == [(Operation.ARCHIVING, NEW)]


async def test_the_channel_of_a_deleted_incident_only_gets_its_new_id(
    store: IncidentStore, outbox: Outbox, clock: Clock, channels: IncidentChannels, rows: Rows
) -> None:
    incident = await worked_on_there(store, outbox, clock)
    await store.delete(by(CARA), incident.id)
    entries = rows.count("timeline_entries")

    await channels.moved(OLD, NEW, is_shared=True)

    assert rows.of("incidents", "channel_id") == [(NEW,)]
    assert rows.count("timeline_entries") == entries


async def test_a_channel_in_which_it_was_declared_is_told_nothing_more_once_it_is_shared(
    store: IncidentStore, outbox: Outbox, clock: Clock, channels: IncidentChannels, rows: Rows
) -> None:
    incident = await declared_there(store)
    await done(outbox, clock)
    await store.take(by(ANA), incident.id, Step.ACKNOWLEDGE)

    await channels.moved(OLD, NEW, is_shared=True)
    await store.set_severity(by(ANA), incident.id, "Low")

    assert {one.destination for one in await done(outbox, clock)} == {INCIDENTS}
    assert rows.of("announcements", "destination") == [(INCIDENTS,)]


async def test_a_reply_in_a_channel_that_is_shared_is_not_edited_any_more(
    store: IncidentStore, outbox: Outbox, clock: Clock, channels: IncidentChannels
) -> None:
    await store.declare(by(CARA), a_declaration(), [INCIDENTS], OriginMessage(OLD, "100.1"))
    claimed = {one.operation: one for one in await outbox.claim(clock(), 9, 9)}
    await outbox.sent(claimed[Operation.ORIGIN], OLD, "1.5", clock())

    await channels.moved(OLD, NEW, is_shared=True)
    await outbox.sent(claimed[Operation.ANNOUNCEMENT], "C0INC", "1.6", clock())

    assert await outbox.claim(clock(), 9, 9) == ()


async def test_what_was_being_posted_meanwhile_is_edited_under_the_new_id(
    store: IncidentStore, outbox: Outbox, clock: Clock, channels: IncidentChannels, rows: Rows
) -> None:
    await declared_there(store)
    claimed = await outbox.claim(clock(), 9, 9)
    [posting] = [one for one in claimed if one.destination == OLD]

    await channels.moved(OLD, NEW, is_shared=False)
    await outbox.sent(posting, OLD, "1.5", clock())

    placed = rows.of("announcements", "destination, channel_id, message_ts")
    assert (NEW, NEW, "1.5") in placed


@pytest.mark.parametrize("is_refused", [True, False])
async def test_what_the_old_id_did_not_take_meanwhile_is_tried_under_the_new_one(
    store: IncidentStore,
    outbox: Outbox,
    clock: Clock,
    channels: IncidentChannels,
    *,
    is_refused: bool,
) -> None:
    await declared_there(store)
    claimed = await outbox.claim(clock(), 9, 9)
    [posting] = [one for one in claimed if one.destination == OLD]

    await channels.moved(OLD, NEW, is_shared=False)
    if is_refused:
        await outbox.failed(posting, "it is announced there no longer", clock())
    else:
        await outbox.forget_destination(posting, "channel_not_found", clock())

    [again] = await outbox.claim(clock(), 9, 9)
    assert (again.id, again.destination, again.is_post) == (posting.id, NEW, True)
