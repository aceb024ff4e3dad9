"""The real bot as a child process: what kills, freezes, doubles or restarts it needs one.

Where `is_forked` says so it is forked from a server that has imported the bot's libraries once: a
start is quicker by the second that the imports take.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

from incident_bot.failpoints import Failpoint
from tests.bots.bot import Bot, environment
from tests.bots.forks import Streams, forked
from tests.new_sqlite import new_sqlite
from tests.waiting import eventually

RUN: Final = (sys.executable, "-m", "incident_bot", "run")
_STOP_WITHIN: Final = 30.0


class _Child(Protocol):
    """What both kinds of child process can be asked."""

    @property
    def pid(self) -> int | None: ...

    def kill(self) -> None: ...


class BotProcess(Bot):
    """One bot in a process of its own, configured by its environment alone."""

    def __init__(
        self, settings: Mapping[str, str], folder: Path, port: int, log_name: str = "output.log"
    ) -> None:
        super().__init__(settings, folder, port)
        self.is_forked = False
        self._log = folder / log_name
        self._said_before = 0
        self._child: _Child | None = None
        self._status: Callable[[], int | None] = lambda: None

    @property
    def output(self) -> str:
        return self._log.read_bytes()[self._said_before :].decode()

    @property
    def whole_output(self) -> str:
        """All that this bot has ever written."""
        return self._log.read_text()

    def begins_a_story(self) -> None:
        if self._log.exists():
            self._said_before = self._log.stat().st_size

    @property
    def is_running(self) -> bool:
        return self._child is not None and self._status() is None

    @property
    def pid(self) -> int:
        assert self._child is not None
        assert self._child.pid is not None
        return self._child.pid

    async def begins(self, *options: str, **settings: str) -> None:
        assert not self.is_running
        self.settings.update(settings)
        self._log.touch()
        self._said_before = self._log.stat().st_size
        if self.is_forked and not self.database.exists():
            new_sqlite(self.folder)  # the migrations need not be run each time
        start = _fork if self.is_forked else _spawn
        variables = environment(self.settings)
        self._child, self._status = start(options, self.folder, variables, self._log)

    async def ends(self, within: float = _STOP_WITHIN) -> int:
        """Wait for its end; gives its exit status."""
        await eventually(lambda: not self.is_running, "the bot ends", within)
        status = self._status()
        assert status is not None
        return status

    async def stops(self) -> int:
        """Send SIGTERM and wait for its end; gives its exit status."""
        os.kill(self.pid, signal.SIGTERM)
        return await self.ends()

    def will_die_at(self, point: Failpoint | None, passes: int = 0) -> None:
        """Have the next start end at `point`, or nowhere; see `incident_bot.failpoints`."""
        self.settings["INCIDENT_BOT_TEST_FAILPOINT"] = point or ""
        self.settings["INCIDENT_BOT_TEST_FAILPOINT_PASSES"] = str(passes)

    @property
    def is_doomed(self) -> bool:
        return bool(self.settings.get("INCIDENT_BOT_TEST_FAILPOINT"))

    async def is_killed(self) -> None:
        """As when the power fails."""
        assert self._child is not None
        self._child.kill()
        await self.ends()

    def moves_clock(self, seconds: float) -> None:
        """Have its clock be wrong by so much from now on; for the first time before the start."""
        file = self.folder / f"clock-{self.port}"
        new = file.with_suffix(".new")
        new.write_text(str(seconds))
        new.replace(file)
        self.settings["INCIDENT_BOT_TEST_CLOCK_FILE"] = str(file)

    def is_paused(self) -> None:
        """Stop the process with SIGSTOP until `goes_on`."""
        os.kill(self.pid, signal.SIGSTOP)

    def goes_on(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGCONT)

    @contextmanager
    def is_frozen(self) -> Iterator[None]:
        """Stop the process for a while, as on an overloaded machine."""
        self.is_paused()
        try:
            yield
        finally:
            self.goes_on()


_Started = tuple[_Child, Callable[[], int | None]]


def _spawn(
    options: tuple[str, ...], folder: Path, variables: dict[str, str], log: Path
) -> _Started:
    with log.open("ab") as written:
        child = subprocess.Popen(
            (*RUN, *options),
            cwd=folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
    return child, child.poll


def _fork(options: tuple[str, ...], folder: Path, variables: dict[str, str], log: Path) -> _Started:
    child = forked(("run", *options), folder, variables, Streams(Path(os.devnull), log, log))
    return child, lambda: child.exitcode
