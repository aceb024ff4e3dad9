"""Who we are to Slack, and what is unknown until it says so."""

import asyncio
from collections.abc import MutableMapping
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from incident_bot.slack.api.workspace import Workspace
from tests.movable_time import put_forward, turns, until
from tests.web_api import Answer, WebApi, error, late, ok

Logs = list[MutableMapping[str, Any]]
BLIND = (
    "the bot may not read the channel's history: after a lost reply it posts again, which may "
    "show a message twice"
)


@pytest.fixture
def unknown(web_api: WebApi) -> Workspace:
    return Workspace(web_api.client)


async def test_it_is_known_once_slack_has_said_so(unknown: Workspace, web_api: WebApi) -> None:
    waiting = asyncio.create_task(unknown.is_known_within(2))
    await asyncio.sleep(0)
    assert not waiting.done()

    await unknown.connect()

    assert await waiting
    assert await unknown.is_known_within(1)
    found = (unknown.team_id, unknown.bot_user_id, unknown.bot_id, unknown.app_id)
    assert found == ("T0ORG", "U0BOT", "B0BOT", "A0BOT")
    assert web_api.asked("bots.info") == [{"bot": "B0BOT"}]


async def test_whoever_waits_for_it_waits_no_longer_than_they_say(unknown: Workspace) -> None:
    waiting = asyncio.create_task(unknown.is_known_within(2))
    await turns()
    put_forward(1.9)
    await turns()
    assert not waiting.done()

    put_forward(0.1)

    assert not await waiting


async def test_what_slack_does_not_accept_is_raised(unknown: Workspace, web_api: WebApi) -> None:
    web_api.answers("auth.test", error("invalid_auth"))

    with pytest.raises(SlackApiError):
        await unknown.connect()
    assert not await unknown.is_known_within(0)


@pytest.mark.parametrize("answer", [error("internal_error"), ok(), ok(bot=None)], ids=str)
async def test_without_the_app_s_id_the_rest_is_known(
    unknown: Workspace,
    web_api: WebApi,
    answer: Answer,
) -> None:
    web_api.answers("bots.info", answer, ok(bot={"app_id": "A0BOT"}))

    await unknown.connect()
    assert unknown.app_id is None
    assert unknown.team_id == "T0ORG"

    put_forward(60)
    await unknown.learn_app_id()
    assert unknown.app_id == "A0BOT"


async def test_while_the_app_s_id_cannot_be_learned_slack_is_asked_once_a_minute(
    unknown: Workspace, web_api: WebApi
) -> None:
    web_api.answers("bots.info", error("internal_error"))

    for _ in range(3):
        await unknown.learn_app_id()
    assert web_api.methods == ["bots.info"]

    put_forward(60)
    await unknown.learn_app_id()
    assert web_api.methods == ["bots.info"] * 2


async def test_the_app_s_id_is_asked_for_once_at_a_time(
    unknown: Workspace, web_api: WebApi
) -> None:
    web_api.answers("bots.info", late(ok(bot={"app_id": "A0BOT"})))
    first = asyncio.create_task(unknown.learn_app_id())
    await until(lambda: web_api.calls)

    await unknown.learn_app_id()
    web_api.gate.set()
    await first

    assert web_api.methods == ["bots.info"]


@pytest.mark.parametrize(
    ("scopes", "is_blind"),
    [
        ("chat:write,channels:history,commands", False),
        ("chat:write,commands", True),
        ("chat:write,channels:history.bot", True),
        (None, False),
    ],
)
async def test_a_bot_that_may_not_look_back_says_so_once(
    unknown: Workspace, web_api: WebApi, logs: Logs, scopes: str | None, *, is_blind: bool
) -> None:
    headers = {} if scopes is None else {"x-oauth-scopes": scopes}
    web_api.answers("auth.test", replace(ok(team_id="T0ORG"), headers=headers))

    await unknown.connect()
    await unknown.connect()

    warnings = [entry for entry in logs if entry["log_level"] == "warning"]
    assert [one["event"] for one in warnings] == ([BLIND] if is_blind else [])
    assert [one["scope"] for one in warnings] == (["channels:history"] if is_blind else [])


@pytest.mark.parametrize(
    ("url", "thread_ts", "link"),
    [
        ("https://example.slack.com/", None, "https://example.slack.com/archives/C0OPS/p1015"),
        ("https://example.slack.com", "101.5", "https://example.slack.com/archives/C0OPS/p1015"),
        (
            "https://example.slack.com/",
            "100.1",
            "https://example.slack.com/archives/C0OPS/p1015?thread_ts=100.1&cid=C0OPS",
        ),
        (None, None, None),
    ],
)
async def test_a_link_to_a_message_is_made_without_asking_slack(
    unknown: Workspace, web_api: WebApi, url: str | None, thread_ts: str | None, link: str | None
) -> None:
    web_api.answers("auth.test", ok(team_id="T0ORG", url=url))
    await unknown.connect()
    web_api.calls.clear()

    assert unknown.permalink("C0OPS", "101.5", thread_ts) == link
    assert web_api.calls == []
