"""What Slack says of one person keeps nobody else from being told."""

import contextlib
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from incident_bot.delivery.outcome import AccessLost, Refused
from incident_bot.domain.severity import Severities
from incident_bot.slack.channel_steps import ChannelSteps
from incident_bot.slack.channels import Channels
from incident_bot.slack.history import History
from incident_bot.slack.people import People
from incident_bot.slack.sender import SlackSender
from incident_bot.slack.tasks import Tasks
from incident_bot.slack.workspace import Workspace
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.opening import open_database
from incident_bot.store.outbox import Outbox
from tests.factories import ANA, BEN, CARA, Clock, a_declaration, by
from tests.store.conftest import migrated

__all__ = ["migrated"]


@pytest.fixture
async def refusing() -> AsyncIterator[AsyncWebClient]:
    """A client to whom Slack says that it has no permission."""

    async def answer(_request: web.Request) -> web.Response:
        return web.json_response({"ok": False, "error": "no_permission"})

    application = web.Application()
    application.router.add_route("*", "/api/{method}", answer)
    async with TestServer(application) as server:
        yield AsyncWebClient("xoxb-1", base_url=str(server.make_url("/api/")), retry_handlers=[])


async def test_a_person_whom_the_bot_may_not_write_to_is_not_the_loss_of_all_access(
    refusing: AsyncWebClient, tmp_path: Path, migrated: Path
) -> None:
    path, clock = shutil.copy(migrated, tmp_path / "incident_bot.db"), Clock()
    with contextlib.closing(open_database(f"sqlite:///{path}")) as database:
        store, outbox = IncidentStore(database, clock, lambda: None), Outbox(database)
        channels, workspace = Channels(refusing), Workspace(refusing)
        people = People(refusing, workspace, clock)
        sender = SlackSender(
            refusing,
            outbox,
            channels,
            History(refusing, workspace),
            Severities(),
            announcement_channel="C0INC",
            tasks=Tasks(),
            steps=ChannelSteps(refusing, outbox, channels, people, workspace, "C0INC"),
        )
        await store.declare(by(CARA), a_declaration(), ["C0INC"])
        await store.hand_over(by(ANA), 1, BEN)

        outcomes = {
            delivery.destination: await sender.send(delivery)
            for delivery in await outbox.claim(clock(), 9, 9)
        }

    assert isinstance(outcomes["C0INC"], AccessLost)
    assert isinstance(outcomes[BEN], Refused)
