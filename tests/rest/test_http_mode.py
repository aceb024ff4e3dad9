"""REST in HTTP mode: behind a proxy everybody looks like this machine, so tokens are needed."""

from pathlib import Path

import aiohttp
import pytest

from tests.operations.support import operator
from tests.rest.client import DECLARATION, JSON, ROUTES, Client
from tests.rest.with_slack import declares
from tests.slack_people import Slack
from tests.story import SOCKET, Stage, story

NO_TOKENS = {"INCIDENT_BOT_API_TOKENS": ""}
REST_ALONE = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "8f7e"}
ALL = [
    *ROUTES,
    *(("GET", path) for path in ("/outbox", "/docs", "/docs/docs.js", "/openapi.json", "/x", "/")),
    *(("GET", path) for path in ("/healthz/", "//healthz", "/HEALTHZ", "/slack/events/..")),
    *((method, "/incidents") for method in ("HEAD", "PUT", "OPTIONS")),
]


@story(own_bot=True)
async def test_without_tokens_nothing_but_slack_and_health_is_answered(slack: Slack) -> None:
    await slack.bot.starts(**NO_TOKENS)
    incident = await slack.ana.declares()

    async with aiohttp.ClientSession() as session:
        rest = Client(session, slack.bot.url)
        for method, path in ALL:
            answer = await rest.ask(method, path, DECLARATION if method == "POST" else None)
            assert answer.status == 403, (method, path)
            if method != "HEAD":
                assert answer.is_refused(403, "set INCIDENT_BOT_API_TOKENS=name:token", "openssl")
        health = [(await rest.get(path)).status for path in ("/healthz", "/readyz")]

    assert health == [200, 200]
    assert (await slack.ana.tries(f"/incident show {incident.reference}")).ok


@story(own_bot=True)
async def test_without_tokens_the_log_says_at_start_that_rest_is_closed(slack: Slack) -> None:
    await slack.bot.starts(**NO_TOKENS)

    assert "INCIDENT_BOT_API_TOKENS" in await slack.bot.says("the REST API is closed")


@story(own_bot=True)
async def test_without_tokens_the_outbox_command_says_what_to_set(slack: Slack) -> None:
    await slack.bot.starts(**NO_TOKENS)

    ended = await operator(slack.bot, "outbox", "list")

    assert ended.status == 2
    assert "answered 403. Set INCIDENT_BOT_API_TOKENS" in ended.complained


@story(own_bot=True, modes=SOCKET)
async def test_in_socket_mode_this_machine_needs_no_token(slack: Slack) -> None:
    await slack.bot.starts(**NO_TOKENS)

    incident = await declares(slack)

    assert (await slack.announcement(incident)).buttons


@pytest.mark.parametrize("settings", [{}, REST_ALONE])
async def test_without_slack_this_machine_needs_no_token(
    stage: Stage, tmp_path: Path, settings: dict[str, str]
) -> None:
    with stage.rest_bot(tmp_path, **settings) as bot:
        async with aiohttp.ClientSession() as session:
            answer = await Client(session, bot.url).ask("POST", "/incidents", DECLARATION, JSON)

    assert answer.status == 201
