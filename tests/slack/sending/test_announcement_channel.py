"""Whether the announcement channel can be posted in, and what waits for it."""

from collections.abc import MutableMapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from incident_bot.delivery.pace import Pace
from incident_bot.delivery.worker import Worker
from incident_bot.slack.api.channels import Channels
from incident_bot.slack.sending.announcement_channel import AnnouncementChannel
from incident_bot.slack.services import Services
from incident_bot.store.after_delivery import Outbox
from tests.delivery.support import FakeSender
from tests.factories import CARA, INCIDENTS, Clock, a_declaration, by
from tests.web_api import WebApi, error, ok

if TYPE_CHECKING:
    from incident_bot.store.outbox.deliveries import Delivery

Logs = list[MutableMapping[str, Any]]
ARCHIVED = "the channel incidents is archived: unarchive it"
HERE = {"id": "C0INC", "name": INCIDENTS, "is_member": True}


@pytest.fixture
def worker(outbox: Outbox, clock: Clock) -> Worker:
    """It does not run: what is to be tried is looked at in the outbox."""
    return Worker(outbox, FakeSender(), clock, Pace())


@pytest.fixture
def channel(
    channels: Channels, worker: Worker, outbox: Outbox, clock: Clock
) -> AnnouncementChannel:
    return AnnouncementChannel(INCIDENTS, channels, worker, outbox, clock)


async def put_back(outbox: Outbox, clock: Clock) -> None:
    """What is due has to wait for an hour."""
    for delivery in await outbox.claim(clock(), 9, 9):
        later = clock() + timedelta(hours=1)
        await outbox.put_back(delivery, later, "closed", is_uncertain=False)


async def due(outbox: Outbox, clock: Clock) -> list[str]:
    """Where something goes now."""
    found: tuple[Delivery, ...] = await outbox.claim(clock(), 9, 9)
    return sorted(delivery.destination for delivery in found)


async def test_a_channel_that_takes_messages_is_no_problem(
    channel: AnnouncementChannel, worker: Worker, web_api: WebApi, logs: Logs
) -> None:
    web_api.answers("conversations.list", ok(channels=[HERE]))

    await channel.check()

    assert worker.problems == {}
    assert logs[-1]["event"] == "incidents are announced"
    assert logs[-1]["channel"] == INCIDENTS


async def test_what_is_wrong_with_it_is_said_before_an_incident_has_to_wait(
    channel: AnnouncementChannel, worker: Worker, web_api: WebApi, logs: Logs
) -> None:
    web_api.answers("conversations.list", ok(channels=[HERE | {"is_archived": True}]))

    await channel.check()

    assert worker.problems == {INCIDENTS: ARCHIVED}
    assert "incidents are announced" not in [entry["event"] for entry in logs]


async def test_while_slack_does_not_answer_nothing_is_believed(
    channel: AnnouncementChannel, worker: Worker, web_api: WebApi, logs: Logs
) -> None:
    web_api.answers("conversations.list", error("internal_error"))

    await channel.check()

    assert worker.problems == {}
    assert logs[-1]["event"] == "the announcement channel was not looked at"


async def test_what_waits_for_an_earlier_announcement_channel_goes_to_this_one(
    channel: AnnouncementChannel, services: Services, outbox: Outbox, clock: Clock, logs: Logs
) -> None:
    for destination in ("alerts", "C0OPS", INCIDENTS):
        await services.store.declare(by(CARA), a_declaration(), [destination])

    await channel.adopt()

    assert sorted(await outbox.messages.unposted_destinations()) == ["C0OPS", INCIDENTS]
    assert await due(outbox, clock) == ["C0OPS", INCIDENTS]
    redirected = [entry for entry in logs if entry["event"] == "announced here instead"]
    assert [(one["channel"], one["instead_of"]) for one in redirected] == [(INCIDENTS, "alerts")]


async def test_what_waits_for_the_channel_is_tried_at_once_when_it_opens(
    channel: AnnouncementChannel,
    services: Services,
    outbox: Outbox,
    clock: Clock,
    web_api: WebApi,
) -> None:
    web_api.answers("conversations.list", ok(channels=[HERE]))
    await services.store.declare(by(CARA), a_declaration(), [INCIDENTS, "C0OPS"])
    await put_back(outbox, clock)

    await channel.opened("C0INC")

    assert await due(outbox, clock) == [INCIDENTS]


async def test_while_the_channel_is_closed_any_that_opens_may_be_it(
    channel: AnnouncementChannel, channels: Channels, worker: Worker, web_api: WebApi
) -> None:
    web_api.answers("conversations.list", ok(channels=[HERE]))
    await channels.id_of(INCIDENTS)
    worker.note_problem(INCIDENTS, ARCHIVED)

    await channel.opened("C0OPS")

    assert worker.problems == {}


async def test_another_channel_that_opens_is_not_taken_for_it(
    channel: AnnouncementChannel,
    channels: Channels,
    services: Services,
    outbox: Outbox,
    clock: Clock,
    web_api: WebApi,
) -> None:
    web_api.answers("conversations.list", ok(channels=[HERE]))
    web_api.answers("conversations.info", ok(channel={"id": "C0OPS", "name": "ops"}))
    await channels.id_of(INCIDENTS)
    await services.store.declare(by(CARA), a_declaration(), [INCIDENTS, "C0OPS"])
    await put_back(outbox, clock)

    await channel.opened("C0OPS")

    assert await due(outbox, clock) == ["C0OPS"]
    assert web_api.methods == ["conversations.list", "conversations.info"]


async def test_a_channel_that_has_its_name_by_now_is_it(
    channel: AnnouncementChannel, channels: Channels, web_api: WebApi
) -> None:
    moved = HERE | {"id": "C0NEW"}
    web_api.answers("conversations.list", ok(channels=[HERE]), ok(channels=[moved]))
    web_api.answers("conversations.info", ok(channel=moved))
    await channels.id_of(INCIDENTS)

    await channel.opened("C0NEW")

    assert channels.known_id(INCIDENTS) == "C0NEW"


async def test_the_channel_itself_is_looked_at_anew(
    channel: AnnouncementChannel, channels: Channels, worker: Worker, web_api: WebApi
) -> None:
    web_api.answers("conversations.list", ok(channels=[HERE]))
    await channels.id_of(INCIDENTS)

    await channel.opened("C0INC")

    assert web_api.methods == ["conversations.list", "conversations.list"]
    assert worker.problems == {}


@pytest.mark.parametrize(
    ("known", "name", "expected"),
    [
        ("G0INC", None, True),
        ("C0INC", None, True),
        ("C0OTHER", "leads", False),
        (None, INCIDENTS, True),
        (None, "leads", False),
        (None, None, False),
    ],
)
def test_another_id_is_that_of_the_announcement_channel_by_what_is_known(
    channel: AnnouncementChannel,
    channels: Channels,
    known: str | None,
    name: str | None,
    *,
    expected: bool,
) -> None:
    if known is not None:
        channels.follow(INCIDENTS, known)

    assert channel.moved("G0INC", "C0INC", name) is expected
    assert channels.known_id(INCIDENTS) == ("C0INC" if expected else known)


async def test_whoever_set_the_channel_by_an_id_that_it_has_no_more_reads_the_new_one(
    channels: Channels, worker: Worker, outbox: Outbox, clock: Clock, logs: Logs
) -> None:
    channel = AnnouncementChannel("G0INC", channels, worker, outbox, clock)

    moved = [channel.moved("G0INC", "C0INC", INCIDENTS) for _ in range(2)]

    assert moved == [True, True]
    assert await channels.id_of("G0INC") == "C0INC"
    said = "the announcement channel has another ID: set INCIDENT_BOT_CHANNEL to it"
    assert [(one["channel"], one["new"]) for one in logs if one["event"] == said] == [
        ("G0INC", "C0INC")
    ] * 2
