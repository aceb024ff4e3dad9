"""How soon all know: a declaration is announced, and a press shows in the announcement.

Slack takes 100 ms for each of its answers. Both end with Slack's answer to the call that shows
it, and so does the anchor, one bare call of chat.postMessage: so the goals leave a fraction of an
answer's time for the bot. The bot may post as often as it likes, which is what it does in a
channel that was quiet, and knows already who presses: it asks Slack about each person once in
five minutes, which takes one more answer. Over Socket Mode; the mode makes no difference here.
"""

import asyncio
import functools
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Final

import aiohttp

from incident_bot.sandbox.bus import Change, TrafficRecorded
from incident_bot.sandbox.faults import Fault
from incident_bot.sandbox.jsontypes import JsonObject
from tests.benchmarks.quantities import Effort, Quantity, alternately, at_most
from tests.benchmarks.scene import Send, bot, declarations
from tests.slack_people import Post, Slack
from tests.waiting import DEADLINE

LATENCY: Final = 100
"""Milliseconds."""

_CHANNEL: Final = "incidents"


async def measure(effort: Effort) -> list[Quantity]:
    async with bot("socket", INCIDENT_BOT_TEST_POST_INTERVAL="0") as (slack, send):
        payloads = await declarations(slack)
        slack.breaks(Fault(kind="slow", ms=LATENCY))
        measures = (
            functools.partial(_declares, slack, send, payloads),
            functools.partial(_resolves, slack, send, payloads),
            functools.partial(_posts, slack),
        )
        await alternately(1, *measures)  # to be warm, and to know who presses
        announced, edited, post = await alternately(effort.pick(15, 1), *measures)
        await slack.bot.is_quiet()
    anchor = f"one answer of Slack in {LATENCY} ms"
    return [
        Quantity("declare → announced", "ms", announced, anchor, post, at_most(1.2)),
        Quantity("press “Resolve” → edited", "ms", edited, anchor, post, at_most(1.15)),
    ]


async def _declares(slack: Slack, send: Send, payloads: Iterator[JsonObject]) -> float:
    await slack.bot.is_quiet()
    declare = functools.partial(send, "view_submission", next(payloads))
    return await _until_called(slack, "chat.postMessage", declare)


async def _resolves(slack: Slack, send: Send, payloads: Iterator[JsonObject]) -> float:
    await _declares(slack, send, payloads)
    await slack.bot.is_quiet()
    press = slack.press_payload(slack.ana, _newest_announcement(slack).button("Resolve"))
    does = functools.partial(send, "block_actions", press)
    return await _until_called(slack, "chat.update", does)


def _newest_announcement(slack: Slack) -> Post:
    channel_id = slack.channel_id(_CHANNEL)
    [*_, newest] = (m for m in slack.sandbox.workspace.posting.logs[channel_id] if m.blocks)
    return Post(slack, channel_id, newest.ts)


async def _posts(slack: Slack) -> float:
    """A bare call, as the bot makes it."""
    known = slack.sandbox.workspace.credentials
    headers = {"Authorization": f"Bearer {known.bot_token}"}
    message = {"channel": slack.channel_id(_CHANNEL), "text": "Checkout is down"}
    async with aiohttp.ClientSession(f"{slack.sandbox.url}/api/", headers=headers) as session:

        async def call() -> None:
            async with session.post("chat.postMessage", json=message) as response:
                await response.read()

        await call()  # the bot's connection is there already, too
        return await _until_called(slack, "chat.postMessage", call)


async def _until_called(slack: Slack, method: str, does: Callable[[], Awaitable[object]]) -> float:
    """Milliseconds from the beginning of `does` until a call about the channel is answered."""
    answered: asyncio.Future[float] = asyncio.get_running_loop().create_future()
    channel_id = slack.channel_id(_CHANNEL)

    def notice(change: Change) -> None:
        if not isinstance(change, TrafficRecorded) or answered.done():
            return
        entry = change.entry
        if entry["kind"] == method and entry["request"].get("channel") == channel_id:
            assert entry["ok"], entry
            answered.set_result(time.perf_counter())

    with slack.sandbox.workspace.bus.listening(notice):
        began = time.perf_counter()
        await does()
        async with asyncio.timeout(DEADLINE):
            return (await answered - began) * 1e3
