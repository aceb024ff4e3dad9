"""The outbox: what goes out when, and in which order."""

import asyncio
from datetime import timedelta

import pytest

from incident_bot.domain.edits import Edit, ProgressUpdate
from incident_bot.domain.incident import Incident
from incident_bot.domain.status import Status, Step
from incident_bot.domain.timeline import EntryKind
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.engine.database import Database
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.outbox.deliveries import Delivery
from incident_bot.store.outbox.operations import EVENT_LOG, Operation
from tests.databases import ON_SQLITE, Rows
from tests.factories import (
    ANA,
    BEN,
    CARA,
    INCIDENTS,
    NOON,
    Clock,
    a_declaration,
    a_delivery,
    after,
    by,
)
from tests.store.declaring import declared

OPS = "C0OPS"


async def claim(outbox: Outbox, limit: int = 64) -> tuple[Delivery, ...]:
    return await outbox.claim(after(60), limit, limit)


async def claim_one(outbox: Outbox) -> Delivery:
    (delivery,) = await claim(outbox)
    return delivery


async def sent(outbox: Outbox, delivery: Delivery, message_ts: str = "100.1") -> None:
    await outbox.sent(delivery, "C0INC", message_ts, after(60))


async def announced(store: IncidentStore, outbox: Outbox) -> Incident:
    """An incident whose announcement is in the channel."""
    incident = await declared(store)
    await sent(outbox, await claim_one(outbox))
    return incident


def kinds(deliveries: tuple[Delivery, ...]) -> list[str]:
    return [delivery.operation.value for delivery in deliveries]


async def test_a_new_incident_waits_to_be_announced(store: IncidentStore, outbox: Outbox) -> None:
    incident = await declared(store)

    delivery = await claim_one(outbox)

    assert (delivery.operation, delivery.incident_id) == (Operation.ANNOUNCEMENT, incident.id)
    assert (delivery.destination, delivery.attempts) == (INCIDENTS, 1)
    assert delivery.is_post
    assert not delivery.is_uncertain


async def test_what_is_claimed_is_claimed_once(store: IncidentStore, outbox: Outbox) -> None:
    await declared(store)

    claims = await asyncio.gather(*(claim(outbox) for _ in range(5)))

    assert sum(map(len, claims)) == 1


async def test_what_a_wrong_clock_has_put_off_for_a_day_is_due_once_the_clock_is_right(
    store: IncidentStore, outbox: Outbox, clock: Clock
) -> None:
    await declared(store)
    delivery = await claim_one(outbox)
    tomorrow = clock() + timedelta(days=1)
    await outbox.put_back(delivery, tomorrow, "Slack cannot be reached", is_uncertain=False)

    assert [again.id for again in await claim(outbox)] == [delivery.id]


async def test_no_more_is_claimed_than_asked_for(store: IncidentStore, outbox: Outbox) -> None:
    await declared(store, "C1", "C2", "C3")

    assert [delivery.destination for delivery in await claim(outbox, 2)] == ["C1", "C2"]


async def test_channels_do_not_wait_for_each_other(store: IncidentStore, outbox: Outbox) -> None:
    await declared(store, INCIDENTS, OPS)

    assert [delivery.destination for delivery in await claim(outbox)] == [INCIDENTS, OPS]


async def test_posts_in_a_channel_go_out_one_after_the_other(
    store: IncidentStore, outbox: Outbox
) -> None:
    await declared(store)
    await declared(store)
    first = await claim_one(outbox)

    assert await claim(outbox) == ()
    await sent(outbox, first)

    assert (await claim_one(outbox)).incident_id == 2


async def test_a_change_before_the_announcement_is_posted_is_shown_by_it(
    store: IncidentStore, outbox: Outbox, rows: Rows
) -> None:
    incident = await declared(store)
    await store.edit(by(CARA), incident.id, Edit(title="Slow"))

    content = await outbox.messages.content(await claim_one(outbox))

    assert content is not None
    assert content.incident.title == "Slow"
    assert rows.count("outbox") == 1


async def test_a_change_while_it_is_being_posted_is_edited_in_afterwards(
    store: IncidentStore, outbox: Outbox
) -> None:
    incident = await declared(store)
    post = await claim_one(outbox)
    await store.edit(by(CARA), incident.id, Edit(title="Slow"))

    assert await claim(outbox) == ()  # there is nothing to edit yet
    await sent(outbox, post)

    edit = await claim_one(outbox)
    assert (edit.operation, edit.is_post) == (Operation.ANNOUNCEMENT, False)


async def test_edits_that_wait_become_one(store: IncidentStore, outbox: Outbox, rows: Rows) -> None:
    incident = await announced(store, outbox)

    for number in range(5):
        await store.edit(by(CARA), incident.id, Edit(title=f"Title {number}"))

    edit = await claim_one(outbox)
    content = await outbox.messages.content(edit)
    assert content is not None
    assert content.incident.title == "Title 4"
    assert rows.count("outbox") == 2


async def test_an_edit_on_its_way_does_not_swallow_the_next(
    store: IncidentStore, outbox: Outbox
) -> None:
    incident = await announced(store, outbox)
    await store.edit(by(CARA), incident.id, Edit(title="First"))
    first = await claim_one(outbox)
    await store.edit(by(CARA), incident.id, Edit(title="Second"))

    assert await claim(outbox) == ()
    await sent(outbox, first)

    assert not (await claim_one(outbox)).is_post


async def test_a_post_that_may_be_there_already_does_not_stand_in_for_an_edit(
    store: IncidentStore, outbox: Outbox
) -> None:
    """It is found in the channel as it was: somebody has to bring it up to date."""
    incident = await declared(store)
    post = await claim_one(outbox)
    await outbox.put_back(post, NOON, "no answer", is_uncertain=True)
    await store.edit(by(CARA), incident.id, Edit(title="Slow"))
    await sent(outbox, await claim_one(outbox))

    edit = await claim_one(outbox)

    assert (edit.operation, edit.is_post) == (Operation.ANNOUNCEMENT, False)


async def test_notifications_of_a_channel_keep_their_order(
    store: IncidentStore, outbox: Outbox
) -> None:
    incident = await announced(store, outbox)
    await store.take(by(ANA), incident.id, Step.ACKNOWLEDGE)
    await store.set_severity(by(ANA), incident.id, "Low")
    await store.take(by(ANA), incident.id, Step.RESOLVE)

    told = []
    for _ in range(3):
        (delivery,) = (one for one in await claim(outbox) if one.is_post)
        content = await outbox.messages.content(delivery)
        assert content is not None
        assert content.entry is not None
        told.append(content.entry.kind)
        await sent(outbox, delivery)

    assert told == [EntryKind.ACKNOWLEDGED, EntryKind.SEVERITY_CHANGED, EntryKind.RESOLVED]


async def test_a_notification_tells_what_was_though_more_has_happened(
    store: IncidentStore, outbox: Outbox
) -> None:
    incident = await announced(store, outbox)
    await store.take(by(ANA), incident.id, Step.ACKNOWLEDGE)
    await store.take(by(BEN), incident.id, Step.RESOLVE)

    _edit, notification = await claim(outbox)
    content = await outbox.messages.content(notification)

    assert content is not None
    assert content.entry is not None
    assert (content.entry.actor, content.entry.after) == (ANA, Status.IN_PROGRESS)


async def test_edits_do_not_wait_for_the_posts_of_their_channel(
    store: IncidentStore, outbox: Outbox
) -> None:
    incident = await announced(store, outbox)
    await store.post_update(by(BEN), incident.id, ProgressUpdate(message="Rolled back."))

    assert kinds(await claim(outbox)) == ["announcement", "notification"]


async def test_every_channel_that_announces_it_is_told(
    store: IncidentStore, outbox: Outbox, rows: Rows
) -> None:
    incident = await declared(store, INCIDENTS, OPS)
    for post in await claim(outbox):
        await sent(outbox, post)

    await store.set_severity(by(BEN), incident.id, "Low")

    waiting = rows.query(
        "SELECT destination, operation FROM outbox WHERE state = 'pending' ORDER BY 1, 2"
    )
    assert waiting == [
        (OPS, "announcement"),
        (OPS, "notification"),
        (INCIDENTS, "announcement"),
        (INCIDENTS, "notification"),
    ]


async def test_the_place_of_an_announcement_is_kept(store: IncidentStore, outbox: Outbox) -> None:
    await announced(store, outbox)
    await store.set_severity(by(BEN), 1, "Low")

    edit, notification = await claim(outbox)

    for delivery in (edit, notification):
        content = await outbox.messages.content(delivery)
        assert content is not None
        assert (content.channel_id, content.message_ts) == ("C0INC", "100.1")


async def test_a_notification_does_not_move_the_announcement(
    store: IncidentStore, outbox: Outbox, rows: Rows
) -> None:
    await announced(store, outbox)
    await store.set_severity(by(BEN), 1, "Low")

    for delivery in await claim(outbox):
        await sent(outbox, delivery, "100.1" if not delivery.is_post else "200.2")

    assert rows.of("announcements", "message_ts") == [("100.1",)]


async def test_digits_of_a_message_ts_are_all_kept(
    store: IncidentStore, outbox: Outbox, rows: Rows
) -> None:
    await declared(store)

    await sent(outbox, await claim_one(outbox), "1763812345.000100")

    assert rows.of("announcements", "message_ts") == [("1763812345.000100",)]


async def test_what_is_put_back_waits_for_its_time(store: IncidentStore, outbox: Outbox) -> None:
    await declared(store)
    delivery = await claim_one(outbox)
    await outbox.put_back(delivery, after(90), "no answer", is_uncertain=True)

    assert await outbox.claim(after(89), 64, 64) == ()
    (again,) = await outbox.claim(after(90), 64, 64)

    assert (again.attempts, again.is_uncertain) == (2, True)
    assert again.first_tried_at == delivery.first_tried_at == after(60)
    assert again.key == delivery.key


async def test_what_is_tried_is_dated_by_slacks_clock(
    store: IncidentStore, database: Database, clock: Clock
) -> None:
    await declared(store)
    outbox = Outbox(database, slack_now=lambda: after(-180))

    [delivery] = await outbox.claim(clock(), 1, 1)

    assert delivery.first_tried_at == after(-180)


async def test_the_next_due_is_that_of_what_can_go_out(
    store: IncidentStore, outbox: Outbox
) -> None:
    await declared(store)
    await outbox.put_back(await claim_one(outbox), after(90), "closed", is_uncertain=False)

    assert await outbox.next_due(1, 1) == after(90)


async def test_what_is_held_back_is_not_due(store: IncidentStore, outbox: Outbox) -> None:
    """The worker sleeps until the next that is due: one that cannot be claimed never is."""
    incident = await announced(store, outbox)
    await store.set_severity(by(BEN), incident.id, "Low")
    await claim(outbox)  # both lanes are under way
    await store.set_severity(by(BEN), incident.id, "High")

    assert await outbox.next_due(1, 1) is None


async def test_nothing_is_due_when_nothing_waits(outbox: Outbox) -> None:
    assert await outbox.next_due(1, 1) is None


@pytest.mark.parametrize("steps", [0, 1, 2, 3, 4, 5])
async def test_what_is_due_can_be_claimed_and_the_other_way_round(
    store: IncidentStore, outbox: Outbox, steps: int
) -> None:
    incident = await declared(store, INCIDENTS, OPS)
    await store.take(by(ANA), incident.id, Step.ACKNOWLEDGE)
    for _ in range(steps):
        for delivery in await claim(outbox, 1):
            await sent(outbox, delivery)
        await claim(outbox, 1)

    is_due = await outbox.next_due(1, 1) is not None

    assert is_due is bool(await claim(outbox))


@ON_SQLITE
async def test_what_a_process_that_is_gone_had_claimed_is_uncertain(
    store: IncidentStore, outbox: Outbox
) -> None:
    await declared(store, INCIDENTS, OPS)
    await claim(outbox, 1)

    assert await outbox.take_over(after(0)) == 1

    assert [delivery.is_uncertain for delivery in await claim(outbox)] == [True, False]


async def test_at_a_start_all_that_waits_is_due_whatever_the_clock_said_before(
    store: IncidentStore, outbox: Outbox
) -> None:
    await declared(store)
    await outbox.put_back(await claim_one(outbox), after(600), "later", is_uncertain=False)

    await outbox.take_over(after(0))

    assert await outbox.next_due(1, 1) == after(0)


async def test_what_was_settled_is_not_taken_over(store: IncidentStore, outbox: Outbox) -> None:
    await announced(store, outbox)

    assert await outbox.take_over(after(0)) == 0
    assert await claim(outbox) == ()


@ON_SQLITE
async def test_a_late_outcome_of_what_was_taken_over_is_not_noted(
    store: IncidentStore, outbox: Outbox, rows: Rows
) -> None:
    await declared(store)
    late = await claim_one(outbox)
    await outbox.take_over(after(0))

    await outbox.failed(late, "too late", after(61))

    assert rows.of("outbox", "state") == [("pending",)]


async def test_what_failed_is_kept_with_its_reason(
    store: IncidentStore, outbox: Outbox, rows: Rows
) -> None:
    await declared(store)

    await outbox.failed(await claim_one(outbox), "invalid_blocks", after(61))

    assert rows.of("outbox", "state, reason") == [("failed", "invalid_blocks")]
    assert await outbox.next_due(1, 1) is None


async def test_what_failed_does_not_hold_up_what_follows(
    store: IncidentStore, outbox: Outbox
) -> None:
    await declared(store)
    await declared(store)
    await outbox.failed(await claim_one(outbox), "invalid_blocks", after(61))

    assert (await claim_one(outbox)).incident_id == 2


async def test_a_forgotten_destination_is_told_nothing_more(
    store: IncidentStore, outbox: Outbox, rows: Rows
) -> None:
    incident = await declared(store, OPS)
    await outbox.forget_destination(await claim_one(outbox), "not in the channel", after(61))

    await store.take(by(ANA), incident.id, Step.ACKNOWLEDGE)

    assert rows.of("outbox", "state, reason") == [("failed", "not in the channel")]


async def test_what_a_forgotten_destination_still_waits_for_is_dropped(
    store: IncidentStore, outbox: Outbox, rows: Rows
) -> None:
    incident = await declared(store, OPS)
    post = await claim_one(outbox)
    await store.take(by(ANA), incident.id, Step.ACKNOWLEDGE)
    await outbox.forget_destination(post, "not in the channel", after(61))

    assert await claim(outbox) == ()
    assert rows.of("outbox", "state") == [("failed",)]


@ON_SQLITE
async def test_what_is_for_a_target_that_nobody_sends_to_any_more_is_taken_over_too(
    database: Database, store: IncidentStore, outbox: Outbox, rows: Rows
) -> None:
    events = "SELECT state, is_uncertain FROM outbox WHERE target = 'log'"
    database.tell_of_changes([EVENT_LOG])
    await declared(store)
    await claim_one(Outbox(database, EVENT_LOG))
    await outbox.take_over(after(1))
    assert rows.query(events) == [("sending", 0)], "its own worker does that"

    database.tell_of_changes([])
    await outbox.take_over(after(1))

    assert rows.query(events) == [("pending", 1)]


async def test_a_channel_that_has_the_name_of_another_target_takes_nothing_from_it(
    database: Database, store: IncidentStore, outbox: Outbox, rows: Rows
) -> None:
    database.tell_of_changes([EVENT_LOG])
    await declared(store, EVENT_LOG)
    await declared(store, EVENT_LOG)
    await outbox.forget_destination(await claim_one(outbox), "not in the channel", after(61))
    await outbox.messages.redirect(EVENT_LOG, INCIDENTS)

    events = "SELECT destination, lane, state FROM outbox WHERE target = 'log'"
    assert rows.query(events) == [(EVENT_LOG, EVENT_LOG, "pending")] * 2


async def test_other_destinations_are_not_forgotten(store: IncidentStore, outbox: Outbox) -> None:
    await declared(store, INCIDENTS, OPS)
    first, second = await claim(outbox)
    await outbox.forget_destination(second, "not in the channel", after(61))

    assert await outbox.messages.content(first) is not None


async def test_what_waits_for_a_channel_can_be_hurried(
    store: IncidentStore, outbox: Outbox
) -> None:
    await declared(store, INCIDENTS, OPS)
    for delivery in await claim(outbox):
        await outbox.put_back(delivery, after(120), "archived", is_uncertain=False)

    await outbox.hurry({INCIDENTS, "C0INC"}, after(61))

    assert [one.destination for one in await outbox.claim(after(61), 64, 64)] == [INCIDENTS]


async def test_a_link_is_kept_with_its_announcement(
    store: IncidentStore, outbox: Outbox, rows: Rows
) -> None:
    await declared(store, INCIDENTS, OPS)
    first, _second = await claim(outbox)

    await outbox.messages.keep_permalink(first, "https://example.slack.com/archives/C0INC/p1001")

    assert await store.permalinks([1], INCIDENTS) == {
        1: "https://example.slack.com/archives/C0INC/p1001"
    }
    assert (None,) in rows.of("announcements", "permalink")


async def test_deleting_edits_the_announcement_and_tells_nobody(
    store: IncidentStore, outbox: Outbox
) -> None:
    incident = await announced(store, outbox)
    await store.delete(by(CARA), incident.id)

    edit = await claim_one(outbox)
    content = await outbox.messages.content(edit)

    assert not edit.is_post
    assert content is not None
    assert content.incident.is_deleted


async def test_each_delivery_has_a_key_of_its_own(store: IncidentStore, outbox: Outbox) -> None:
    await declared(store, "C1", "C2")
    await declared(store, "C1")

    claimed = await outbox.claim(NOON, 9, 9)

    assert len({delivery.key for delivery in claimed}) == len(claimed) == 2


async def test_the_clock_of_the_store_dates_what_waits(
    store: IncidentStore, outbox: Outbox, clock: Clock
) -> None:
    clock.advance(1800)
    await declared(store)

    assert await outbox.claim(after(29), 64, 64) == ()
    assert len(await outbox.claim(after(30), 64, 64)) == 1


async def test_what_waits_for_an_earlier_announcement_channel_goes_to_the_one_of_now(
    store: IncidentStore, outbox: Outbox, rows: Rows
) -> None:
    incident = await declared(store, "war-room")
    await store.take(by(ANA), incident.id, Step.ACKNOWLEDGE)

    assert await outbox.messages.unposted_destinations() == ("war-room",)
    await outbox.messages.redirect("war-room", INCIDENTS)

    assert rows.of("announcements", "destination") == [(INCIDENTS,)]
    assert set(rows.of("outbox", "destination, lane")) == {(INCIDENTS, INCIDENTS)}


async def test_what_was_announced_stays_where_it_is(
    store: IncidentStore, outbox: Outbox, rows: Rows
) -> None:
    await declared(store, "war-room")
    await outbox.sent(await claim_one(outbox), "C0WAR", "1.000001", after(61))

    await outbox.messages.redirect("war-room", INCIDENTS)

    assert await outbox.messages.unposted_destinations() == ()
    assert rows.of("announcements", "destination") == [("war-room",)]


async def test_where_an_incident_is_announced_can_be_forgotten(
    store: IncidentStore, outbox: Outbox, rows: Rows
) -> None:
    await declared(store)
    delivery = await claim_one(outbox)
    await outbox.sent(delivery, "C0OLD", "1.000001", after(61))

    await outbox.messages.forget_place(delivery)

    assert rows.of("announcements", "channel_id, message_ts") == [(None, None)]


async def test_what_was_sent_long_ago_is_dropped_and_what_failed_is_kept(
    store: IncidentStore, outbox: Outbox, rows: Rows
) -> None:
    await declared(store, INCIDENTS, OPS)
    sent, failed = await claim(outbox)
    await outbox.sent(sent, "C0INCIDENTS", "1.000001", after(61))
    await outbox.failed(failed, "invalid_blocks", after(61))

    await store.forget_old(after(3600))

    assert rows.of("outbox", "state") == [("failed",)]


async def test_messages_sent_at_the_cutoff_itself_are_kept(
    store: IncidentStore, outbox: Outbox, rows: Rows
) -> None:
    await announced(store, outbox)

    await store.forget_old(after(60))

    assert rows.of("outbox", "state") == [("sent",)]


@ON_SQLITE
async def test_what_was_being_sent_is_due_at_a_start_whatever_the_clock_said_before(
    store: IncidentStore, outbox: Outbox, clock: Clock
) -> None:
    clock.advance(3600)
    await declared(store)
    await claim_one(outbox)

    await outbox.take_over(after(0))

    assert await outbox.next_due(1, 1) == after(0)


async def test_an_uncertain_message_stays_uncertain_while_it_is_tried_again(
    store: IncidentStore, outbox: Outbox, rows: Rows
) -> None:
    await declared(store)
    await outbox.put_back(await claim_one(outbox), NOON, "no answer", is_uncertain=True)

    await claim_one(outbox)

    assert rows.of("outbox", "state, is_uncertain") == [("sending", True)]


async def test_a_thread_is_in_doubt_only_while_a_post_in_it_is_uncertain(
    store: IncidentStore, outbox: Outbox
) -> None:
    incident = await announced(store, outbox)
    await store.post_update(by(BEN), incident.id, ProgressUpdate(message="Rolled back."))
    [post] = [one for one in await claim(outbox) if one.is_post]
    assert not await outbox.messages.is_thread_in_doubt(post)

    await outbox.put_back(post, NOON, "no answer", is_uncertain=True)

    assert await outbox.messages.is_thread_in_doubt(post)


async def test_forgetting_one_channel_leaves_what_waits_for_the_others(
    store: IncidentStore, outbox: Outbox
) -> None:
    await declared(store, INCIDENTS, OPS)
    [first] = await claim(outbox, 1)

    await outbox.forget_destination(first, "not in the channel", after(61))

    assert [one.destination for one in await claim(outbox)] == [OPS]


async def test_a_post_on_its_way_to_the_earlier_announcement_channel_is_not_redirected(
    store: IncidentStore, outbox: Outbox, rows: Rows
) -> None:
    await declared(store, "war-room")
    await claim_one(outbox)

    await outbox.messages.redirect("war-room", INCIDENTS)

    assert rows.of("outbox", "destination, lane") == [("war-room", "war-room")]


async def test_of_two_announcements_the_preferred_one_is_linked(
    store: IncidentStore, outbox: Outbox
) -> None:
    await declared(store, OPS, INCIDENTS, "z-last")
    for delivery in await claim(outbox):
        await outbox.sent(delivery, f"in {delivery.destination}", "1.1", after(61))

    place = await outbox.messages.place_elsewhere(delivery, INCIDENTS)

    assert place is not None
    assert place.channel_id == f"in {INCIDENTS}"
    assert await outbox.messages.announced_at(delivery, INCIDENTS) == (f"in {INCIDENTS}", "1.1")


@pytest.mark.parametrize(
    ("lane", "is_missed"), [("C0OPS", True), (f"C0OPS/{Operation.ORIGIN}", False)]
)
def test_the_reply_to_a_message_is_missed_but_not_its_edit(lane: str, *, is_missed: bool) -> None:
    delivery = a_delivery(operation=Operation.ORIGIN, destination="C0OPS", lane=lane)

    assert delivery.is_missed is is_missed


async def test_what_is_brought_forward_is_never_put_off(
    store: IncidentStore, outbox: Outbox
) -> None:
    await store.declare(by(CARA), a_declaration(), ["C1", "C2"])
    soon, late = await outbox.claim(NOON, 9, 9)
    for delivery, minutes in ((soon, 1), (late, 5)):
        await outbox.put_back(delivery, after(minutes), "Slack is away", is_uncertain=False)

    await outbox.bring_forward({soon.id: after(2), late.id: after(2)})

    due = await outbox.claim(after(1), 9, 9)
    assert [one.id for one in due] == [soon.id]
    assert [one.id for one in await outbox.claim(after(2), 9, 9)] == [late.id]
