"""Reminders in the database: said once, also by several processes, kept quiet when asked to."""

from collections.abc import Collection
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import delete

from incident_bot.domain.action_item import NewActionItem
from incident_bot.domain.actors import Viewer
from incident_bot.domain.edits import ProgressUpdate
from incident_bot.domain.errors import IncidentError, IncidentNotFound, RepeatedRequest
from incident_bot.domain.reminder import ReminderKind, ReminderPolicy
from incident_bot.domain.status import Step
from incident_bot.housekeeping import Chore
from incident_bot.store.action_items import ActionItems
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.engine.database import Database
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.reminders import Reminders
from incident_bot.store.rows.tables import responders
from tests.databases import Rows
from tests.factories import A_VIEWER, ANA, BEN, CARA, INCIDENTS, Clock, a_declaration, after, by

MINUTES = 60
HOURS = 60 * MINUTES
POLICY = ReminderPolicy(acknowledge_within={"High": timedelta(minutes=5)})


@pytest.fixture
def gone() -> set[str]:
    """Those whose Slack accounts are deactivated."""
    return set()


@pytest.fixture
def reminders(database: Database, clock: Clock, gone: set[str]) -> Reminders:
    async def find_deactivated(user_ids: Collection[str]) -> frozenset[str]:
        return frozenset(gone & set(user_ids))

    return Reminders(database, clock, POLICY, find_deactivated)


async def nobody(_: Collection[str]) -> frozenset[str]:
    """Everybody's account is active."""
    return frozenset()


@pytest.fixture
def remind_and_deliver(reminders: Reminders, outbox: Outbox, clock: Clock) -> Chore:
    """Says all that is due: each reminder once the one before it has gone out."""

    async def run() -> None:
        await reminders.remind()
        while await everything_goes_out(outbox, clock):
            await reminders.remind()

    return run


def said(rows: Rows) -> list[tuple[str, str]]:
    query = (
        "SELECT t.text, o.destination FROM outbox o JOIN timeline_entries t ON t.id = o.entry_id "
        "WHERE t.kind = 'reminded' ORDER BY o.id"
    )
    return [(str(text), str(destination)) for text, destination in rows.query(query)]


async def everything_goes_out(outbox: Outbox, clock: Clock) -> int:
    """Gives how many messages there were."""
    sent = 0
    while claimed := await outbox.claim(clock(), 99, 99):
        sent += len(claimed)
        for delivery in claimed:
            await outbox.sent(delivery, "C0INC", f"{delivery.id}.000001", clock())
    return sent


async def test_it_is_said_once_and_again_after_an_hour(
    store: IncidentStore, remind_and_deliver: Chore, clock: Clock, rows: Rows
) -> None:
    await store.declare(by(CARA), a_declaration(), [INCIDENTS, "C0OPS"])

    await remind_and_deliver()
    assert said(rows) == []
    clock.advance(5 * MINUTES)
    for _ in range(3):
        await remind_and_deliver()
    assert sorted(said(rows)) == [("acknowledge", "C0OPS"), ("acknowledge", INCIDENTS)]
    clock.advance(59 * MINUTES)
    await remind_and_deliver()
    assert len(said(rows)) == 2
    clock.advance(1 * MINUTES)
    await remind_and_deliver()
    assert len(said(rows)) == 4


async def test_of_many_that_are_due_at_once_one_waits_in_a_channel_and_then_the_next(
    store: IncidentStore, reminders: Reminders, outbox: Outbox, clock: Clock, rows: Rows
) -> None:
    for _ in range(3):
        await store.declare(by(CARA), a_declaration(), [INCIDENTS])
    await everything_goes_out(outbox, clock)
    clock.advance(5 * MINUTES)

    for already_said in range(3):
        for _ in range(2):
            await reminders.remind()
        assert said(rows) == [("acknowledge", INCIDENTS)] * (already_said + 1)
        await everything_goes_out(outbox, clock)

    entries = "timeline_entries WHERE kind = 'reminded'"
    assert rows.of(entries, "incident_id") == [(1,), (2,), (3,)]


async def test_one_that_waits_for_a_closed_channel_holds_up_none_in_others(
    store: IncidentStore, reminders: Reminders, outbox: Outbox, clock: Clock, rows: Rows
) -> None:
    await store.declare(by(CARA), a_declaration(), [INCIDENTS])
    await everything_goes_out(outbox, clock)
    clock.advance(5 * MINUTES)
    await reminders.remind()
    await store.declare(by(CARA), a_declaration(), [INCIDENTS, "C0OPS"])
    clock.advance(9 * MINUTES)
    await reminders.remind()
    assert said(rows) == [("acknowledge", INCIDENTS)]

    clock.advance(1 * MINUTES)
    await reminders.remind()

    assert said(rows) == [("acknowledge", INCIDENTS), ("acknowledge", "C0OPS")]


async def test_where_no_severity_has_a_time_no_incident_is_looked_at(
    store: IncidentStore, database: Database, clock: Clock, woken: list[bool]
) -> None:
    reminders = Reminders(database, clock, ReminderPolicy(), nobody)
    await store.declare(by(CARA), a_declaration(), [INCIDENTS])
    woken.clear()

    await reminders.remind()

    assert woken == []


async def test_two_processes_say_it_once(
    store: IncidentStore, reminders: Reminders, database: Database, clock: Clock, rows: Rows
) -> None:
    await store.declare(by(CARA), a_declaration(), [INCIDENTS])
    clock.advance(5 * MINUTES)
    other = Reminders(database, clock, POLICY, nobody)

    # Both have found it before either says it.
    for process in (reminders, other):
        say = process._say_if_due  # noqa: SLF001 - the moment cannot be met otherwise
        saying = partial(say, kind=ReminderKind.ACKNOWLEDGE, ids=[1], now=clock(), gone=())
        await database.write(saying)

    assert len(said(rows)) == 1


async def test_more_than_can_be_said_at_once_are_said_the_next_time(
    store: IncidentStore, reminders: Reminders, clock: Clock, rows: Rows
) -> None:
    for number in range(130):
        await store.declare(by(CARA), a_declaration(), [f"C{number}"])
    clock.advance(5 * MINUTES)

    await reminders.remind()
    assert len(said(rows)) == 100
    await reminders.remind()
    await reminders.remind()

    assert len(said(rows)) == 130


async def test_snooze_and_stop_hold_for_what_they_were_about(
    store: IncidentStore, reminders: Reminders, remind_and_deliver: Chore, clock: Clock, rows: Rows
) -> None:
    await store.declare(by(CARA), a_declaration(), [INCIDENTS])
    await store.take(by(ANA), 1, Step.ACKNOWLEDGE)
    promise = ProgressUpdate(message="Soon", next_update_in=timedelta(minutes=15))
    await store.post_update(by(ANA), 1, promise)

    until = await reminders.snooze(by(BEN), 1, ReminderKind.UPDATE)
    assert until == after(4 * 60)
    clock.advance(3 * HOURS)
    await remind_and_deliver()
    assert said(rows) == []
    clock.advance(1 * HOURS)
    await remind_and_deliver()
    assert said(rows) == [("update", ANA)]
    await reminders.stop(by(BEN), 1, ReminderKind.UPDATE)
    clock.advance(9 * HOURS)
    await remind_and_deliver()
    assert len(said(rows)) == 1
    await store.post_update(by(ANA), 1, promise)
    clock.advance(16 * MINUTES)
    await remind_and_deliver()
    assert len(said(rows)) == 2


async def test_a_new_promise_is_not_reminded_of_within_the_hour(
    store: IncidentStore, remind_and_deliver: Chore, clock: Clock, rows: Rows
) -> None:
    await store.declare(by(CARA), a_declaration(severity="Low"), [INCIDENTS])
    await store.take(by(ANA), 1, Step.ACKNOWLEDGE)
    promise = ProgressUpdate(message="Soon", next_update_in=timedelta(minutes=15))
    for minutes, times in ((15, 1), (15, 1), (15, 1), (15, 1), (15, 2)):
        await store.post_update(by(ANA), 1, promise)
        clock.advance(minutes * MINUTES)
        await remind_and_deliver()
        assert len(said(rows)) == times


async def test_a_reminder_is_no_change_and_breaks_no_silence(
    store: IncidentStore, remind_and_deliver: Chore, clock: Clock, rows: Rows
) -> None:
    incident = await store.declare(by(CARA), a_declaration(severity="Low"), [INCIDENTS])

    for _ in range(3):
        clock.advance(24 * HOURS)
        await remind_and_deliver()

    assert said(rows) == [("silence", INCIDENTS)] * 3
    assert rows.of("incidents", "version") == [(incident.version,)]


async def test_an_old_database_does_not_begin_with_a_flood(
    store: IncidentStore, reminders: Reminders, clock: Clock, rows: Rows
) -> None:
    for _ in range(5):
        await store.declare(by(CARA), a_declaration(), [INCIDENTS])
    clock.advance(30 * 24 * HOURS)

    await reminders.remind()

    assert said(rows) == []


async def test_what_needs_none_is_refused_in_words(
    store: IncidentStore, reminders: Reminders
) -> None:
    await store.declare(by(CARA), a_declaration(), [INCIDENTS])
    await store.take(by(ANA), 1, Step.RESOLVE)

    with pytest.raises(IncidentError, match="INC-1 needs no such reminder any more"):
        await reminders.stop(by(BEN), 1, ReminderKind.ACKNOWLEDGE)


async def test_a_press_that_comes_twice_counts_once(
    store: IncidentStore, reminders: Reminders
) -> None:
    await store.declare(by(CARA), a_declaration(), [INCIDENTS])
    await reminders.snooze(by(BEN, "press:1"), 1, ReminderKind.ACKNOWLEDGE)

    with pytest.raises(RepeatedRequest):
        await reminders.snooze(by(BEN, "press:1"), 1, ReminderKind.ACKNOWLEDGE)


async def test_others_cannot_hush_what_is_private(
    store: IncidentStore, reminders: Reminders
) -> None:
    await store.declare(by(CARA), a_declaration(is_private=True), [])

    with pytest.raises(IncidentNotFound):
        await reminders.stop(by(BEN), 1, ReminderKind.ACKNOWLEDGE)


async def test_who_is_no_user_of_slack_is_not_written_to(
    store: IncidentStore, reminders: Reminders, clock: Clock, rows: Rows
) -> None:
    await store.declare(by(CARA), a_declaration(severity="Low"), [INCIDENTS])
    promise = ProgressUpdate(message="Soon", next_update_in=timedelta(minutes=15))
    await store.post_update(by("cron"), 1, promise)
    clock.advance(15 * MINUTES)

    await reminders.remind()

    assert said(rows) == [("update", INCIDENTS)]


async def test_what_is_done_of_several_action_items_does_not_bring_back_the_others(
    store: IncidentStore,
    reminders: Reminders,
    action_items: ActionItems,
    clock: Clock,
    rows: Rows,
) -> None:
    incident = await store.declare(by(CARA), a_declaration(severity="Low"), [INCIDENTS])
    for text, due_at in (("Fix the alert", after(60)), ("Tell the shops", after(120))):
        item = NewActionItem(text, BEN, due_at)
        _, latest = await action_items.add(by(CARA), incident.id, item)
    clock.advance(121 * MINUTES)
    await reminders.remind()
    assert said(rows) == [("action", BEN)]

    await reminders.stop(by(BEN), incident.id, ReminderKind.ACTION, BEN)
    await action_items.finish(by(BEN), incident.id, latest.id)
    clock.advance(2 * HOURS)
    await reminders.remind()

    assert said(rows) == [("action", BEN)]


async def test_an_item_whose_owner_may_not_see_its_incident_any_more_is_the_leads(
    store: IncidentStore,
    reminders: Reminders,
    action_items: ActionItems,
    database: Database,
    clock: Clock,
    rows: Rows,
) -> None:
    incident = await store.declare(by(CARA), a_declaration(severity="Low", is_private=True), [])
    await store.take(by(CARA), incident.id, Step.ACKNOWLEDGE)
    await store.add_responder(by(CARA), incident.id, BEN)
    item = NewActionItem("Fix the alert", BEN, after(60))
    await action_items.add(by(CARA), incident.id, item)
    await database.write(lambda connection: connection.execute(delete(responders)))
    clock.advance(60 * MINUTES)

    await reminders.remind()

    assert said(rows) == [("action", CARA)]


async def test_a_snooze_beyond_the_last_reminder_says_so(
    store: IncidentStore, reminders: Reminders, clock: Clock
) -> None:
    await store.declare(by(CARA), a_declaration(), [INCIDENTS])

    clock.advance(20 * HOURS)
    assert await reminders.snooze(by(BEN), 1, ReminderKind.ACKNOWLEDGE) == after(24 * 60)
    clock.advance(5 * MINUTES)
    assert await reminders.snooze(by(BEN), 1, ReminderKind.ACKNOWLEDGE) is None


@pytest.mark.parametrize(("minutes", "is_said"), [(24 * 60 + 4, True), (24 * 60 + 5, False)])
async def test_what_is_due_for_a_day_is_given_up(
    store: IncidentStore,
    reminders: Reminders,
    clock: Clock,
    rows: Rows,
    *,
    minutes: int,
    is_said: bool,
) -> None:
    await store.declare(by(CARA), a_declaration(), [INCIDENTS])
    clock.advance(minutes * MINUTES)

    await reminders.remind()

    assert (("acknowledge", INCIDENTS) in said(rows)) is is_said


async def test_a_reminder_of_action_items_lists_what_is_due_by_then_earliest_first(
    store: IncidentStore,
    reminders: Reminders,
    action_items: ActionItems,
    outbox: Outbox,
    clock: Clock,
) -> None:
    await store.declare(by(CARA), a_declaration(severity="Low"), [])
    for text, minutes in (("now", 60), ("before", 30), ("later", 61)):
        await action_items.add(by(BEN), 1, NewActionItem(text, BEN, after(minutes)))
    clock.advance(60 * MINUTES)

    await reminders.remind()

    [direct] = await outbox.claim(clock(), 9, 9)
    content = await outbox.messages.content(direct)
    assert content is not None
    assert [item.text for item in content.action_items.shown] == ["before", "now"]


@pytest.mark.parametrize(("minutes", "is_said"), [(59, True), (60, False)])
async def test_what_is_due_for_a_week_is_given_up(
    store: IncidentStore,
    reminders: Reminders,
    action_items: ActionItems,
    clock: Clock,
    rows: Rows,
    *,
    minutes: int,
    is_said: bool,
) -> None:
    await store.declare(by(CARA), a_declaration(severity="Low"), [INCIDENTS])
    await action_items.add(by(BEN), 1, NewActionItem("Fix the alert", BEN, after(60)))
    clock.advance(7 * 24 * HOURS + minutes * MINUTES)

    await reminders.remind()

    assert (("action", BEN) in said(rows)) is is_said


async def test_nobody_is_reminded_of_the_action_items_of_a_deleted_incident(
    store: IncidentStore,
    reminders: Reminders,
    action_items: ActionItems,
    clock: Clock,
    rows: Rows,
) -> None:
    await store.declare(by(CARA), a_declaration(severity="Low"), [INCIDENTS])
    await action_items.add(by(BEN), 1, NewActionItem("Fix the alert", BEN, after(60)))
    await store.delete(by(CARA), 1)
    clock.advance(60 * MINUTES)

    await reminders.remind()

    assert said(rows) == []


async def test_who_stopped_reminders_is_reminded_of_what_is_due_later(
    store: IncidentStore,
    reminders: Reminders,
    remind_and_deliver: Chore,
    action_items: ActionItems,
    clock: Clock,
    rows: Rows,
) -> None:
    await store.declare(by(CARA), a_declaration(severity="Low"), [INCIDENTS])
    for text, minutes in (("Fix the alert", 60), ("Tell the shops", 200)):
        await action_items.add(by(CARA), 1, NewActionItem(text, BEN, after(minutes)))
    clock.advance(60 * MINUTES)
    await remind_and_deliver()
    await reminders.stop(by(BEN), 1, ReminderKind.ACTION, BEN)

    clock.advance(140 * MINUTES)
    await remind_and_deliver()

    assert said(rows) == [("action", BEN)] * 2


async def test_each_owner_is_reminded_of_what_is_due(
    store: IncidentStore,
    remind_and_deliver: Chore,
    action_items: ActionItems,
    clock: Clock,
    rows: Rows,
) -> None:
    for incident_id, owner in ((1, BEN), (1, ANA), (2, BEN)):
        if incident_id > rows.count("incidents"):
            await store.declare(by(CARA), a_declaration(severity="Low"), [])
        item = NewActionItem("Fix the alert", owner, after(60))
        await action_items.add(by(owner), incident_id, item)
    clock.advance(60 * MINUTES)

    await remind_and_deliver()

    assert said(rows) == [("action", ANA), ("action", BEN), ("action", BEN)]


async def led_by_ben(store: IncidentStore, **changes: bool) -> None:
    """An incident that Cara declared, and Ben took on and promised an update of."""
    await store.declare(by(CARA), a_declaration(severity="Low", **changes), [INCIDENTS])
    await store.hand_over(by(CARA), 1, BEN)
    await store.take(by(BEN), 1, Step.ACKNOWLEDGE)
    promise = ProgressUpdate(message="Soon", next_update_in=timedelta(minutes=30))
    await store.post_update(by(BEN), 1, promise)


async def test_when_the_lead_left_the_company_the_channel_hears_that_nobody_leads(
    store: IncidentStore, reminders: Reminders, gone: set[str], clock: Clock, rows: Rows
) -> None:
    await led_by_ben(store)
    gone.add(BEN)
    clock.advance(30 * MINUTES)

    await reminders.remind()

    assert said(rows) == [("update", INCIDENTS)]
    [*_, lost, _] = await store.timeline(1, A_VIEWER)
    assert (lost.is_loss_of_lead, lost.before) == (True, BEN)
    assert (await store.get(1, A_VIEWER)).lead is None


async def test_losing_the_lead_ends_no_silence(
    store: IncidentStore, remind_and_deliver: Chore, gone: set[str], clock: Clock, rows: Rows
) -> None:
    await led_by_ben(store)
    gone.add(BEN)
    clock.advance(3 * HOURS)
    await remind_and_deliver()

    clock.advance(21 * HOURS)
    await remind_and_deliver()

    assert ("silence", INCIDENTS) in said(rows)


async def test_who_promised_an_update_is_reminded_when_the_lead_left_the_company(
    store: IncidentStore, reminders: Reminders, gone: set[str], clock: Clock, rows: Rows
) -> None:
    await led_by_ben(store)
    promise = ProgressUpdate(message="Soon", next_update_in=timedelta(minutes=30))
    await store.post_update(by(ANA), 1, promise)
    gone.add(BEN)
    clock.advance(30 * MINUTES)

    await reminders.remind()

    assert said(rows) == [("update", ANA)]


async def test_a_lead_who_left_the_company_still_sees_what_is_private_when_they_return(
    store: IncidentStore, reminders: Reminders, gone: set[str], clock: Clock
) -> None:
    await led_by_ben(store, is_private=True)
    gone.add(BEN)
    clock.advance(30 * MINUTES)

    await reminders.remind()

    assert (await store.get(1, Viewer(BEN))).lead is None


@pytest.mark.parametrize(
    ("is_lead_gone", "told"), [(False, ANA), (True, INCIDENTS)], ids=["the lead", "the channel"]
)
async def test_the_action_items_of_who_left_the_company_are_the_leads_or_everybodys(
    store: IncidentStore,
    reminders: Reminders,
    action_items: ActionItems,
    gone: set[str],
    clock: Clock,
    rows: Rows,
    *,
    is_lead_gone: bool,
    told: str,
) -> None:
    await store.declare(by(CARA), a_declaration(severity="Low"), [INCIDENTS])
    await store.hand_over(by(CARA), 1, ANA)
    await action_items.add(by(BEN), 1, NewActionItem("Fix the alert", BEN, after(60)))
    gone.update({BEN, ANA} if is_lead_gone else {BEN})
    clock.advance(60 * MINUTES)

    await reminders.remind()

    assert said(rows) == [("action", told)]


async def test_nobody_is_looked_up_again_for_what_was_reminded_of(
    store: IncidentStore, action_items: ActionItems, database: Database, clock: Clock
) -> None:
    looked_up: list[Collection[str]] = []

    async def find_deactivated(user_ids: Collection[str]) -> frozenset[str]:
        looked_up.append(user_ids)
        return frozenset()

    reminders = Reminders(database, clock, POLICY, find_deactivated)
    await store.declare(by(CARA), a_declaration(severity="Low"), [INCIDENTS])
    await action_items.add(by(BEN), 1, NewActionItem("Fix the alert", BEN, after(60)))
    clock.advance(60 * MINUTES)

    for _ in range(3):
        await reminders.remind()

    assert looked_up == [{BEN}]


async def test_the_channels_hear_a_reminder_that_does_not_reach_the_lead(
    store: IncidentStore, reminders: Reminders, outbox: Outbox, clock: Clock, rows: Rows
) -> None:
    await store.declare(by(CARA), a_declaration(), [INCIDENTS, "C0OPS"])
    await store.take(by(BEN), 1, Step.ACKNOWLEDGE)
    await everything_goes_out(outbox, clock)
    clock.advance(24 * HOURS)
    await reminders.remind()

    [to_ben] = await outbox.claim(clock(), 99, 99)
    await outbox.failed(to_ben, "chat.postMessage answered user_not_found", clock())

    assert to_ben.destination == BEN
    silence = str(ReminderKind.SILENCE)
    assert sorted(said(rows)) == [(silence, "C0OPS"), (silence, BEN), (silence, INCIDENTS)]
    assert rows.query("SELECT after FROM timeline_entries WHERE kind = 'reminded'") == [(None,)]
