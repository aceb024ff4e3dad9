"""How soon Slack is answered: a command that writes nothing, and what is durable by then.

Commands come one after the other; declarations 50 a second, for seconds on end, which is more
than a channel may be told: the replies go out meanwhile, the announcements pile up in the outbox.
Over Socket Mode the sender is the stand-in, which answers the bot's calls in the same process.
"""

import asyncio
import functools
import time
from collections.abc import Iterator
from typing import Final

from incident_bot.sandbox.application import Mode
from incident_bot.sandbox.jsontypes import JsonObject
from tests.benchmarks.quantities import (
    Effort,
    Quantity,
    Sample,
    alternately,
    at_most,
    in_turn,
    percentile,
)
from tests.benchmarks.scene import MODES, Send, bare_bolt, bot, command, declarations
from tests.slack_people import Slack

RATE: Final = 50
"""Declarations a second."""

DEFAULT: Final = "bare Bolt"
PROMPT: Final = "bare Bolt, process_before_response"


async def measure(effort: Effort) -> list[Quantity]:
    return [quantity for mode in MODES for quantity in await _measure(mode, effort)]


async def _measure(mode: Mode, effort: Effort) -> list[Quantity]:
    async with (
        bot(mode) as (slack, ours),
        bare_bolt(mode) as default,
        bare_bolt(mode, "--process-before-response") as prompt,
    ):
        return [
            *await _commands(slack, effort, ours, default, prompt),
            *await _declarations(slack, effort, ours, default),
        ]


async def _commands(slack: Slack, effort: Effort, *senders: Send) -> list[Quantity]:
    count = effort.pick(150, 8)

    async def one_by_one(send: Send) -> float:
        taken = [await send("slash_commands", command(slack, "help")) for _ in range(count)]
        return percentile(taken, 50)

    measures = [functools.partial(one_by_one, send) for send in senders]
    await alternately(1, *measures)  # to be warm
    ours, default, prompt = await alternately(effort.pick(5, 1), *measures)
    name = f"a command that writes nothing, {MODES[slack.mode]}, p50"
    return [
        Quantity(name, "ms", ours, DEFAULT, default, at_most(0.15)),
        Quantity(name, "ms", ours, PROMPT, prompt, at_most(5)),
    ]


async def _declarations(
    slack: Slack, effort: Effort, bot_send: Send, bare_send: Send
) -> list[Quantity]:
    payloads = await declarations(slack)
    ours = functools.partial(_steadily, bot_send, payloads, effort.pick(250, 10))
    bare = functools.partial(_steadily, bare_send, payloads, effort.pick(100, 5))
    await in_turn(1, ours, bare)  # to be warm
    taken, anchors = await in_turn(effort.pick(3, 1), ours, bare)
    p50, p99 = (Sample(tuple(percentile(one, part) for one in taken)) for part in (50, 99))
    anchor = Sample(tuple(percentile(one, 50) for one in anchors))
    name = f"a durable declaration, {RATE} a second, {MODES[slack.mode]}"
    return [
        Quantity(f"{name}, p50", "ms", p50, f"{DEFAULT}'s p50", anchor, at_most(0.3)),
        Quantity(f"{name}, p99", "ms", p99, f"{DEFAULT}'s p50", anchor, at_most(1)),
    ]


async def _steadily(send: Send, payloads: Iterator[JsonObject], count: int) -> list[float]:
    """Each is sent when it is due, whether those before are acknowledged or not."""
    began = time.monotonic()
    async with asyncio.TaskGroup() as sending:
        tasks = []
        for number in range(count):
            await asyncio.sleep(max(0.0, began + number / RATE - time.monotonic()))
            tasks.append(sending.create_task(_submit(send, next(payloads))))
    return [task.result() for task in tasks]


async def _submit(send: Send, payload: JsonObject) -> float:
    return await send("view_submission", payload)
