"""The message from which an incident was declared: it is answered once, and linked in the end."""

import asyncio

import pytest

from incident_bot.domain.declaration import OriginMessage
from incident_bot.domain.errors import RepeatedRequest
from incident_bot.domain.incident import Incident
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.outbox.deliveries import Delivery
from incident_bot.store.outbox.operations import Operation
from tests.databases import Rows
from tests.factories import CARA, INCIDENTS, a_declaration, after, by

ORIGIN = OriginMessage("C0OPS", "100.1")


async def declared(store: IncidentStore, *, is_private: bool = False) -> Incident:
    declaration = a_declaration(is_private=is_private)
    return await store.declare(by(CARA), declaration, [INCIDENTS], ORIGIN)


async def claimed(outbox: Outbox) -> dict[Operation, Delivery]:
    """What is due, by its operation; each is there once."""
    deliveries = await outbox.claim(after(60), 64, 64)
    assert len({delivery.operation for delivery in deliveries}) == len(deliveries)
    return {delivery.operation: delivery for delivery in deliveries}


async def sent(outbox: Outbox, delivery: Delivery) -> None:
    await outbox.sent(delivery, "C0ANY", f"{delivery.id}.5", after(60))


async def test_the_reply_is_a_post_like_others_in_that_channel(
    store: IncidentStore, outbox: Outbox
) -> None:
    await declared(store)

    reply = (await claimed(outbox))[Operation.ORIGIN]

    content = await outbox.messages.content(reply)
    assert (reply.destination, reply.lane, reply.is_post) == ("C0OPS", "C0OPS", True)
    assert content is not None
    assert (content.channel_id, content.message_ts, content.thread_ts) == ("C0OPS", None, "100.1")


@pytest.mark.parametrize(
    "order",
    [
        [Operation.ANNOUNCEMENT, Operation.ORIGIN],
        [Operation.ORIGIN, Operation.ANNOUNCEMENT],
    ],
)
async def test_the_reply_is_edited_once_when_it_and_the_announcement_are_there(
    store: IncidentStore, outbox: Outbox, order: list[Operation]
) -> None:
    await declared(store)
    first, last = (deliveries := await claimed(outbox))[order[0]], deliveries[order[1]]
    await sent(outbox, first)
    assert await claimed(outbox) == {}

    await sent(outbox, last)

    edit = (await claimed(outbox))[Operation.ORIGIN]
    content = await outbox.messages.content(edit)
    assert not edit.is_post
    assert content is not None
    assert content.message_ts == f"{deliveries[Operation.ORIGIN].id}.5"
    announcement = deliveries[Operation.ANNOUNCEMENT]
    assert await outbox.messages.announced_at(edit, INCIDENTS) == ("C0ANY", f"{announcement.id}.5")
    await outbox.sent(edit, "C0OPS", str(content.message_ts), after(60))
    assert await claimed(outbox) == {}


async def test_both_sent_at_the_same_moment_still_are_linked(
    store: IncidentStore, outbox: Outbox
) -> None:
    await declared(store)

    await asyncio.gather(*(sent(outbox, one) for one in (await claimed(outbox)).values()))

    assert (await claimed(outbox)).keys() == {Operation.ORIGIN}


async def test_what_is_private_is_told_nowhere(
    store: IncidentStore, outbox: Outbox, rows: Rows
) -> None:
    await declared(store, is_private=True)

    assert (await claimed(outbox)).keys() == {Operation.CHANNEL}
    assert rows.count("origins") == 0


async def test_a_declaration_without_a_message_has_nothing_to_answer(
    store: IncidentStore, outbox: Outbox
) -> None:
    await store.declare(by(CARA), a_declaration(), [INCIDENTS])
    announcement = (await claimed(outbox))[Operation.ANNOUNCEMENT]

    await sent(outbox, announcement)

    assert await claimed(outbox) == {}
    assert await outbox.messages.announced_at(announcement, INCIDENTS) is not None


async def test_a_declaration_sent_twice_is_answered_once(store: IncidentStore, rows: Rows) -> None:
    request = by(CARA, "view:V1")
    await store.declare(request, a_declaration(), [INCIDENTS], ORIGIN)

    with pytest.raises(RepeatedRequest):
        await store.declare(request, a_declaration(), [INCIDENTS], ORIGIN)

    assert rows.count("origins") == 1


async def test_the_reply_is_linked_to_whichever_announcement_is_there(
    store: IncidentStore, outbox: Outbox
) -> None:
    await store.declare(by(CARA), a_declaration(), ["C0FIRST", INCIDENTS], ORIGIN)
    first, second, reply = await outbox.claim(after(60), 64, 64)
    assert (first.destination, second.destination) == ("C0FIRST", INCIDENTS)
    await sent(outbox, reply)

    await sent(outbox, second)

    assert (await claimed(outbox)).keys() == {Operation.ORIGIN}
