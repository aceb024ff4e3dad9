"""What is measured, as real processes: the bot, and the anchors."""

import asyncio
import contextlib
import socket
import subprocess
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.benchmarks.load import Connection, get
from tests.bots.bot import environment
from tests.bots.ports import free_port
from tests.bots.process import BotProcess
from tests.waiting import eventually

_LONGEST_LINE: Final = 2**24


@contextlib.asynccontextmanager
async def rest_bot(folder: Path, **settings: str) -> AsyncIterator[BotProcess]:
    """The bot without Slack, its database in `folder`."""
    bot = BotProcess(settings, folder, free_port())
    await bot.begins("--no-slack")
    try:
        await bot.says("without Slack")
        await bot.is_ready()
        yield bot
    finally:
        await bot.stops()


@contextlib.asynccontextmanager
async def anchor(
    name: str, *arguments: str, settings: Mapping[str, str] | None = None
) -> AsyncIterator[int]:
    """The anchor of that name, serving HTTP; gives its port."""
    port = free_port()
    async with started(f"anchors.{name}", str(port), *arguments, settings=settings):
        await eventually(lambda: _listens(port), f"{name} listens")
        connection = await Connection.to(port)
        await connection.ask(get("/"))  # gunicorn listens before it can answer
        connection.close()
        yield port


@contextlib.asynccontextmanager
async def started(
    name: str, *arguments: str, settings: Mapping[str, str] | None = None
) -> AsyncIterator[None]:
    """One of this folder's modules, until the end of the block."""
    process = await asyncio.create_subprocess_exec(
        *command(name, *arguments),
        env=environment(settings or {}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


async def together(*commands: tuple[str, ...]) -> tuple[float, list[str]]:
    """Let them begin at once, when all are ready; gives the seconds they took and their words.

    Each says "open" when it is ready, begins when told by a line, and says one line at its end.
    """
    processes = [
        await asyncio.create_subprocess_exec(
            *one,
            env=environment({}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            limit=_LONGEST_LINE,
        )
        for one in commands
    ]
    assert await _said(processes) == ["open"] * len(processes)
    began = time.perf_counter()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"\n")
    said = await _said(processes)
    seconds = time.perf_counter() - began
    await asyncio.gather(*(process.wait() for process in processes))
    return seconds, said


async def _said(processes: Sequence[Process]) -> list[str]:
    """The next line of each."""
    lines = await asyncio.gather(
        *(process.stdout.readline() for process in processes if process.stdout)
    )
    return [line.decode().rstrip() for line in lines]


def command(name: str, *arguments: str) -> tuple[str, ...]:
    """How one of this folder's modules is started."""
    return (sys.executable, "-m", f"tests.benchmarks.{name}", *arguments)


def resident_megabytes(pid: int) -> float:
    """As Linux counts it."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False
