"""Who asked for a message is told, by the outbox, what keeps it or has ended it."""

from datetime import timedelta

import pytest

from incident_bot.store.after_delivery import Outbox
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.outbox.deliveries import Delivery
from incident_bot.store.outbox.operations import Operation
from incident_bot.store.outbox.troubles import Trouble
from tests.databases import Rows
from tests.factories import BEN, CARA, INCIDENTS, NOON, Clock, a_declaration, after, by
from tests.store.declaring import declared

REASON = "Slack answered is_archived"


@pytest.fixture
async def kept(store: IncidentStore, outbox: Outbox) -> Delivery:
    """An announcement that the channel does not take, of which Cara is told."""
    await declared(store)
    (delivery,) = await outbox.claim(NOON, 9, 9)
    await outbox.put_back(delivery, after(10), REASON, is_uncertain=False)
    await outbox.tell_what_keeps(delivery, CARA, NOON)
    return delivery


async def the_trouble(outbox: Outbox) -> Delivery:
    (delivery,) = await outbox.claim(NOON, 9, 9)
    return delivery


async def found(outbox: Outbox, delivery: Delivery) -> Trouble | None:
    content = await outbox.messages.content(delivery)
    assert content is not None
    return content.trouble


async def test_trouble_is_told_in_a_message_to_who_asked(kept: Delivery, outbox: Outbox) -> None:
    delivery = await the_trouble(outbox)

    assert (delivery.operation, delivery.destination) == (Operation.TROUBLE, CARA)
    assert delivery.about_id == kept.id
    expected = Trouble(Operation.ANNOUNCEMENT, INCIDENTS, REASON)
    assert await found(outbox, delivery) == expected


async def test_what_keeps_a_message_is_told_once(
    kept: Delivery, outbox: Outbox, rows: Rows
) -> None:
    await outbox.sent(await the_trouble(outbox), "D0CARA", "1.000001", NOON)

    await outbox.tell_what_keeps(kept, CARA, after(1))

    assert rows.count("outbox") == 2


@pytest.mark.usefixtures("kept")
async def test_that_it_has_ended_is_told_anew(outbox: Outbox) -> None:
    await outbox.sent(await the_trouble(outbox), "D0CARA", "1.000001", NOON)
    (again,) = await outbox.claim(after(10), 9, 9)
    await outbox.failed(again, "gone", after(10), tell=CARA)

    (trouble,) = await outbox.claim(after(10), 9, 9)

    expected = Trouble(Operation.ANNOUNCEMENT, INCIDENTS, "gone", is_final=True)
    assert await found(outbox, trouble) == expected


@pytest.mark.usefixtures("kept")
async def test_what_waits_to_tell_of_it_tells_how_things_are_then(
    outbox: Outbox, rows: Rows
) -> None:
    trouble = await the_trouble(outbox)
    (again,) = await outbox.claim(after(10), 9, 9)
    await outbox.failed(again, "gone", after(10), tell=CARA)

    assert rows.count("outbox") == 2
    told = await found(outbox, trouble)
    assert told is not None
    assert told.is_final


@pytest.mark.usefixtures("kept")
async def test_once_it_has_gone_out_the_trouble_is_over(outbox: Outbox) -> None:
    trouble = await the_trouble(outbox)
    (again,) = await outbox.claim(after(10), 9, 9)
    await outbox.sent(again, "C0INC", "1.000001", after(10))

    told = await found(outbox, trouble)

    assert told is not None
    assert told.is_over


async def test_with_a_message_that_is_forgotten_its_trouble_goes(
    kept: Delivery, outbox: Outbox, rows: Rows
) -> None:
    (again,) = [one for one in await outbox.claim(after(10), 9, 9) if one.id == kept.id]
    await outbox.sent(again, "C0INC", "1.000001", after(10))
    rows.execute("DELETE FROM outbox WHERE about_id IS NULL")

    assert rows.count("outbox") == 0


@pytest.mark.parametrize(("minutes", "is_told"), [(9, True), (11, None)])
async def test_that_it_was_told_shows_for_a_while_that_slack_takes_messages(
    kept: Delivery, outbox: Outbox, minutes: int, *, is_told: bool | None
) -> None:
    assert await outbox.is_trouble_told(kept, NOON) is None
    await outbox.sent(await the_trouble(outbox), "D0CARA", "1.000001", NOON)

    now = NOON + timedelta(minutes=minutes)

    assert await outbox.is_trouble_told(kept, now) is is_told


async def test_while_another_message_to_them_is_tried_in_vain_they_cannot_be_told(
    kept: Delivery, store: IncidentStore, outbox: Outbox
) -> None:
    trouble = await the_trouble(outbox)
    await outbox.put_back(trouble, after(1), "no answer", is_uncertain=True)
    await store.declare(by(CARA), a_declaration(), ["C0OPS"])
    (other,) = await outbox.claim(NOON, 9, 9)

    await outbox.tell_what_keeps(other, CARA, NOON)

    assert await outbox.is_trouble_told(kept, NOON) is False
    assert await outbox.is_trouble_told(other, NOON) is False


async def test_whom_a_private_incident_does_not_concern_hears_of_no_trouble(
    store: IncidentStore, outbox: Outbox, clock: Clock
) -> None:
    await store.declare(by(CARA), a_declaration(is_private=True), [])
    (channel,) = await outbox.claim(clock(), 9, 9)

    await outbox.failed(channel, REASON, clock(), tell=BEN)

    assert await outbox.messages.content(await the_trouble(outbox)) is None
