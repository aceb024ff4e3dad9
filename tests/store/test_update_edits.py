"""An update is edited: what it says, and what was told of it, wherever that is by then."""

import asyncio
import itertools

import pytest

from incident_bot.domain.actors import EVERYTHING
from incident_bot.domain.edits import ProgressUpdate
from incident_bot.domain.errors import (
    EntryEdited,
    EntryGone,
    IncidentNotFound,
    NotAllowed,
    NothingToChange,
    RepeatedRequest,
)
from incident_bot.domain.incident import Incident
from incident_bot.domain.note import Note
from incident_bot.domain.timeline import EntryKind
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.case import SeenVersion
from incident_bot.store.channels import IncidentChannels
from incident_bot.store.engine.database import Database
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.notes import Timelines
from incident_bot.store.outbox.contents import Content
from incident_bot.store.outbox.deliveries import Delivery
from incident_bot.store.outbox.undelivered import Undelivered
from incident_bot.store.undo import Undoing
from tests.databases import Rows
from tests.factories import (
    A_VIEWER,
    ANA,
    BEN,
    CARA,
    GUS,
    INCIDENTS,
    NOON,
    Clock,
    a_declaration,
    after,
    by,
)

OPS = "C0OPS"
OWN = "C0OWN"
SOON = after(600)
"""By then all that waits is due."""


@pytest.fixture
def channels(database: Database, clock: Clock) -> IncidentChannels:
    return IncidentChannels(database, clock)


async def claim(outbox: Outbox) -> tuple[Delivery, ...]:
    return await outbox.claim(SOON, 64, 64)


async def claim_edits(outbox: Outbox) -> list[Delivery]:
    """What edits notifications and direct messages, of all that is due."""
    return [delivery for delivery in await claim(outbox) if delivery.is_edit_of_entry]


async def deliver(outbox: Outbox) -> None:
    """Send all that can be sent, to where it is said to be."""
    while claimed := await claim(outbox):
        for delivery in claimed:
            await note_sent(outbox, delivery)


async def note_sent(outbox: Outbox, delivery: Delivery) -> None:
    if not delivery.operation.is_message:
        await outbox.done(delivery, NOON)
    else:
        place = f"in {delivery.destination}", f"{delivery.id}.000001"
        await outbox.sent(delivery, *place, NOON)


async def content_of(outbox: Outbox, delivery: Delivery) -> Content:
    content = await outbox.messages.content(delivery)
    assert content is not None
    return content


async def announced(store: IncidentStore, outbox: Outbox, *destinations: str) -> Incident:
    incident = await store.declare(by(CARA), a_declaration(), destinations or (INCIDENTS,))
    await deliver(outbox)
    return incident


async def has_channel(store: IncidentStore, outbox: Outbox, *, is_private: bool) -> None:
    declaration = a_declaration(wants_channel=True, is_private=is_private)
    await store.declare(by(CARA), declaration, [INCIDENTS])
    for delivery in await claim(outbox):
        if delivery.operation == "channel":
            await outbox.channel_made(delivery, OWN, "inc-1", NOON)
        else:
            await note_sent(outbox, delivery)
    await deliver(outbox)


async def ben_writes(store: IncidentStore, message: str = "Rolled bakc") -> None:
    """Ben writes one."""
    await store.post_update(by(BEN), 1, ProgressUpdate(message=message))


async def seen(store: IncidentStore, message: str = "Rolled bakc") -> SeenVersion:
    """The update as it is now."""
    entries = await store.timeline(1, EVERYTHING)
    [entry] = [one for one in entries if one.text == message]
    assert entry.id is not None
    return SeenVersion(1, entry.id, entry.edited_at)


async def ben_edits(
    store: IncidentStore, before: str = "Rolled bakc", then: str = "Rolled back"
) -> int:
    """Give the ID of the update."""
    version = await seen(store, before)
    await store.edit_update(by(BEN), version, then)
    return version.entry_id


async def test_an_edit_changes_the_update_and_leaves_its_own_entry(
    store: IncidentStore, outbox: Outbox, clock: Clock
) -> None:
    await announced(store, outbox)
    await ben_writes(store)
    clock.advance(60)

    await ben_edits(store)

    incident = await store.get(1, A_VIEWER)
    *_, told, record = await store.timeline(1, A_VIEWER)
    assert (told.text, told.edited_at, told.at) == ("Rolled back", after(1), NOON)
    assert (record.kind, record.before, record.after) == (
        EntryKind.UPDATE_EDITED,
        "Rolled bakc",
        "Rolled back",
    )
    assert (record.actor, record.version) == (BEN, incident.version)
    assert (incident.latest_update, incident.latest_update_at) == ("Rolled back", NOON)


async def test_an_edit_of_an_older_update_leaves_the_latest_to_show(
    store: IncidentStore, outbox: Outbox, clock: Clock
) -> None:
    await announced(store, outbox)
    await ben_writes(store)
    clock.advance(60)
    await ben_writes(store, "It is over")

    await ben_edits(store)

    assert (await store.get(1, A_VIEWER)).latest_update == "It is over"


async def test_an_edit_undoes_no_other_person_s(
    store: IncidentStore, outbox: Outbox, rows: Rows, clock: Clock
) -> None:
    await announced(store, outbox)
    await ben_writes(store)
    version = await seen(store)
    clock.advance(60)
    await store.edit_update(by(BEN), version, "First")

    with pytest.raises(EntryEdited):
        await store.edit_update(by(BEN, "view:2"), version, "Second")

    assert (await store.get(1, A_VIEWER)).latest_update == "First"
    assert rows.count("requests") == 0


async def test_edits_at_the_same_time_are_made_one_after_the_other(
    store: IncidentStore, outbox: Outbox, rows: Rows
) -> None:
    await announced(store, outbox)
    await ben_writes(store)
    version = await seen(store)

    outcomes = await asyncio.gather(
        *(store.edit_update(by(BEN), version, f"Number {number}") for number in range(4)),
        return_exceptions=True,
    )

    assert sum(isinstance(outcome, EntryEdited) for outcome in outcomes) == 3
    assert rows.query("SELECT count(*) FROM timeline_entries WHERE kind = 'update edited'") == [
        (1,)
    ]


async def test_what_cannot_be_edited_changes_nothing(
    store: IncidentStore, outbox: Outbox, database: Database, clock: Clock, rows: Rows
) -> None:
    await announced(store, outbox)
    await ben_writes(store)
    _, note = await Timelines(database, clock).add_note(by(BEN), 1, Note("Began"))
    version, before = await seen(store), rows.counts()
    assert note.id is not None

    for actor, of, text, refusal in (
        (CARA, version, "Mine", NotAllowed),
        (BEN, version, "Rolled bakc", NothingToChange),
        (BEN, SeenVersion(1, note.id, None), "Ended", NotAllowed),
        (BEN, SeenVersion(1, 99, None), "Gone", EntryGone),
        (BEN, SeenVersion(99, version.entry_id, None), "Elsewhere", IncidentNotFound),
    ):
        with pytest.raises(refusal):
            await store.edit_update(by(actor, "view:1"), of, text)

    assert rows.counts() == before


async def test_an_update_is_not_taken_for_a_note(
    store: IncidentStore, outbox: Outbox, database: Database, clock: Clock
) -> None:
    await announced(store, outbox)
    await ben_writes(store)
    timelines, version = Timelines(database, clock), await seen(store)

    with pytest.raises(NotAllowed):
        await timelines.edit(by(BEN), version, Note("Rolled back", after(-5)))
    with pytest.raises(NotAllowed):
        await timelines.remove(by(BEN), version)


async def test_a_form_that_is_sent_again_edits_once(
    store: IncidentStore, outbox: Outbox, rows: Rows
) -> None:
    await announced(store, outbox)
    await ben_writes(store)
    version = await seen(store)
    await store.edit_update(by(BEN, "view:1"), version, "Rolled back")
    before = rows.counts()

    with pytest.raises(RepeatedRequest):
        await store.edit_update(by(BEN, "view:1"), version, "Rolled back")

    assert rows.counts() == before


async def test_what_was_told_is_edited_wherever_it_is(
    store: IncidentStore, outbox: Outbox, rows: Rows
) -> None:
    await announced(store, outbox, INCIDENTS, OPS)
    await store.follow(1, GUS)
    await store.follow(1, BEN)
    await ben_writes(store)
    await deliver(outbox)
    places = dict(rows.of("notifications", "destination, message_ts"))
    assert places.keys() == {INCIDENTS, OPS, GUS}

    await ben_edits(store)
    edits = {delivery.destination: delivery for delivery in await claim_edits(outbox)}

    assert edits.keys() == places.keys()
    for destination, delivery in edits.items():
        content = await content_of(outbox, delivery)
        assert (content.channel_id, content.message_ts) == (
            f"in {destination}",
            places[destination],
        )
        assert content.entry is not None
        assert (content.entry.kind, content.entry.text) == (EntryKind.UPDATE_POSTED, "Rolled back")
    assert {edit.destination: edit.operation for edit in edits.values()} == {
        INCIDENTS: "notification",
        OPS: "notification",
        GUS: "direct",
    }


async def test_with_what_was_told_the_announcements_are_edited(
    store: IncidentStore, outbox: Outbox
) -> None:
    await announced(store, outbox)
    await ben_writes(store)
    await deliver(outbox)

    await ben_edits(store)

    assert sorted((one.operation, one.is_post) for one in await claim(outbox)) == [
        ("announcement", False),
        ("notification", False),
    ]


async def test_an_edit_is_in_nobody_s_way_and_adds_no_place(
    store: IncidentStore, outbox: Outbox, rows: Rows
) -> None:
    await announced(store, outbox)
    await ben_writes(store)
    await deliver(outbox)
    places = rows.of("notifications")
    await ben_edits(store)
    await store.set_severity(by(ANA), 1, "Low")

    claimed = await claim(outbox)
    assert sorted(one.lane for one in claimed if one.operation == "notification") == [
        INCIDENTS,
        f"{INCIDENTS}/entry/2",
    ]
    for delivery in claimed:
        if delivery.is_edit_of_entry:
            await note_sent(outbox, delivery)
    assert rows.of("notifications") == places


async def test_a_post_that_waits_tells_the_new_words_itself(
    store: IncidentStore, outbox: Outbox, rows: Rows
) -> None:
    await announced(store, outbox)
    await store.follow(1, GUS)
    await ben_writes(store)
    waiting = rows.count("outbox")

    await ben_edits(store)

    assert rows.count("outbox") == waiting
    told = [delivery for delivery in await claim(outbox) if delivery.operation.is_of_entry]
    for delivery in told:
        entry = (await content_of(outbox, delivery)).entry
        assert entry is not None
        assert (delivery.is_post, entry.text, entry.edited_at) == (True, "Rolled back", NOON)
    assert [delivery.destination for delivery in told] == [INCIDENTS, GUS]


async def test_after_a_post_that_is_being_sent_comes_the_edit(
    store: IncidentStore, outbox: Outbox
) -> None:
    await announced(store, outbox)
    await store.follow(1, GUS)
    await ben_writes(store)
    posts = [delivery for delivery in await claim(outbox) if delivery.is_post]

    await ben_edits(store)

    for post in posts:
        assert await claim_edits(outbox) == []
        assert await outbox.next_due(64, 64) is None
        await note_sent(outbox, post)
        [edit] = await claim_edits(outbox)
        assert (edit.operation, edit.destination) == (post.operation, post.destination)
        assert (await content_of(outbox, edit)).message_ts == f"{post.id}.000001"
        await note_sent(outbox, edit)


async def test_after_a_post_that_may_be_there_comes_the_edit(
    store: IncidentStore, outbox: Outbox
) -> None:
    """It is found as it was, or posted with the new words: then the edit changes nothing."""
    await announced(store, outbox)
    await ben_writes(store)
    [post] = [delivery for delivery in await claim(outbox) if delivery.is_post]
    await outbox.put_back(post, NOON, "no answer", is_uncertain=True)

    await ben_edits(store)

    [again] = await claim(outbox)
    assert (again.id, again.is_uncertain) == (post.id, True)
    await note_sent(outbox, again)
    [edit] = await claim_edits(outbox)
    assert (await content_of(outbox, edit)).message_ts == f"{post.id}.000001"


async def test_a_post_that_surely_did_not_get_there_needs_no_edit(
    store: IncidentStore, outbox: Outbox
) -> None:
    await announced(store, outbox)
    await ben_writes(store)
    [post] = [delivery for delivery in await claim(outbox) if delivery.is_post]
    await outbox.put_back(post, NOON, "Slack cannot be reached", is_uncertain=False)

    await ben_edits(store)

    assert [delivery.id for delivery in await claim(outbox)] == [post.id]


async def test_what_was_never_posted_has_no_place_to_edit(
    store: IncidentStore, outbox: Outbox
) -> None:
    await announced(store, outbox)
    await ben_writes(store)
    [post] = [delivery for delivery in await claim(outbox) if delivery.is_post]
    await ben_edits(store)

    await outbox.failed(post, "msg_too_long", NOON)

    [edit] = await claim_edits(outbox)
    content = await content_of(outbox, edit)
    assert (content.channel_id, content.message_ts) == (None, None)


async def test_what_failed_before_needs_no_edit(
    store: IncidentStore, outbox: Outbox, database: Database, clock: Clock
) -> None:
    await announced(store, outbox)
    await ben_writes(store)
    [post] = [delivery for delivery in await claim(outbox) if delivery.is_post]
    await outbox.failed(post, "msg_too_long", NOON)

    await ben_edits(store)

    assert await claim_edits(outbox) == []
    await Undelivered(database, clock, lambda: None).retry([post.id])
    [again] = await claim(outbox)
    entry = (await content_of(outbox, again)).entry
    assert entry is not None
    assert entry.text == "Rolled back"


async def test_edits_that_wait_become_one(store: IncidentStore, outbox: Outbox, rows: Rows) -> None:
    await announced(store, outbox)
    await ben_writes(store)
    await deliver(outbox)
    await ben_edits(store)
    waiting = rows.count("outbox")

    await ben_edits(store, "Rolled back", "Rolled back twice")

    assert rows.count("outbox") == waiting
    [edit] = await claim_edits(outbox)
    entry = (await content_of(outbox, edit)).entry
    assert entry is not None
    assert entry.text == "Rolled back twice"


async def test_an_edit_on_its_way_does_not_swallow_the_next(
    store: IncidentStore, outbox: Outbox
) -> None:
    await announced(store, outbox)
    await ben_writes(store)
    await deliver(outbox)
    await ben_edits(store)
    [first] = await claim_edits(outbox)

    await ben_edits(store, "Rolled back", "Rolled back twice")

    assert await claim_edits(outbox) == []
    await note_sent(outbox, first)
    assert len(await claim_edits(outbox)) == 1


async def test_two_updates_are_edited_each_in_its_own_lane(
    store: IncidentStore, outbox: Outbox
) -> None:
    await announced(store, outbox)
    await ben_writes(store, "One")
    await ben_writes(store, "Two")
    await deliver(outbox)

    ids = {await ben_edits(store, words, f"{words}, edited") for words in ("One", "Two")}

    assert {delivery.entry_id for delivery in await claim_edits(outbox)} == ids


async def test_whoever_is_told_nothing_more_is_not_told_of_an_edit(
    store: IncidentStore, outbox: Outbox, rows: Rows
) -> None:
    await announced(store, outbox, INCIDENTS, OPS)
    await ben_writes(store)
    await deliver(outbox)
    rows.execute(f"DELETE FROM announcements WHERE destination = '{OPS}'")  # noqa: S608 - ours

    await ben_edits(store)

    assert [delivery.destination for delivery in await claim_edits(outbox)] == [INCIDENTS]


async def test_an_edit_that_waits_is_dropped_with_its_destination(
    store: IncidentStore, outbox: Outbox
) -> None:
    await announced(store, outbox, OPS)
    await ben_writes(store)
    await deliver(outbox)
    await ben_edits(store)
    announcement, edit = await claim(outbox)
    await outbox.put_back(edit, NOON, None, is_uncertain=False)

    await outbox.forget_destination(announcement, "not in the channel", NOON)

    assert await claim(outbox) == ()


async def test_an_edit_under_way_leaves_no_doubt_about_the_thread(
    store: IncidentStore, outbox: Outbox
) -> None:
    """What may have been edited already is where it was: nothing can be posted twice."""
    await announced(store, outbox)
    await ben_writes(store)
    await deliver(outbox)
    await ben_edits(store)
    [edit] = await claim_edits(outbox)

    await outbox.put_back(edit, NOON, "no answer", is_uncertain=True)

    assert not await outbox.messages.is_thread_in_doubt(edit)


async def test_in_the_incident_s_own_channel_it_is_edited_too(
    store: IncidentStore, outbox: Outbox
) -> None:
    await has_channel(store, outbox, is_private=False)
    await ben_writes(store)
    await deliver(outbox)

    await ben_edits(store)

    told = {delivery.destination for delivery in await claim_edits(outbox)}
    assert told == {INCIDENTS, OWN}


async def test_in_a_closed_channel_nothing_is_edited_until_it_is_opened(
    store: IncidentStore, outbox: Outbox, channels: IncidentChannels
) -> None:
    await has_channel(store, outbox, is_private=False)
    await ben_writes(store)
    await ben_writes(store, "Never edited")
    await deliver(outbox)
    await channels.closed(OWN, ANA)

    entry_id = await ben_edits(store)
    closed = await claim(outbox)
    await channels.opened(OWN, ANA)
    opened = [one for one in await claim_edits(outbox) if one.destination == OWN]

    assert OWN not in {delivery.destination for delivery in closed}
    assert [delivery.entry_id for delivery in opened] == [entry_id]


async def test_of_a_private_incident_its_people_alone_see_the_edit(
    store: IncidentStore, outbox: Outbox, channels: IncidentChannels
) -> None:
    await has_channel(store, outbox, is_private=True)
    for person in (BEN, GUS):
        await channels.entered(OWN, person, CARA)
    await store.follow(1, GUS)
    await ben_writes(store)
    await deliver(outbox)
    await channels.left(OWN, GUS)
    await deliver(outbox)
    version = await seen(store)

    with pytest.raises(IncidentNotFound):
        await store.edit_update(by(GUS), version, "Forged")
    await store.edit_update(by(BEN), version, "Rolled back")

    contents = {
        delivery.destination: await outbox.messages.content(delivery)
        for delivery in await claim_edits(outbox)
    }
    assert contents.keys() == {OWN, GUS}
    assert contents[GUS] is None
    assert contents[OWN] is not None


async def test_whatever_is_edited_while_it_is_posted_shows_the_new_words_in_the_end(
    store: IncidentStore, outbox: Outbox
) -> None:
    await announced(store, outbox, *(f"C{number}" for number in range(8)))
    await store.follow(1, GUS)
    await ben_writes(store)
    shown: dict[str | None, str | None] = {}

    async def send(times: int) -> None:
        for _ in range(times):
            for delivery in await outbox.claim(SOON, 1, 8):
                content = await content_of(outbox, delivery)
                if delivery.operation.is_of_entry:
                    assert content.entry is not None
                    is_post = delivery.is_post
                    message_ts = f"{delivery.id}.000001" if is_post else content.message_ts
                    shown[message_ts] = content.entry.text
                await note_sent(outbox, delivery)

    async def edit_often() -> None:
        words = ["Rolled bakc", *map(str, range(12))]
        for before, then in itertools.pairwise(words):
            await ben_edits(store, before, then)

    await asyncio.gather(send(15), send(15), edit_often())
    await send(60)

    assert len(shown) == 9
    assert set(shown.values()) == {"11"}


async def test_what_was_undone_while_a_channel_was_closed_is_edited_when_it_is_opened(
    store: IncidentStore,
    outbox: Outbox,
    channels: IncidentChannels,
    database: Database,
    clock: Clock,
) -> None:
    await has_channel(store, outbox, is_private=False)
    await store.set_severity(by(BEN), 1, "Low")
    await deliver(outbox)
    changed = (await store.timeline(1, EVERYTHING))[-1]
    await channels.closed(OWN, ANA)

    await Undoing(database, clock).undo(by(BEN), 1, changed.id or 0)
    await deliver(outbox)
    await channels.opened(OWN, ANA)

    opened = [one for one in await claim_edits(outbox) if one.destination == OWN]
    assert [delivery.entry_id for delivery in opened] == [changed.id]
