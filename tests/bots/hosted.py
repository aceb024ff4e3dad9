"""The real bot in the test's own event loop: started in no time, with a clock that can be moved.

It has all the parts that `incident-bot run` has, but not uvloop, and nothing is taken out of its
log: what is about those needs a `BotProcess`.
"""

import asyncio
import contextlib
import contextvars
import logging
import os
import socket
import time
from collections.abc import Coroutine, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar
from unittest.mock import patch

import structlog

from incident_bot import app, log
from incident_bot.process import Process
from incident_bot.settings import Settings
from tests.bots.bot import Bot, environment
from tests.movable_time import MovableLoop
from tests.new_sqlite import new_sqlite
from tests.waiting import DEADLINE

T = TypeVar("T")

logger = structlog.get_logger(__name__)

_logging: Final[contextvars.ContextVar["HostedBot"]] = contextvars.ContextVar("_logging")


class HostedBot(Bot):
    """One bot that shares its process with the test, and with others like it."""

    def __init__(self, settings: Mapping[str, str], folder: Path, port: int) -> None:
        super().__init__(settings, folder, port)
        self.settings.setdefault("INCIDENT_BOT_DATABASE_URL", f"sqlite:///{self.database}")
        self._lines: list[str] = []
        self.ahead = 0.0
        self._context = contextvars.copy_context()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._until_its_end = AsyncExitStack()
        self._process: Process | None = None
        self._running: asyncio.Task[None] | None = None

    @property
    def output(self) -> str:
        return "".join(self._lines)

    def begins_a_story(self) -> None:
        self._lines.clear()

    def logs(self, line: str) -> None:
        """Keep a line that it has logged."""
        self._lines.append(line)

    @property
    def is_running(self) -> bool:
        return self._running is not None and not self._running.done()

    @property
    def pid(self) -> int:
        return os.getpid()

    async def begins(self, *options: str, **settings: str) -> None:
        assert not self.is_running
        self.settings.update(settings)
        self._lines.clear()
        _keep_logs()
        _started_last[:] = [self]
        if not self.database.exists():
            new_sqlite(self.folder)
        self._context = contextvars.copy_context()
        self._context.run(_logging.set, self)
        self._loop = asyncio.get_running_loop()
        self._running = await self._as_the_bot(self._start("--no-slack" not in options))

    async def stops(self) -> None:
        assert self._process is not None
        assert self._running is not None
        self._process.stop()
        until = time.monotonic() + DEADLINE
        while not self._running.done():
            assert time.monotonic() < until, "the bot does not stop"
            self.puts_clocks_forward(0.5)  # skips what it would wait for in vain
            await asyncio.wait({self._running}, timeout=0.05)
        await self._running

    async def is_quiet(self, within: float = DEADLINE) -> None:
        """Wait until nothing is left to be sent; what waits for its time need not do so."""

        def nothing_is_left(_: int, state: Any) -> bool:  # noqa: ANN401 - JSON
            left = {"pending", "sending"} & state.get("outbox", {"sending": 1}).keys()
            if left == {"pending"}:
                self.puts_clocks_forward(1)
            return not left

        await self._until(nothing_is_left, within)

    def puts_clocks_forward(self, seconds: float) -> None:
        """Both the wall's and the event loop's; what that makes due comes soon."""
        self.ahead += seconds
        assert isinstance(self._loop, MovableLoop)
        self._loop.put_forward(seconds)

    async def time_passes(self, seconds: float) -> None:
        """By all clocks at once; what that makes due is in the outbox when it returns."""
        self.puts_clocks_forward(seconds)
        if self.is_running and self._process is not None:
            await self._as_the_bot(self._process.housekeeping.look_around())

    async def _as_the_bot(self, work: Coroutine[Any, Any, T]) -> T:
        """Do it where what is logged is known to be the bot's."""
        return await asyncio.create_task(work, context=self._context)

    def _now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.ahead)

    async def _start(self, with_slack: bool) -> asyncio.Task[None]:  # noqa: FBT001 - private
        # Of its folder, so that it finds no .env of a developer's.
        with (
            patch.dict(os.environ, environment(self.settings), clear=True),
            contextlib.chdir(self.folder),
        ):
            settings = Settings.load(with_slack=with_slack)
        ready = AsyncExitStack()
        async with ready:
            listener = ready.enter_context(app.listening(settings))
            database = ready.enter_context(app.database_of(settings))
            self._process = await ready.enter_async_context(
                app.built(settings, database, self._now, with_slack=with_slack)
            )
            self._until_its_end = ready.pop_all()
        return asyncio.create_task(self._run(self._process, listener))

    async def _run(self, process: Process, listener: socket.socket) -> None:
        try:
            async with self._until_its_end:
                await process.run(listener)
        except Exception:
            logger.exception("a fault ended the bot")
            raise
        finally:
            if self in _started_last:
                _started_last.clear()


# Threads of a bot do not know whose they are.
_started_last: Final[list[HostedBot]] = []


class _Log:
    """Takes each line to the bot that logged it."""

    def write(self, line: str) -> None:
        """Called by `logging` with one line at a time."""
        bot = _logging.get(None) or next(iter(_started_last), None)
        if bot is not None:
            bot.logs(line)

    def flush(self) -> None:
        """Nothing is held back."""


@cache
def _keep_logs() -> None:
    """Once: loggers keep what they were first set up with."""
    log.set_up("json", [])
    [handler] = logging.getLogger().handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(_Log())
