"""The outbox in the hands of an operator: seen, retried, discarded."""

import pytest

from incident_bot.domain.actors import Viewer
from incident_bot.domain.edits import ProgressUpdate
from incident_bot.domain.status import Step
from incident_bot.domain.timeline import EntryKind
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.case import SeenVersion
from incident_bot.store.engine.database import Database
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.outbox.deliveries import Delivery
from incident_bot.store.outbox.operations import Operation
from incident_bot.store.outbox.undelivered import Mended, Message, Refusal, Undelivered
from tests.databases import Rows
from tests.factories import ANA, CARA, INCIDENTS, NOON, Clock, a_declaration, after, by
from tests.store.declaring import declared

OPS = "C0OPS"


@pytest.fixture
def undelivered(database: Database, clock: Clock, woken: list[bool]) -> Undelivered:
    return Undelivered(database, clock, lambda: woken.append(True))


async def failed(outbox: Outbox) -> None:
    """Give up what is due."""
    for delivery in await claim(outbox):
        await outbox.failed(delivery, "invalid_blocks", NOON)


async def claim(outbox: Outbox) -> tuple[Delivery, ...]:
    return await outbox.claim(NOON, 64, 64)


async def test_what_is_not_sent_is_shown_with_all_that_is_known(
    store: IncidentStore, outbox: Outbox, undelivered: Undelivered, clock: Clock
) -> None:
    await declared(store)
    await failed(outbox)
    clock.advance(60)
    await store.take(by(ANA), 1, Step.RESOLVE)

    post, edit, told = await undelivered.page()

    announcement = Operation.ANNOUNCEMENT
    assert post == Message(
        id=1,
        incident_id=1,
        target="slack",
        operation=announcement,
        entry_kind=None,
        is_edit=False,
        destination=INCIDENTS,
        state="failed",
        attempts=1,
        created_at=NOON,
        reason="invalid_blocks",
    )
    assert (edit.operation, edit.is_edit, edit.state, edit.reason) == (
        announcement,
        True,
        "pending",
        None,
    )
    assert (told.operation, told.entry_kind) == (Operation.NOTIFICATION, EntryKind.RESOLVED)
    assert told.created_at == after(1)


async def test_an_edit_is_told_from_a_post_and_from_what_is_done_to_a_channel(
    store: IncidentStore, outbox: Outbox, undelivered: Undelivered
) -> None:
    await store.declare(by(CARA), a_declaration(wants_channel=True), [INCIDENTS])
    await store.post_update(by(ANA), 1, ProgressUpdate(message="Rolled bakc"))
    for _ in range(2):
        for delivery in await claim(outbox):
            if delivery.operation.is_message:
                await outbox.sent(delivery, "C0INC", f"{delivery.id}.000001", NOON)
    await store.edit_update(by(ANA), SeenVersion(1, 2, None), "Rolled back")

    shown = [(one.operation, one.entry_kind, one.is_edit) for one in await undelivered.page()]

    assert shown == [
        (Operation.CHANNEL, None, False),
        (Operation.NOTIFICATION, EntryKind.UPDATE_POSTED, True),
        (Operation.ANNOUNCEMENT, None, True),
    ]


async def test_what_was_sent_or_discarded_is_shown_to_who_asks(
    store: IncidentStore, outbox: Outbox, undelivered: Undelivered
) -> None:
    await declared(store, INCIDENTS, OPS, "C0THIRD")
    await undelivered.discard([2])
    [first, _third] = await claim(outbox)
    await outbox.sent(first, "C0INC", "100.1", NOON)

    everything = await undelivered.page(with_settled=True)

    assert [message.state for message in everything] == ["sent", "discarded", "sending"]
    assert [message.id for message in await undelivered.page()] == [3]
    assert [message.id for message in await undelivered.page(1, with_settled=True)] == [2, 3]


async def test_what_failed_is_tried_again_as_soon_as_asked(
    store: IncidentStore, outbox: Outbox, undelivered: Undelivered, woken: list[bool]
) -> None:
    await declared(store)
    await failed(outbox)
    woken.clear()

    assert await undelivered.retry([1]) == Mended((1,), ())

    [delivery] = await claim(outbox)
    assert (delivery.id, delivery.attempts, delivery.is_uncertain) == (1, 2, False)
    assert woken == [True]


async def test_what_waits_for_its_time_is_due_at_once(
    store: IncidentStore, outbox: Outbox, undelivered: Undelivered
) -> None:
    await declared(store)
    [delivery] = await claim(outbox)
    await outbox.put_back(delivery, after(60), "archived", is_uncertain=True)

    await undelivered.retry([1])

    [delivery] = await claim(outbox)
    assert delivery.is_uncertain


async def test_what_is_discarded_is_never_sent_and_keeps_why(
    store: IncidentStore, outbox: Outbox, undelivered: Undelivered, rows: Rows
) -> None:
    await declared(store, INCIDENTS)
    await failed(outbox)
    await declared(store, OPS)

    assert await undelivered.discard([2, 1]) == Mended((1, 2), ())

    assert await claim(outbox) == ()
    assert rows.of("outbox", "id, state, reason") == [
        (1, "discarded", "invalid_blocks"),
        (2, "discarded", "discarded by an operator"),
    ]


async def test_what_is_discarded_holds_nothing_up(
    store: IncidentStore, outbox: Outbox, undelivered: Undelivered
) -> None:
    await declared(store)
    await declared(store)

    await undelivered.discard([1])

    assert [delivery.id for delivery in await claim(outbox)] == [2]


async def test_without_its_first_post_an_incident_is_announced_at_its_next_change(
    store: IncidentStore, outbox: Outbox, undelivered: Undelivered
) -> None:
    await declared(store)
    await undelivered.discard([1])

    await store.take(by(ANA), 1, Step.RESOLVE)

    edit, told = await claim(outbox)
    assert (edit.operation, told.operation) == (Operation.ANNOUNCEMENT, Operation.NOTIFICATION)
    content = await outbox.messages.content(edit)
    assert content is not None
    assert content.message_ts is None


async def test_what_cannot_be_mended_is_left_and_named_and_the_others_are_mended(
    store: IncidentStore, outbox: Outbox, undelivered: Undelivered, rows: Rows
) -> None:
    await declared(store, "C1", "C2", "C3", "C4")
    await undelivered.discard([3, 4])
    first, _second = await claim(outbox)
    await outbox.sent(first, "C1", "100.1", NOON)
    await declared(store, "C5")
    before = rows.of("outbox", "id, state")[:4]
    refused = (
        Refusal(1, "sent"),
        Refusal(2, "sending"),
        Refusal(3, "discarded"),
        Refusal(4, "discarded"),
        Refusal(99, None),
    )

    for mend in (undelivered.retry, undelivered.discard):
        assert await mend([99, 5, 4, 3, 2, 1]) == Mended((5,), refused)

    assert rows.of("outbox", "id, state") == [*before, (5, "discarded")]


async def test_what_a_process_that_is_gone_has_can_be_mended_where_processes_share_the_database(
    store: IncidentStore, outbox: Outbox, undelivered: Undelivered, rows: Rows, database: Database
) -> None:
    await declared(store)
    await claim(outbox)
    rows.execute("UPDATE outbox SET lease_until = '2026-01-01 00:00:00'")

    mended = await undelivered.retry([1])

    # On SQLite there is no lease: a worker that holds it is there.
    assert bool(mended.done) is database.is_shared
    assert bool(rows.of("outbox", "is_uncertain")[0][0]) is database.is_shared


async def test_where_no_worker_runs_nothing_is_being_sent(
    store: IncidentStore, outbox: Outbox, database: Database, clock: Clock, rows: Rows
) -> None:
    await declared(store, INCIDENTS, OPS)
    await claim(outbox)
    alone = Undelivered(database, clock, lambda: None, is_alone=True)

    assert await alone.retry([1]) == Mended((1,), ())
    assert await alone.discard([2]) == Mended((2,), ())

    first, second = rows.of("outbox", "id, state, is_uncertain")
    assert first == (1, "pending", True)
    assert second == (2, "discarded", False)


async def test_what_was_discarded_long_ago_is_dropped(
    store: IncidentStore, undelivered: Undelivered, rows: Rows
) -> None:
    await declared(store)
    await undelivered.discard([1])

    await store.forget_old(after(3600))

    assert rows.count("outbox") == 0


async def test_messages_are_counted_by_state(
    store: IncidentStore, outbox: Outbox, undelivered: Undelivered
) -> None:
    await declared(store, "C1", "C2", "C3", "C4")
    first, second, _third = await outbox.claim(NOON, 3, 0)
    await outbox.sent(first, "C1", "1.000001", NOON)
    await outbox.failed(second, "refused", NOON)

    assert await undelivered.counts() == {"sent": 1, "failed": 1, "sending": 1, "pending": 1}


async def test_an_empty_outbox_counts_nothing(undelivered: Undelivered) -> None:
    assert await undelivered.counts() == {}
    assert await undelivered.waited() == {}


async def test_the_oldest_message_is_the_one_that_has_waited_longest(
    store: IncidentStore, outbox: Outbox, undelivered: Undelivered, clock: Clock
) -> None:
    await declared(store, "C1")
    clock.now = after(60)
    await declared(store, "C2")
    clock.now = after(90)

    waited = await undelivered.waited()
    [first, _second] = await outbox.claim(after(90), 2, 0)
    await outbox.failed(first, "refused", after(90))

    assert (waited, await undelivered.waited()) == ({"slack": 5400}, {"slack": 1800})


async def test_why_messages_were_given_up_is_shown(
    store: IncidentStore, outbox: Outbox, undelivered: Undelivered
) -> None:
    await declared(store)
    await failed(outbox)

    assert await undelivered.failures(5, Viewer("ci")) == (f"INC-1 in {INCIDENTS}: invalid_blocks",)


async def test_why_messages_of_a_private_incident_were_given_up_names_neither_it_nor_its_people(
    store: IncidentStore, outbox: Outbox, undelivered: Undelivered
) -> None:
    await store.declare(by(CARA), a_declaration(is_private=True), [])
    await store.hand_over(by(CARA), 1, ANA)
    for delivery in await claim(outbox):
        await outbox.failed(delivery, f"Slack does not let in {ANA}", NOON)

    told = await undelivered.failures(5, Viewer("ci"))
    assert sorted(told) == ["a message: channel", "a message: direct"]
    told = await undelivered.failures(5, Viewer("admin", sees_private=True))
    assert sorted(told) == [
        f"INC-1 in INC-1: Slack does not let in {ANA}",
        f"INC-1 in {ANA}: Slack does not let in {ANA}",
    ]


async def test_messages_of_a_private_incident_are_not_there_for_who_may_not_see_it(
    store: IncidentStore, undelivered: Undelivered
) -> None:
    await store.declare(by(CARA), a_declaration(is_private=True), [])
    await declared(store)

    assert [one.incident_id for one in await undelivered.page(viewer=Viewer("ci"))] == [2]
    for mend in (undelivered.retry, undelivered.discard):
        assert await mend([1, 2], Viewer("ci")) == Mended((2,), (Refusal(1, None),))
    admin = Viewer("admin", sees_private=True)
    assert [one.incident_id for one in await undelivered.page(viewer=admin)] == [1]
    assert await undelivered.discard([1], admin) == Mended((1,), ())


async def test_the_latest_failures_come_first(
    store: IncidentStore, outbox: Outbox, undelivered: Undelivered
) -> None:
    await declared(store, "C1", "C2", "C3")
    for delivery in await claim(outbox):
        await outbox.failed(delivery, f"refused by {delivery.destination}", NOON)

    assert await undelivered.failures(2, Viewer("ci")) == (
        "INC-1 in C3: refused by C3",
        "INC-1 in C2: refused by C2",
    )


async def test_a_page_has_500_messages(store: IncidentStore, undelivered: Undelivered) -> None:
    await declared(store, *(f"C{number}" for number in range(501)))

    first, last = [await undelivered.page(after_id) for after_id in (0, 500)]

    assert [first[0].id, first[-1].id, len(first)] == [1, 500, 500]
    assert [message.id for message in last] == [501]
