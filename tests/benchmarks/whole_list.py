"""All incidents at once, as the original API gives them: the bot must not hold what it writes."""

import asyncio
import contextlib
import http.client
from typing import Final

from tests.benchmarks.processes import resident_megabytes, rest_bot
from tests.benchmarks.quantities import Effort, Quantity, at_most, once
from tests.benchmarks.seeding import seeded
from tests.bots.process import BotProcess

_CHUNK: Final = 64 * 1024
_LOOK_EVERY: Final = 0.01


async def measure(effort: Effort) -> list[Quantity]:
    incidents = effort.pick(100_000, 1_000)
    async with rest_bot(seeded(incidents)) as bot:
        await asyncio.to_thread(_read, bot.port, "/incidents?limit=100")
        before = resident_megabytes(bot.pid)
        reading = asyncio.create_task(asyncio.to_thread(_read, bot.port, "/incidents"))
        most = await _most_resident(bot, reading)
        answered = await reading
    return [
        Quantity(
            f"GET /incidents, all {incidents:,}: growth",
            "MB",
            once(most - before),
            "the answer",
            once(answered),
            at_most(0.1),
        )
    ]


def _read(port: int, path: str) -> float:
    """The size of the answer in MB; nothing of it is kept."""
    size = 0
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as asking:
        asking.request("GET", path)
        response = asking.getresponse()
        while piece := response.read(_CHUNK):
            size += len(piece)
    return size / 1024**2


async def _most_resident(bot: BotProcess, reading: asyncio.Task[float]) -> float:
    most = 0.0
    while not reading.done():
        most = max(most, resident_megabytes(bot.pid))
        await asyncio.wait([reading], timeout=_LOOK_EVERY)
    return most
