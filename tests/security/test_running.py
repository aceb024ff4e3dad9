"""How the bot starts, goes on and ends under attack, or without its secrets."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.bots.ports import free_port
from tests.bots.process import BotProcess
from tests.rest.with_slack import declares
from tests.slack_people import Slack
from tests.story import story

SLACK = {"SLACK_BOT_TOKEN": "xoxb-canary", "SLACK_SIGNING_SECRET": "8f7e"}


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[BotProcess]:
    """One that is not running yet, with a Slack that nobody can reach."""
    bot = BotProcess(SLACK | {"SLACK_API_URL": "http://127.0.0.1:9"}, tmp_path, free_port())
    bot.is_forked = True
    yield bot
    if bot.is_running:
        await bot.is_killed()


@pytest.mark.slow
@pytest.mark.parametrize("secret", ["", " ", "\t", "8f7e 8f7e", "geheim!"])
async def test_without_a_signing_secret_it_does_not_start(bot: BotProcess, secret: str) -> None:
    await bot.begins(SLACK_SIGNING_SECRET=secret)

    assert await bot.ends() == 2
    [line] = bot.output.splitlines()
    assert "SLACK_SIGNING_SECRET" in line
    assert "geheim" not in line


@pytest.mark.slow
@pytest.mark.parametrize("where", ["127.0.0.1:9", "127.0.0.1:port", "[::1", "nowhere.invalid"])
async def test_a_database_that_cannot_be_reached_does_not_bring_its_password_to_light(
    bot: BotProcess, where: str
) -> None:
    await bot.begins(INCIDENT_BOT_DATABASE_URL=f"postgresql+psycopg://bot:can%22ary@{where}/bot")

    assert await bot.ends() == 2
    assert "INCIDENT_BOT_DATABASE_URL" in bot.output
    assert "can%22ary" not in bot.output
    assert 'can"ary' not in bot.output


async def _nonsense(_request: web.Request) -> web.Response:
    return web.json_response({"ok": True, "team": "said with xoxb-canary"})


@pytest.mark.slow
async def test_a_fault_that_ends_the_bot_is_logged_and_the_status_is_1(bot: BotProcess) -> None:
    application = web.Application()
    application.router.add_route("*", "/{method}", _nonsense)
    async with TestServer(application) as server:
        await bot.begins(SLACK_API_URL=str(server.make_url("/")), INCIDENT_BOT_LOG_FORMAT="json")

        assert await bot.ends() == 1

    *_, last = [json.loads(line) for line in bot.output.splitlines()]
    assert last["event"] == "a fault ended the bot"
    assert "Traceback" in last["exception"]
    assert "canary" not in bot.output


@story(own_bot=True)
async def test_while_the_token_is_revoked_all_is_kept_and_the_bot_says_so(slack: Slack) -> None:
    await slack.bot.starts()
    slack.sandbox.workspace.is_token_revoked = True
    incident = await declares(slack)
    await slack.bot.says("Slack does not accept SLACK_BOT_TOKEN (token_revoked)")
    readiness = await slack.bot.keeps(pending=1)

    slack.sandbox.workspace.is_token_revoked = False
    await slack.bot.is_quiet()
    announcement = await slack.announcement(incident)

    assert "token_revoked" in readiness["problems"]["slack"]
    await slack.bot.is_quiet()
    assert (await slack.bot.is_ready())["problems"] == {}
    assert announcement.buttons == ["Acknowledge", "Update", "Resolve", "Join", "Follow"]
    assert len(slack.calls("chat.postMessage")) <= 5
