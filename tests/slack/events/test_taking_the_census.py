"""What was done to channels while no event of it came: found out by looking at them."""

import asyncio
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from incident_bot.slack.api.workspace import Workspace
from incident_bot.slack.events.channel_census import ChannelCensus
from incident_bot.slack.events.channel_events import ChannelEvents
from incident_bot.slack.services import Services
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.engine.database import Database
from tests.factories import A_VIEWER, BEN, CARA, NOON, by
from tests.movable_time import until
from tests.slack.answers import deeds
from tests.slack.incidents import OWN, with_channel
from tests.web_api import WebApi, error, ok

Logs = list[MutableMapping[str, Any]]


@pytest.fixture
def events(services: Services) -> ChannelEvents:
    async def nowhere(_channel_id: str) -> None:
        """It is not the announcement channel."""

    return ChannelEvents(
        services.incident_channels,
        services.channels,
        services.people,
        services.workspace,
        nowhere,
        nowhere,
        moved=lambda *_: False,
    )


@pytest.fixture
def census(services: Services, events: ChannelEvents) -> ChannelCensus:
    return ChannelCensus(services.incident_channels, services.channels, events, services.workspace)


@pytest.fixture(autouse=True)
async def channel(services: Services, outbox: Outbox) -> None:
    """INC-1 has one, which Slack describes as it is known; all its people are invited."""
    await with_channel(services, outbox)
    for delivery in await outbox.claim(NOON, 9, 9):
        await outbox.done(delivery, NOON)


async def taken(census: ChannelCensus) -> None:
    taking = asyncio.create_task(census.take())
    await until(taking.done, pace=1)
    await taking


async def test_what_is_as_it_is_known_is_left_alone(
    census: ChannelCensus, services: Services, web_api: WebApi
) -> None:
    shown = {"id": OWN, "name": "inc-1-checkout", "is_member": True}
    web_api.answers("conversations.info", ok(channel=shown))
    before = await deeds(services)

    await taken(census)

    assert await deeds(services) == before
    assert web_api.asked("conversations.info") == [{"channel": OWN}]


async def test_what_was_done_to_it_is_followed(
    census: ChannelCensus, services: Services, web_api: WebApi, logs: Logs
) -> None:
    shown = {"id": OWN, "name": "war", "is_archived": True}
    web_api.answers("conversations.info", ok(channel=shown))

    await taken(census)

    incident = await services.store.get(1, by(CARA).viewer)
    assert (incident.channel_name, incident.channel_closed_at) == ("war", NOON)
    said = [entry["kind"] for entry in logs if entry["event"] == "an event has not come"]
    assert said == ["channel_rename", "channel_archive"]


@pytest.mark.parametrize("is_gone", [True, False])
async def test_a_channel_without_the_bot_is_closed(
    census: ChannelCensus, services: Services, web_api: WebApi, *, is_gone: bool
) -> None:
    shown = {"id": OWN, "name": "inc-1-checkout", "is_member": False}
    answer = error("channel_not_found") if is_gone else ok(channel=shown)
    web_api.answers("conversations.info", answer)

    await taken(census)

    *_, entry = await services.store.timeline(1, A_VIEWER)
    assert entry.text == "the bot is not in it any more"


async def test_who_came_to_a_private_channel_is_taken_in(
    census: ChannelCensus, services: Services, web_api: WebApi, database: Database
) -> None:
    statement = "UPDATE incidents SET is_private = 1"
    await database.write(lambda connection: connection.exec_driver_sql(statement).rowcount)
    shown = {"id": OWN, "name": "inc-1-checkout"}
    web_api.answers("conversations.info", ok(channel=shown))
    web_api.answers("conversations.members", ok(members=["U0BOT", CARA, BEN]))

    await taken(census)

    assert [one.user_id for one in await services.store.responders(1)] == [BEN]


async def test_what_slack_does_not_show_now_is_seen_the_next_time(
    census: ChannelCensus, services: Services, web_api: WebApi, logs: Logs
) -> None:
    web_api.answers("conversations.info", error("internal_error"))
    before = await deeds(services)

    await taken(census)

    assert logs[-1]["event"] == "a channel was not looked at"
    assert await deeds(services) == before


async def test_before_slack_is_reached_nothing_is_asked(
    services: Services, events: ChannelEvents, client: AsyncWebClient, web_api: WebApi
) -> None:
    unknown = Workspace(client)
    census = ChannelCensus(services.incident_channels, services.channels, events, unknown)
    taking = asyncio.create_task(census.take())
    for _ in range(10):
        await asyncio.sleep(0)

    assert (taking.done(), web_api.calls) == (False, [])
    taking.cancel()
    with suppress(asyncio.CancelledError):
        await taking
