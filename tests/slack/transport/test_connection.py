"""The bot's way into Slack: asked for until it is there."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from incident_bot.delivery.pace import Pace
from incident_bot.delivery.worker import Worker
from incident_bot.slack.api.channels import Channels
from incident_bot.slack.api.workspace import Workspace
from incident_bot.slack.sending.announcement_channel import AnnouncementChannel
from incident_bot.slack.transport.connection import Connection, NoConnection, TokenRefused
from incident_bot.slack.transport.socket_mode import SocketMode
from incident_bot.store.after_delivery import Outbox
from tests.delivery.support import FakeSender
from tests.factories import INCIDENTS, Clock
from tests.movable_time import until
from tests.slack.bolt import bolt_app
from tests.web_api import WebApi, error, ok

Logs = list[MutableMapping[str, Any]]
NOT_YET = "Slack cannot be reached yet"


@pytest.fixture
def channel(
    channels: Channels, outbox: Outbox, clock: Clock, web_api: WebApi
) -> AnnouncementChannel:
    web_api.answers("conversations.list", ok(channels=[{"id": "C0INC", "name": INCIDENTS}]))
    worker = Worker(outbox, FakeSender(), clock, Pace())
    return AnnouncementChannel(INCIDENTS, channels, worker, outbox, clock)


@pytest.fixture
def unknown(client: AsyncWebClient) -> Workspace:
    return Workspace(client)


@pytest.fixture
def connection(unknown: Workspace, channel: AnnouncementChannel) -> Connection:
    return Connection(unknown, channel, None)


@pytest.fixture
def app(client: AsyncWebClient) -> AsyncApp:
    return bolt_app(client)


async def test_once_slack_is_reached_the_channel_is_looked_at(
    connection: Connection, unknown: Workspace, web_api: WebApi
) -> None:
    await connection.open()

    assert web_api.methods == ["auth.test", "bots.info", "conversations.list"]
    assert unknown.team_id == "T0ORG"
    assert await connection.problem() is None
    await connection.close()


async def test_slack_is_asked_again_until_it_answers(
    connection: Connection, web_api: WebApi, logs: Logs
) -> None:
    web_api.answers("auth.test", *[error("internal_error")] * 8, ok(team_id="T0ORG"))

    opening = asyncio.create_task(connection.open())
    await until(opening.done, pace=1)
    await opening

    waits = [entry["seconds"] for entry in logs if entry["event"] == NOT_YET]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    assert len(web_api.asked("auth.test")) == 9


@pytest.mark.parametrize("name", ["invalid_auth", "token_revoked", "access_denied"])
async def test_a_bot_token_that_slack_does_not_accept_ends_it(
    connection: Connection, web_api: WebApi, name: str
) -> None:
    web_api.answers("auth.test", error(name))

    with pytest.raises(TokenRefused) as refused:
        await connection.open()

    assert refused.value.setting == "SLACK_BOT_TOKEN"
    assert str(refused.value) == f"is not accepted by Slack: {name}."


async def test_an_app_token_that_slack_does_not_accept_ends_it(
    app: AsyncApp, unknown: Workspace, channel: AnnouncementChannel, web_api: WebApi
) -> None:
    web_api.answers("apps.connections.open", error("invalid_auth"))
    socket_mode = SocketMode(app, "xapp-1")
    connection = Connection(unknown, channel, socket_mode)

    with pytest.raises(TokenRefused) as refused:
        await connection.open()

    assert refused.value.setting == "SLACK_APP_TOKEN"
    assert await connection.problem() == "there is no Socket Mode connection to Slack"
    await connection.close()


async def test_without_slack_there_is_no_problem(logs: Logs) -> None:
    connection = NoConnection()

    await connection.open()
    await connection.problem()
    await connection.close()

    assert logs[-1]["event"] == ("running without Slack: announcements wait in the outbox")
