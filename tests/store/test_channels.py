"""Channels of incidents in the database: begun, followed, closed, archived."""

from collections.abc import Sequence

import pytest

from incident_bot.domain.actors import EVERYTHING
from incident_bot.domain.audience import Reason
from incident_bot.domain.edits import Patch, ProgressUpdate
from incident_bot.domain.errors import IncidentError
from incident_bot.domain.incident import Incident
from incident_bot.domain.status import Step
from incident_bot.domain.timeline import EntryKind
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.case import SeenVersion
from incident_bot.store.channels import IncidentChannels
from incident_bot.store.engine.database import Database
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.notes import Timelines
from incident_bot.store.outbox.deliveries import Delivery
from incident_bot.store.outbox.operations import Operation
from tests.databases import Rows
from tests.factories import A_VIEWER, ANA, BEN, CARA, INCIDENTS, Clock, a_declaration, after, by
from tests.hearing import following

OWN = "C0OWN"


@pytest.fixture
def channels(database: Database, clock: Clock) -> IncidentChannels:
    return IncidentChannels(database, clock)


async def begun(
    store: IncidentStore, outbox: Outbox, clock: Clock, *, is_private: bool = False
) -> Incident:
    """An incident with a channel, nothing of which is done yet but its making."""
    declaration = a_declaration(wants_channel=True, is_private=is_private)
    incident = await store.declare(by(CARA), declaration, [INCIDENTS])
    for delivery in await outbox.claim(clock(), 9, 9):
        if delivery.operation is Operation.CHANNEL:
            await outbox.channel_made(delivery, OWN, "inc-1-checkout", clock())
        else:
            await outbox.sent(delivery, "C0INC", "1.1", clock())
    return await store.get(incident.id, EVERYTHING)


async def done(outbox: Outbox, clock: Clock) -> Sequence[Delivery]:
    """Do all that waits; gives it."""
    every: list[Delivery] = []
    while claimed := await outbox.claim(clock(), 9, 9):
        every += claimed
        for number, delivery in enumerate(claimed):
            if delivery.operation.is_message:
                await outbox.sent(
                    delivery, delivery.destination, f"{delivery.id}.{number}", clock()
                )
            else:
                await outbox.done(delivery, clock())
    return every


def kinds(deliveries: Sequence[Delivery]) -> list[tuple[str, str]]:
    return sorted((str(one.operation), one.destination) for one in deliveries)


async def test_a_new_channel_is_made_ready_and_the_announcement_shows_it(
    store: IncidentStore, outbox: Outbox, clock: Clock
) -> None:
    incident = await begun(store, outbox, clock)

    assert (incident.channel_id, incident.channel_name) == (OWN, "inc-1-checkout")
    assert kinds(await done(outbox, clock)) == [
        ("announcement", OWN),
        ("announcement", INCIDENTS),
        ("bookmark", OWN),
        ("invitation", OWN),
        ("pin", OWN),
        ("topic", OWN),
    ]


async def test_a_making_that_is_noted_twice_is_done_once(
    store: IncidentStore, outbox: Outbox, clock: Clock, rows: Rows
) -> None:
    await store.declare(by(CARA), a_declaration(wants_channel=True), [])
    [making] = await outbox.claim(clock(), 9, 9)

    await outbox.channel_made(making, OWN, "inc-1", clock())
    await outbox.channel_made(making, "C0OTHER", "inc-1-2", clock())

    assert rows.of("incidents", "channel_id") == [(OWN,)]
    assert rows.count("announcements") == 1


async def test_the_channel_of_a_deleted_incident_is_archived_after_the_last_word(
    store: IncidentStore, outbox: Outbox, clock: Clock, rows: Rows
) -> None:
    incident = await begun(store, outbox, clock)
    await done(outbox, clock)

    await store.delete(by(CARA), incident.id)

    assert rows.of("incidents", "channel_closed_at") != [(None,)]
    waiting = await outbox.claim(clock(), 9, 9)
    own = [one.operation for one in waiting if one.destination == OWN]
    assert own == [Operation.ANNOUNCEMENT, Operation.ARCHIVING]


async def test_a_channel_of_an_incident_that_was_deleted_meanwhile_is_noted_and_archived(
    store: IncidentStore, outbox: Outbox, clock: Clock, rows: Rows
) -> None:
    incident = await store.declare(by(CARA), a_declaration(wants_channel=True), [])
    [making] = await outbox.claim(clock(), 9, 9)
    await store.delete(by(CARA), incident.id)

    await outbox.channel_made(making, OWN, "inc-1", clock())

    assert rows.of("incidents", "channel_id") == [(OWN,)]
    assert kinds(await outbox.claim(clock(), 9, 9)) == [("archiving", OWN)]


async def test_the_topic_waits_once_however_much_changes(
    store: IncidentStore, outbox: Outbox, clock: Clock
) -> None:
    incident = await begun(store, outbox, clock)
    await done(outbox, clock)

    await store.set_severity(by(ANA), incident.id, "Low")
    await store.take(by(ANA), incident.id, Step.ACKNOWLEDGE)
    await store.set_severity(by(ANA), incident.id, "High")

    after_all = kinds(await done(outbox, clock))
    assert after_all.count(("topic", OWN)) == 1
    assert after_all.count(("invitation", OWN)) == 1


async def test_an_invitation_names_whom_the_entry_brought(
    store: IncidentStore, outbox: Outbox, clock: Clock
) -> None:
    incident = await begun(store, outbox, clock)
    await done(outbox, clock)

    await store.assign(by(ANA), incident.id, BEN, "Scribe")

    [invitation] = [
        one for one in await outbox.claim(clock(), 9, 9) if one.operation is Operation.INVITATION
    ]
    content = await outbox.messages.content(invitation)
    assert content is not None
    assert content.entry is not None
    assert content.entry.after == BEN


def invited(rows: Rows) -> list[str | None]:
    """Whom each invitation in the outbox is for; None stands for all people of the incident."""
    found = rows.query(
        """SELECT timeline_entries."after" FROM outbox
        LEFT JOIN timeline_entries ON timeline_entries.id = outbox.entry_id
        WHERE outbox.operation = 'invitation' ORDER BY outbox.id"""
    )
    return [who for (who,) in found]


async def test_an_invitation_of_everybody_that_waits_is_for_who_comes_meanwhile_too(
    store: IncidentStore, outbox: Outbox, clock: Clock, rows: Rows
) -> None:
    incident = await begun(store, outbox, clock)

    await store.take(by(ANA), incident.id, Step.ACKNOWLEDGE)
    await store.add_responder(by(ANA), incident.id, BEN)

    assert invited(rows) == [None]


async def test_somebody_for_whom_an_invitation_waits_needs_no_other(
    store: IncidentStore, outbox: Outbox, clock: Clock, rows: Rows
) -> None:
    incident = await begun(store, outbox, clock)
    await done(outbox, clock)

    await store.add_responder(by(CARA), incident.id, BEN)
    await store.assign(by(CARA), incident.id, BEN, "Scribe")
    await store.add_responder(by(CARA), incident.id, ANA)

    assert invited(rows) == [None, BEN, ANA]


async def test_an_invitation_that_is_being_sent_may_not_be_for_who_comes_now(
    store: IncidentStore, outbox: Outbox, clock: Clock, rows: Rows
) -> None:
    incident = await begun(store, outbox, clock)
    await outbox.claim(clock(), 9, 9)

    await store.add_responder(by(CARA), incident.id, BEN)

    assert invited(rows) == [None, BEN]


async def test_who_is_brought_in_again_is_invited_again(
    store: IncidentStore, outbox: Outbox, clock: Clock, rows: Rows
) -> None:
    """They may have left meanwhile."""
    incident = await begun(store, outbox, clock)
    await store.add_responder(by(CARA), incident.id, BEN)
    await done(outbox, clock)

    await store.hand_over(by(CARA), incident.id, BEN)

    assert invited(rows) == [None, BEN]


async def test_who_came_to_a_private_channel_by_themselves_is_not_invited(
    store: IncidentStore, outbox: Outbox, clock: Clock, channels: IncidentChannels, rows: Rows
) -> None:
    await begun(store, outbox, clock, is_private=True)
    await done(outbox, clock)

    await channels.entered(OWN, BEN, CARA)

    assert [one.user_id for one in await store.responders(1)] == [BEN]
    assert invited(rows) == [None]


async def test_an_announcement_that_was_posted_anew_is_pinned_too(
    store: IncidentStore, outbox: Outbox, clock: Clock
) -> None:
    incident = await begun(store, outbox, clock)
    await done(outbox, clock)
    await store.set_severity(by(ANA), incident.id, "Low")

    edits = [
        one
        for one in await outbox.claim(clock(), 0, 9)
        if one.destination == OWN and one.operation is Operation.ANNOUNCEMENT
    ]
    await outbox.sent(edits[0], OWN, "7.7", clock())

    assert ("pin", OWN) in kinds(await outbox.claim(clock(), 0, 9))


async def test_a_closed_channel_is_told_nothing_until_it_is_open_again(
    store: IncidentStore, outbox: Outbox, clock: Clock, channels: IncidentChannels
) -> None:
    incident = await begun(store, outbox, clock)
    await done(outbox, clock)

    await channels.closed(OWN, ANA)
    await store.take(by(BEN), incident.id, Step.ACKNOWLEDGE)
    assert {place for _, place in kinds(await done(outbox, clock))} == {INCIDENTS}

    await channels.opened(OWN, ANA)
    assert ("announcement", OWN) in kinds(await done(outbox, clock))


async def test_a_channel_that_is_open_again_is_told_nothing_of_another_incident(
    store: IncidentStore, outbox: Outbox, clock: Clock, channels: IncidentChannels
) -> None:
    await begun(store, outbox, clock)
    other = await store.declare(by(CARA), a_declaration(), [INCIDENTS, OWN])
    await store.post_update(by(BEN), other.id, ProgressUpdate(message="Rolled bakc"))
    update = (await store.timeline(other.id, A_VIEWER))[-1]
    await done(outbox, clock)
    await store.edit_update(by(BEN), SeenVersion(other.id, update.id or 0, None), "Rolled back")
    await done(outbox, clock)
    await channels.closed(OWN, ANA)
    await done(outbox, clock)

    await channels.opened(OWN, ANA)

    told = await done(outbox, clock)
    assert {one.incident_id for one in told} == {1}
    assert update.id not in [one.entry_id for one in told]


async def test_who_came_while_a_channel_was_closed_is_invited_when_it_is_open_again(
    store: IncidentStore, outbox: Outbox, clock: Clock, channels: IncidentChannels
) -> None:
    incident = await begun(store, outbox, clock)
    await done(outbox, clock)
    await channels.closed(OWN, ANA)
    await store.take(by(BEN), incident.id, Step.ACKNOWLEDGE)
    await done(outbox, clock)

    await channels.opened(OWN, ANA)

    [inviting] = [one for one in await done(outbox, clock) if one.operation is Operation.INVITATION]
    content = await outbox.messages.content(inviting)
    assert content is not None
    assert (content.entry, content.incident.lead) == (None, BEN)


async def test_what_slack_tells_twice_is_recorded_once(
    store: IncidentStore, outbox: Outbox, clock: Clock, channels: IncidentChannels, rows: Rows
) -> None:
    await begun(store, outbox, clock)

    for _ in range(2):
        await channels.renamed(OWN, "war-room", ANA)
        await channels.closed(OWN, ANA)
        await channels.closed("C0UNKNOWN", ANA)

    assert [kind for (kind,) in rows.of("timeline_entries", "kind") if "channel" in kind] == [
        "channel closed",
        "channel made",
        "channel renamed",
    ]


async def test_archiving_goes_after_what_is_to_be_said(
    store: IncidentStore, outbox: Outbox, clock: Clock, channels: IncidentChannels
) -> None:
    incident = await begun(store, outbox, clock)
    await store.take(by(ANA), incident.id, Step.RESOLVE)

    await channels.archive(by(BEN), incident.id)

    claimed = {one.operation: one for one in await outbox.claim(clock(), 9, 9)}
    archiving = claimed[Operation.ARCHIVING]
    assert await outbox.messages.is_something_before(archiving)
    content = await outbox.messages.content(archiving)
    assert content is not None
    assert content.entry is not None
    assert content.entry.actor == BEN


async def test_archiving_waits_for_nothing_but_what_is_to_be_said(
    store: IncidentStore, outbox: Outbox, clock: Clock, channels: IncidentChannels
) -> None:
    incident = await begun(store, outbox, clock)
    for delivery in await outbox.claim(clock(), 9, 9):
        if delivery.operation is Operation.BOOKMARK:
            await outbox.put_back(delivery, after(5), "no link yet", is_uncertain=False)
        elif delivery.operation.is_message:
            await outbox.sent(delivery, delivery.destination, "1.2", clock())
        else:
            await outbox.done(delivery, clock())
    await store.take(by(ANA), incident.id, Step.RESOLVE)
    await channels.archive(by(BEN), incident.id)

    archiving, *_ = [
        one for one in await done(outbox, clock) if one.operation is Operation.ARCHIVING
    ]

    assert not await outbox.messages.is_something_before(archiving)


async def test_only_the_channel_of_a_resolved_incident_is_archived(
    store: IncidentStore, outbox: Outbox, clock: Clock, channels: IncidentChannels
) -> None:
    incident = await begun(store, outbox, clock)

    with pytest.raises(IncidentError, match=r"INC-1 is Open\. Resolve it before"):
        await channels.archive(by(BEN), incident.id)
    await store.take(by(ANA), incident.id, Step.RESOLVE)
    await channels.archive(by(BEN), incident.id)
    with pytest.raises(IncidentError, match="no channel that could be archived"):
        await channels.archive(by(BEN), incident.id)


async def test_a_channel_that_could_not_be_archived_is_told_things_again(
    store: IncidentStore, outbox: Outbox, clock: Clock, channels: IncidentChannels
) -> None:
    incident = await begun(store, outbox, clock)
    await done(outbox, clock)
    await store.take(by(ANA), incident.id, Step.RESOLVE)
    await done(outbox, clock)
    await channels.archive(by(BEN), incident.id)
    [archiving] = [
        one for one in await outbox.claim(clock(), 9, 9) if one.operation is Operation.ARCHIVING
    ]

    await outbox.failed(archiving, "restricted_action", clock())

    assert (await store.get(incident.id, EVERYTHING)).open_channel_id == OWN


async def test_a_refusal_that_another_process_has_overtaken_opens_nothing(
    store: IncidentStore, outbox: Outbox, clock: Clock, channels: IncidentChannels, rows: Rows
) -> None:
    incident = await begun(store, outbox, clock)
    await store.take(by(ANA), incident.id, Step.RESOLVE)
    await channels.archive(by(BEN), incident.id)
    [archiving] = [
        one for one in await outbox.claim(clock(), 9, 9) if one.operation is Operation.ARCHIVING
    ]
    rows.execute("UPDATE outbox SET claimed_by = 'another' WHERE operation = 'archiving'")

    await outbox.failed(archiving, "no answer", clock())

    assert (await store.get(incident.id, EVERYTHING)).open_channel_id is None


async def test_those_resolved_long_ago_are_archived_and_no_others(
    store: IncidentStore, outbox: Outbox, clock: Clock, channels: IncidentChannels, rows: Rows
) -> None:
    incident = await begun(store, outbox, clock)
    await store.take(by(ANA), incident.id, Step.RESOLVE)

    await channels.archive_old(before=clock())
    assert rows.of("incidents", "channel_closed_at") == [(None,)]
    await channels.archive_old(before=after(1))
    await channels.archive_old(before=after(1))

    assert [kind for (kind,) in rows.of("outbox", "operation") if kind == "archiving"] == [
        "archiving"
    ]


async def test_what_was_opened_again_is_not_archived_anew_until_that_is_long_ago_too(
    store: IncidentStore, outbox: Outbox, clock: Clock, channels: IncidentChannels, rows: Rows
) -> None:
    incident = await begun(store, outbox, clock)
    await store.take(by(ANA), incident.id, Step.RESOLVE)
    await channels.archive_old(before=after(1))
    clock.advance(3600)
    await channels.opened(OWN, ANA)

    for moment in (after(59), after(60)):
        await channels.archive_old(before=moment)
        assert rows.of("incidents", "channel_closed_at") == [(None,)]

    await channels.archive_old(before=after(61))
    assert rows.of("incidents", "channel_closed_at") != [(None,)]


async def test_a_channel_that_takes_nothing_is_closed_and_not_forgotten(
    store: IncidentStore, outbox: Outbox, clock: Clock, rows: Rows
) -> None:
    incident = await begun(store, outbox, clock)
    posts = [one for one in await outbox.claim(clock(), 9, 9) if one.destination == OWN]
    [announcing] = [one for one in posts if one.operation is Operation.ANNOUNCEMENT]

    await outbox.forget_destination(announcing, "the channel is archived", clock())

    assert (await store.get(incident.id, EVERYTHING)).open_channel_id is None
    assert (OWN,) in rows.of("announcements", "destination")


async def test_a_message_in_the_channel_is_pinned_into_its_timeline_without_a_thread(
    store: IncidentStore, outbox: Outbox, clock: Clock, database: Database
) -> None:
    await begun(store, outbox, clock)

    timelines = Timelines(database, clock)

    assert await timelines.has_incident_in(OWN)
    assert not await timelines.has_incident_in("C0UNKNOWN")


async def test_what_is_believed_of_a_channel_is_told(
    store: IncidentStore, channels: IncidentChannels, outbox: Outbox, clock: Clock
) -> None:
    incident = await begun(store, outbox, clock)
    await done(outbox, clock)
    await store.declare(by(CARA), a_declaration(), [INCIDENTS])

    [known] = await channels.known()

    assert (known.id, known.is_open, known.incident.id) == (OWN, True, incident.id)
    assert await channels.known(OWN) == [known]
    assert await channels.known("C0OTHER") == []


@pytest.mark.parametrize(("is_private", "is_known"), [(False, False), (True, True)])
async def test_a_month_after_its_resolution_a_channel_is_looked_at_if_it_is_private(
    store: IncidentStore,
    channels: IncidentChannels,
    outbox: Outbox,
    clock: Clock,
    is_private: bool,  # noqa: FBT001 - a parameter of the test
    is_known: bool,  # noqa: FBT001 - the same
) -> None:
    incident = await begun(store, outbox, clock, is_private=is_private)
    await store.take(by(CARA), incident.id, Step.RESOLVE)
    await done(outbox, clock)
    assert await channels.known()

    clock.advance(31 * 86_400)

    assert bool(await channels.known()) is is_known


async def test_it_is_known_why_a_channel_is_closed(
    store: IncidentStore, channels: IncidentChannels, outbox: Outbox, clock: Clock
) -> None:
    await begun(store, outbox, clock)
    await done(outbox, clock)
    [known] = await channels.known()
    assert known.closed_for is None

    await channels.closed(OWN, "Somebody", "it is read-only")

    [known] = await channels.known()
    assert known.closed_for == "it is read-only"


async def test_while_the_bot_itself_does_something_there_nothing_is_believed_of_a_channel(
    store: IncidentStore, channels: IncidentChannels, outbox: Outbox, clock: Clock
) -> None:
    incident = await begun(store, outbox, clock)
    assert await channels.known() == [], "its people are being invited"
    await done(outbox, clock)

    await store.take(by(BEN), incident.id, Step.RESOLVE)
    await done(outbox, clock)
    [known] = await channels.known()
    assert known.is_open
    await channels.archive(by(BEN), incident.id)
    assert await channels.known() == [], "it is being archived"
    await done(outbox, clock)
    assert await channels.known() == [], "that is how it should be"
    await store.take(by(BEN), incident.id, Step.REOPEN)
    await done(outbox, clock)
    [known] = await channels.known()
    assert not known.is_open


async def test_the_topic_names_a_new_lead(
    store: IncidentStore, outbox: Outbox, clock: Clock
) -> None:
    incident = await begun(store, outbox, clock)
    await done(outbox, clock)

    await store.hand_over(by(ANA), incident.id, BEN)

    assert ("topic", OWN) in kinds(await done(outbox, clock))


async def test_a_resolved_incident_s_channel_is_looked_at_for_thirty_days(
    store: IncidentStore, channels: IncidentChannels, outbox: Outbox, clock: Clock
) -> None:
    incident = await begun(store, outbox, clock)
    await store.take(by(CARA), incident.id, Step.RESOLVE)
    await done(outbox, clock)

    clock.advance(30 * 86_400)
    assert len(await channels.known()) == 1
    clock.advance(1)
    assert await channels.known() == []


async def test_an_announcement_that_is_edited_where_it_is_is_not_pinned_again(
    store: IncidentStore, outbox: Outbox, clock: Clock, rows: Rows
) -> None:
    incident = await begun(store, outbox, clock)
    await done(outbox, clock)
    [(message_ts,)] = rows.query(
        f"SELECT message_ts FROM announcements WHERE destination = '{OWN}'"  # noqa: S608 - ours
    )
    await store.set_severity(by(ANA), incident.id, "Low")
    [edit] = [
        one
        for one in await outbox.claim(clock(), 0, 9)
        if (one.operation, one.destination) == (Operation.ANNOUNCEMENT, OWN)
    ]

    await outbox.sent(edit, OWN, str(message_ts), clock())

    assert await outbox.claim(clock(), 0, 9) == ()


async def test_the_announcement_elsewhere_is_never_the_one_in_the_own_channel(
    store: IncidentStore, outbox: Outbox, clock: Clock
) -> None:
    await begun(store, outbox, clock)
    every = await done(outbox, clock)

    place = await outbox.messages.place_elsewhere(every[0], OWN)

    assert place is not None
    assert place.channel_id == INCIDENTS


async def test_an_announcement_that_is_gone_is_not_pinned(
    store: IncidentStore, outbox: Outbox, clock: Clock, rows: Rows
) -> None:
    await begun(store, outbox, clock)
    for delivery in await outbox.claim(clock(), 9, 9):
        if (delivery.operation, delivery.destination) == (Operation.ANNOUNCEMENT, OWN):
            await outbox.sent(delivery, OWN, "7.7", clock())
    [pin] = await outbox.claim(clock(), 9, 9)
    assert pin.operation is Operation.PIN

    rows.execute(f"DELETE FROM announcements WHERE destination = '{OWN}'")  # noqa: S608 - ours

    assert await outbox.messages.content(pin) is None


async def test_the_invitation_to_a_new_channel_is_for_all_who_respond(
    store: IncidentStore, outbox: Outbox, clock: Clock
) -> None:
    await store.declare(by(CARA), a_declaration(wants_channel=True), [])
    await store.add_responder(by(CARA), 1, BEN)
    [making] = [
        one for one in await outbox.claim(clock(), 9, 9) if one.operation is Operation.CHANNEL
    ]
    await outbox.channel_made(making, OWN, "inc-1", clock())

    [invitation] = [
        one for one in await outbox.claim(clock(), 9, 9) if one.operation is Operation.INVITATION
    ]
    content = await outbox.messages.content(invitation)

    assert content is not None
    assert [one.user_id for one in content.responders] == [BEN]


async def test_the_archiving_of_a_deleted_incident_s_channel_tells_who_deleted_it(
    store: IncidentStore, outbox: Outbox, clock: Clock
) -> None:
    incident = await begun(store, outbox, clock)
    await done(outbox, clock)
    await store.delete(by(CARA), incident.id)

    [archiving] = [
        one for one in await outbox.claim(clock(), 9, 9) if one.operation is Operation.ARCHIVING
    ]
    content = await outbox.messages.content(archiving)

    assert content is not None
    assert content.entry is not None
    assert (content.entry.kind, content.entry.actor) == (EntryKind.DELETED, CARA)


async def test_a_lead_who_is_not_on_slack_is_not_invited(
    store: IncidentStore, outbox: Outbox, clock: Clock
) -> None:
    incident = await begun(store, outbox, clock)
    await done(outbox, clock)

    await store.patch(by("ci"), incident.id, Patch(lead="the database team"))

    assert ("invitation", OWN) not in kinds(await done(outbox, clock))


async def test_the_own_channel_is_not_counted_among_the_others(
    store: IncidentStore, outbox: Outbox, clock: Clock
) -> None:
    incident = await begun(store, outbox, clock)

    hearers = await store.hearers_of_update(incident.id, CARA)

    assert {one.destination: one.reason for one in hearers} == {
        INCIDENTS: Reason.ANNOUNCED_THERE,
        OWN: Reason.WORKED_ON_THERE,
    }


async def test_a_channel_gets_a_bookmark_only_if_there_is_an_announcement_elsewhere(
    store: IncidentStore, outbox: Outbox, clock: Clock
) -> None:
    await begun(store, outbox, clock, is_private=True)

    assert ("bookmark", OWN) not in kinds(await done(outbox, clock))


@pytest.mark.parametrize(("is_lead", "followers"), [(True, 1), (False, 0)])
async def test_who_leaves_a_private_channel_goes_on_following_only_as_the_lead(
    store: IncidentStore,
    channels: IncidentChannels,
    outbox: Outbox,
    clock: Clock,
    *,
    is_lead: bool,
    followers: int,
) -> None:
    incident = await begun(store, outbox, clock, is_private=True)
    await store.add_responder(by(CARA), incident.id, BEN)
    await store.follow(incident.id, BEN)
    if is_lead:
        await store.hand_over(by(CARA), incident.id, BEN)

    await channels.left(OWN, BEN)

    assert len(await following(store, incident.id)) == followers
