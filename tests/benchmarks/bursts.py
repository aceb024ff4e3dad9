"""A bad day: a hundred people declare at once, and Slack takes 250 ms for each of its answers.

The anchor of the slowest acknowledgement is that one answer: who waits for Slack before it
acknowledges, if only once, cannot be faster. Each round has a bot and a database of its own.
"""

import asyncio
import functools
import itertools
import math
from typing import Final

from incident_bot.sandbox.application import Mode
from incident_bot.sandbox.faults import Fault
from tests.benchmarks.quantities import Effort, Quantity, Sample, at_least, at_most, in_turn, once
from tests.benchmarks.scene import MODES, Send, bot, command, declarations
from tests.slack_people import Slack

AT_ONCE: Final = 100
LATENCY: Final = 250
"""Milliseconds."""


async def measure(effort: Effort) -> list[Quantity]:
    bursts = [functools.partial(_burst, mode) for mode in MODES]
    taken = await in_turn(effort.pick(3, 1), *bursts)
    return [
        quantity
        for name, rounds in zip(MODES.values(), taken, strict=True)
        for quantity in _quantities(name, rounds)
    ]


def _quantities(mode: str, rounds: list[tuple[float, float]]) -> list[Quantity]:
    slowest, kept = (Sample(values) for values in zip(*rounds, strict=True))
    name = f"{AT_ONCE} declared at once, {mode}"
    answer, declared = once(LATENCY), once(AT_ONCE)
    return [
        Quantity(f"{name}, slowest", "ms", slowest, "an answer of Slack", answer, at_most(1)),
        Quantity(f"{name}, none lost", "", kept, "declared", declared, at_least(1)),
    ]


async def _burst(mode: Mode) -> tuple[float, float]:
    """Milliseconds until the last was acknowledged; how many were acknowledged and are stored."""
    async with bot(mode) as (slack, send):
        payloads = list(itertools.islice(await declarations(slack), AT_ONCE))
        await _open_connections(slack, send)
        slack.breaks(Fault(kind="slow", ms=LATENCY))
        taken = await asyncio.gather(*(send("view_submission", payload) for payload in payloads))
        kept = min(_stored(slack), sum(map(math.isfinite, taken)))
        slack.breaks()
        return max(taken), kept


async def _open_connections(slack: Slack, send: Send) -> None:
    """Over HTTP each of those at once needs one, which is not what is measured."""
    asking = (send("slash_commands", command(slack, "help")) for _ in range(AT_ONCE))
    await asyncio.gather(*asking)


def _stored(slack: Slack) -> int:
    with slack.bot.opened_database() as database:
        [(count,)] = database.execute("SELECT count(*) FROM incidents")
        return int(count)
