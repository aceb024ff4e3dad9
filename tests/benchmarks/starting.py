"""From the start of the process until the bot is ready, over Socket Mode; its database is migrated.

The anchor imports what `incident_bot.app` does, of Python's own library too, and nothing of the
bot: what the bot does not import does not count against the anchor either.
"""

import asyncio
import contextlib
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Final

from incident_bot.manifest import manifest_text
from incident_bot.sandbox.application import SandboxServer
from tests.benchmarks.load import Connection, get
from tests.benchmarks.processes import command
from tests.benchmarks.quantities import Effort, Quantity, alternately, at_most, once
from tests.bots.bot import environment
from tests.bots.ports import free_port
from tests.bots.process import BotProcess

_ASK_AGAIN_AFTER: Final = 0.005
_IMPORTED: Final = "import sys, incident_bot.app; print(*sys.modules)"


async def measure(effort: Effort) -> list[Quantity]:
    modules = await _modules()
    async with bot_beside_slack() as bot:
        await bot.starts()  # it migrates
        await bot.stops()
        ours, anchor = await alternately(
            effort.pick(9, 1), partial(_ready_after, bot), partial(_imported_after, modules)
        )
    name = "process start to ready"
    return [
        Quantity(name, "s", ours, "importing its libraries", anchor, at_most(1.3)),
        Quantity(name, "s", ours, "at most", once(1.5), at_most(1)),
    ]


@contextlib.asynccontextmanager
async def bot_beside_slack() -> AsyncIterator[BotProcess]:
    """The bot, yet to be started, with the stand-in for Slack beside it."""
    with tempfile.TemporaryDirectory() as folder:
        async with SandboxServer(manifest_text()) as sandbox:
            yield BotProcess(sandbox.environment(), Path(folder), free_port())


async def _modules() -> list[str]:
    output = await _output(sys.executable, "-c", _IMPORTED)
    return [name for name in output.split() if not name.startswith(("incident_bot", "__"))]


async def _ready_after(bot: BotProcess) -> float:
    """Seconds."""
    began = time.perf_counter()
    await bot.begins()
    while not await _is_ready(bot.port):  # noqa: ASYNC110 - another process: no event tells us
        await asyncio.sleep(_ASK_AGAIN_AFTER)
    taken = time.perf_counter() - began
    await bot.stops()
    return taken


async def _is_ready(port: int) -> bool:
    try:
        connection = await Connection.to(port)
    except ConnectionRefusedError:
        return False
    with contextlib.closing(connection):
        return await connection.ask(get("/readyz")) == 200


async def _imported_after(modules: list[str]) -> float:
    """Seconds."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *command("anchors.imports", *modules),
        env=environment({}),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"imported\n"
    taken = time.perf_counter() - began
    await process.wait()
    return taken


async def _output(*words: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *words, env=environment({}), stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert process.returncode == 0
    return output.decode()
