"""The real bot in the test's own event loop: started in no time, with a clock that can be moved."""

import asyncio
import contextvars
import logging
import os
import socket
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from incident_bot import app, log
from incident_bot.process import Process
from incident_bot.settings import Settings
from tests.bots.bot import Bot, environment
from tests.movable_time import MovableLoop
from tests.new_sqlite import new_sqlite
from tests.waiting import DEADLINE

_logging: Final[contextvars.ContextVar["HostedBot"]] = contextvars.ContextVar("_logging")


class HostedBot(Bot):
    """One bot that shares its process with the test, and with others like it."""

    def __init__(self, settings: Mapping[str, str], folder: Path, port: int) -> None:
        super().__init__(settings, folder, port)
        self.settings.setdefault("INCIDENT_BOT_DATABASE_URL", f"sqlite:///{self.database}")
        self._lines: list[str] = []
        self.ahead = 0.0
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
        context = contextvars.copy_context()
        context.run(_logging.set, self)
        starting = asyncio.create_task(self._start("--no-slack" not in options), context=context)
        self._loop = asyncio.get_running_loop()
        self._running = await starting

    async def stops(self) -> int:
        assert self._process is not None
        assert self._running is not None
        self._process.stop()
        while not self._running.done():
            # What it would wait for in vain need not be waited for.
            self.puts_clocks_forward(0.5)
            await asyncio.wait({self._running}, timeout=0.05)
        await self._running
        return 0

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
            await self._process.housekeeping.look_around()

    def _now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.ahead)

    async def _start(self, with_slack: bool) -> asyncio.Task[None]:  # noqa: FBT001 - private
        with patch.dict(os.environ, environment(self.settings), clear=True):
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
        async with self._until_its_end:
            await process.run(listener)


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
