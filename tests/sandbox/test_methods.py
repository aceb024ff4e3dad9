"""Tokens and scopes, people, channels, reading."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from incident_bot.sandbox.control import ChannelChange, UserChange
from incident_bot.sandbox.server import SandboxServer

from .support import SCOPES, Bot, Json, StillClock, manifest


async def test_the_token_is_looked_at_first(sandbox: SandboxServer, bot: Bot) -> None:
    known = sandbox.workspace.credentials

    missing = await bot.call_with("", "auth.test", {})
    wrong = await bot.call_with("xoxb-wrong", "auth.test", {})
    kind = await bot.call_with(known.app_token, "auth.test", {})
    other_kind = await bot.call_with(known.bot_token, "apps.connections.open", {})
    sandbox.workspace.is_token_revoked = True
    revoked = await bot.call("auth.test")

    answers = [missing, wrong, kind, other_kind, revoked]
    assert [answer["error"] for answer in answers] == [
        "not_authed",
        "invalid_auth",
        "not_allowed_token_type",
        "not_allowed_token_type",
        "token_revoked",
    ]


async def test_a_token_may_be_a_field_of_a_form_or_of_the_query(
    sandbox: SandboxServer, session: aiohttp.ClientSession
) -> None:
    token = {"token": sandbox.workspace.credentials.bot_token}
    url = f"{sandbox.url}/api/auth.test"

    async with session.post(url, data=token) as by_form, session.get(url, params=token) as by_get:
        assert (await by_form.json())["user_id"] == "U0BOT"
        assert (await by_get.json())["bot_id"] == "B0BOT"


async def test_what_is_no_json_is_refused(
    sandbox: SandboxServer, session: aiohttp.ClientSession
) -> None:
    headers = {"Content-Type": "application/json"}
    url = f"{sandbox.url}/api/auth.test"

    async with session.post(url, data=b"{", headers=headers) as broken:
        assert (await broken.json())["error"] == "invalid_json"
    async with session.post(url, data=b"[]", headers=headers) as no_object:
        assert (await no_object.json())["error"] == "json_not_object"


async def test_an_unknown_method_is_an_error(bot: Bot) -> None:
    assert (await bot.call("incidents.create"))["error"] == "unknown_method"


@pytest.mark.parametrize(
    ("scope", "method", "arguments"),
    [
        ("chat:write", "chat.postMessage", {"channel": "C0INCIDENTS", "text": "x"}),
        ("users:read", "users.info", {"user": "U0ANA"}),
        ("channels:history", "conversations.history", {"channel": "C0INCIDENTS"}),
        ("channels:read", "conversations.info", {"channel": "C0INCIDENTS"}),
        ("channels:read", "conversations.list", {}),
        ("groups:read", "conversations.list", {"types": "private_channel"}),
        ("im:write", "conversations.open", {"users": "U0ANA"}),
        ("channels:join", "conversations.join", {"channel": "C0PAYMENTS"}),
    ],
)
async def test_a_scope_that_the_manifest_lacks_is_missing(
    clock: StillClock, session: aiohttp.ClientSession, scope: str, method: str, arguments: Json
) -> None:
    less = [other for other in SCOPES if other != scope]
    async with SandboxServer(manifest(less), clock=clock) as sandbox:
        answer = await Bot(sandbox, session).call(method, **arguments)

    assert answer["error"] == "missing_scope"
    assert scope in answer["needed"]
    assert scope not in answer["provided"].split(",")


async def test_people_are_told_apart_as_slack_does(sandbox: SandboxServer, bot: Bot) -> None:
    sandbox.control.change_user(UserChange(id="U0BEN", is_deleted=True))

    guest = (await bot.call("users.info", user="U0GUS"))["user"]
    outsider = (await bot.call("users.info", user="U0EVE"))["user"]
    former = (await bot.call("users.info", user="U0BEN"))["user"]
    unknown = await bot.call("users.info", user="U0NONE")

    assert guest["is_restricted"]
    assert outsider["is_stranger"]
    assert outsider["team_id"] == "T0PARTNER"
    assert former["deleted"]
    assert former["real_name"] == "Ben Okafor"
    assert unknown["error"] == "user_not_found"


async def test_a_person_is_called_by_the_name_that_the_page_shows(bot: Bot) -> None:
    ben = (await bot.call("users.info", user="U0BEN"))["user"]

    assert ben["name"] == "ben"
    assert ben["profile"]["display_name"] == ben["profile"]["real_name"] == "Ben Okafor"


async def _pages(bot: Bot, method: str, key: str, **arguments: object) -> AsyncIterator[Any]:
    cursor = ""
    while True:
        answer = await bot.call(method, cursor=cursor, **arguments)
        for item in answer[key]:
            yield item
        cursor = answer["response_metadata"]["next_cursor"]
        if not cursor:
            return


async def test_lists_come_in_pages_that_join_up(bot: Bot) -> None:
    channels = [c["id"] async for c in _pages(bot, "conversations.list", "channels", limit=2)]
    members = [
        m
        async for m in _pages(
            bot, "conversations.members", "members", limit=2, channel="C0INCIDENTS"
        )
    ]

    assert channels == ["C0INCIDENTS", "C0GENERAL", "C0PAYMENTS", "C0ACME"]
    assert members == ["U0BOT", "U0ANA", "U0BEN", "U0CARA", "U0GUS"]


async def test_a_made_up_cursor_or_limit_is_refused(bot: Bot) -> None:
    assert (await bot.call("conversations.list", cursor="nonsense"))["error"] == "invalid_cursor"
    assert (await bot.call("conversations.list", limit=0))["error"] == "invalid_arguments"


async def test_channels_of_each_type_are_listed_apart(sandbox: SandboxServer, bot: Bot) -> None:
    sandbox.control.change_channel(ChannelChange(id="C0GENERAL", is_archived=True))

    public = await bot.call("conversations.list", exclude_archived=True)
    private = await bot.call("conversations.list", types="private_channel,im")
    wrong = await bot.call("conversations.list", types="secret")

    assert "C0GENERAL" not in [c["id"] for c in public["channels"]]
    assert [c["id"] for c in private["channels"]] == ["D0ANA", "D0BEN", "D0CARA", "D0GUS"]
    assert wrong["error"] == "invalid_types"


async def test_a_channel_says_what_it_is(bot: Bot) -> None:
    shared = (await bot.call("conversations.info", channel="C0ACME"))["channel"]
    foreign = (await bot.call("conversations.info", channel="C0PAYMENTS"))["channel"]

    assert shared["is_ext_shared"]
    assert foreign["is_member"] is False
    assert (await bot.call("conversations.info", channel="C0LEADS"))["error"] == "channel_not_found"


async def test_history_is_read_from_newest_between_two_times(bot: Bot) -> None:
    first, second, third = [await bot.post(str(n)) for n in range(3)]

    outside = await bot.call(
        "conversations.history", channel="C0INCIDENTS", oldest=first, latest=third
    )
    inside = await bot.call(
        "conversations.history", channel="C0INCIDENTS", oldest=first, inclusive=True
    )

    assert [m["ts"] for m in outside["messages"]] == [second]
    assert [m["ts"] for m in inside["messages"]] == [third, second, first]


async def test_history_comes_in_pages(bot: Bot) -> None:
    posted = [await bot.post(str(n)) for n in range(5)]

    pages = _pages(bot, "conversations.history", "messages", channel="C0INCIDENTS", limit=2)

    assert [m["ts"] async for m in pages] == posted[::-1]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C0PAYMENTS"}, "not_in_channel"),
        ({"channel": "C0LEADS"}, "channel_not_found"),
        ({"channel": "C0INCIDENTS", "oldest": "x"}, "invalid_ts_oldest"),
        ({"channel": "C0INCIDENTS", "latest": "x"}, "invalid_ts_latest"),
    ],
)
async def test_history_is_refused(bot: Bot, arguments: Json, error: str) -> None:
    assert (await bot.call("conversations.history", **arguments))["error"] == error


async def test_metadata_is_given_only_when_asked_for(bot: Bot) -> None:
    await bot.post(metadata={"event_type": "sent", "event_payload": {"id": "7"}})

    without = await bot.call("conversations.history", channel="C0INCIDENTS")
    with_all = await bot.call(
        "conversations.history", channel="C0INCIDENTS", include_all_metadata=True
    )

    assert "event_payload" not in without["messages"][0]["metadata"]
    assert with_all["messages"][0]["metadata"]["event_payload"] == {"id": "7"}


async def test_replies_are_the_thread_oldest_first(bot: Bot) -> None:
    parent = await bot.post()
    replies = [await bot.post(thread_ts=parent) for _ in range(2)]

    answer = await bot.call("conversations.replies", channel="C0INCIDENTS", ts=parent)
    unknown = await bot.call("conversations.replies", channel="C0INCIDENTS", ts="1.2")

    assert [m["ts"] for m in answer["messages"]] == [parent, *replies]
    assert unknown["error"] == "thread_not_found"


async def test_joining_and_opening(bot: Bot) -> None:
    joined = await bot.call("conversations.join", channel="C0PAYMENTS")
    again = await bot.call("conversations.join", channel="C0PAYMENTS")
    private = await bot.call("conversations.join", channel="C0LEADS")
    direct = await bot.call("conversations.open", users="U0ANA")
    nobody = await bot.call("conversations.open")

    assert joined["channel"]["is_member"]
    assert again["warning"] == "already_in_channel"
    assert private["error"] == "channel_not_found"
    assert direct["channel"]["id"] == "D0ANA"
    assert nobody["error"] == "users_list_not_supplied"


async def test_bots_info_knows_this_bot_alone(bot: Bot) -> None:
    assert (await bot.call("bots.info", bot="B0BOT"))["bot"]["user_id"] == "U0BOT"
    assert (await bot.call("bots.info", bot="B0OTHER"))["error"] == "bot_not_found"
