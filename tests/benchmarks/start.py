"""How soon the bot is ready, how much memory it holds, how late its slowest acknowledgement is.

`python -m tests.benchmarks.start` starts the real bot against the stand-in, in both modes.
"""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from typing import Final

from incident_bot.manifest import manifest_text
from incident_bot.sandbox.application import Mode, SandboxServer
from tests.bot_process import BotProcess, free_port

_STARTS: Final = 5
_AT_ONCE: Final = 50


async def measure(mode: Mode) -> None:
    """Print the figures of one mode; the first start, which migrates, is told apart."""
    port = free_port()
    events_url = f"http://127.0.0.1:{port}/slack/events"
    with tempfile.TemporaryDirectory() as folder:
        async with SandboxServer(manifest_text(), mode, bot_events_url=events_url) as sandbox:
            bot = BotProcess(sandbox.environment(), Path(folder), port)
            ready = []
            for _ in range(_STARTS):
                began = time.perf_counter()
                await bot.starts()
                ready.append(time.perf_counter() - began)
                slowest = await slowest_acknowledgement(sandbox)
                memory = resident_megabytes(bot.pid)
                await bot.stops()
    first, *others = ready
    print(
        f"{mode}: ready after {first:.2f} s with a new database, else {min(others):.2f} to "
        f"{max(others):.2f} s (median {statistics.median(others):.2f}); {memory:.0f} MB resident; "
        f"{_AT_ONCE} commands at once: slowest acknowledged after {slowest:.0f} ms"
    )


async def slowest_acknowledgement(sandbox: SandboxServer) -> float:
    """Milliseconds; all have to be acknowledged."""
    typing = (
        sandbox.interactions.command("U0ANA", "C0GENERAL", "/incident list")
        for _ in range(_AT_ONCE)
    )
    outcomes = await asyncio.gather(*typing)
    assert all(outcome.ok for outcome in outcomes)
    return max(outcome.ms for outcome in outcomes)


def resident_megabytes(pid: int) -> float:
    """As Linux counts it."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


async def main() -> None:
    for mode in ("socket", "http"):
        await measure(mode)


if __name__ == "__main__":
    asyncio.run(main())
