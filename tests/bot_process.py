"""The real bot as a child process, configured by its environment alone."""

import asyncio
import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import aiohttp

from incident_bot.failpoints import Failpoint
from tests.waiting import DEADLINE, eventually

RUN: Final = (sys.executable, "-m", "incident_bot", "run")
_STOP_WITHIN: Final = 30.0
_ASK_EVERY: Final = 0.05
# Each of pytest's workers has a range of its own; a second checkout can be given another.
_FIRST_PORT: Final = int(os.environ.get("TEST_PORTS_FROM", "20000"))
_WORKER: Final = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_PORTS: Final = iter(range(_FIRST_PORT + 3_000 * (_WORKER % 4), _FIRST_PORT + 12_000))


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """`settings` and nothing else that the bot reads.

    No proxy either: the Socket Mode client would ask it even for this machine.
    """
    ours = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith(("SLACK_", "INCIDENT_BOT_"))
        and not name.lower().endswith("_proxy")
    }
    return {**ours, **settings}


def free_port() -> int:
    """One that nobody else is given: neither other tests, nor by the system an outgoing call."""
    for port in _PORTS:
        with contextlib.suppress(OSError), closing(socket.create_server(("127.0.0.1", port))):
            return port
    raise RuntimeError("there are no ports left")


class BotProcess:
    """One bot with a folder of its own, in which its database and its output lie."""

    def __init__(
        self, settings: Mapping[str, str], folder: Path, port: int, output: str = "output.log"
    ) -> None:
        self.settings = {**settings, "INCIDENT_BOT_PORT": str(port)}
        self.folder = folder
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.database = folder / "incident_bot.db"
        self._output = folder / output
        self._said_before = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def output(self) -> str:
        """All that the bot has written since its start or, if that was later, the story's."""
        return self._output.read_bytes()[self._said_before :].decode()

    @property
    def whole_output(self) -> str:
        """All that this bot has ever written."""
        return self._output.read_text()

    def begins_a_story(self) -> None:
        """What it has written before is no part of the new story."""
        if self._output.exists():
            self._said_before = self._output.stat().st_size

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def starts(self, **settings: str) -> None:
        """Start, with `settings` changed, and wait until it has reached Slack and is ready."""
        self.begins(**settings)
        await self.says("connected to Slack")
        await self.is_ready()
        await eventually(
            lambda: "incidents are announced" in self.output or "somebody mends" in self.output,
            "the bot looks at the announcement channel",
        )

    def begins(self, *options: str, **settings: str) -> None:
        """Start, with `options` of the command line, and do not wait for anything."""
        assert not self.is_running
        self.settings.update(settings)
        with self._output.open("ab") as output:
            self._said_before = output.tell()
            self._process = subprocess.Popen(
                (*RUN, *options),
                cwd=self.folder,
                env=environment(self.settings),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    async def says(self, words: str) -> str:
        """Wait for `words` in its output; gives the line."""

        def line() -> str | None:
            return next((line for line in self.output.splitlines() if words in line), None)

        def look() -> str | None:
            found = line()
            assert found or self.is_running, f"the bot ended: {self.output}"
            return found

        return await eventually(look, f"the bot says “{words}”")

    async def ends(self, within: float = _STOP_WITHIN) -> int:
        """Wait for its end; gives its exit status."""
        process = self._process
        assert process is not None
        await eventually(lambda: process.poll() is not None, "the bot ends", within)
        return process.returncode

    async def stops(self) -> int:
        """Send SIGTERM and wait for its end; gives its exit status."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
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
        assert self._process is not None
        self._process.kill()
        await self.ends()

    @contextmanager
    def is_frozen(self) -> Iterator[None]:
        """As when the machine has no time for it."""
        os.kill(self.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.pid, signal.SIGCONT)

    async def answers(self, path: str) -> tuple[int, Any]:
        """What it answers to a GET: status and JSON."""
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{self.url}{path}") as response,
        ):
            return response.status, await response.json()

    async def is_ready(self, *, is_so: bool = True) -> dict[str, Any]:
        """Wait until it says that it is ready, or that it is not; gives what it says."""
        return await self._until(lambda status, _: (status == 200) is is_so)

    async def is_quiet(self, within: float = DEADLINE) -> None:
        """Wait until nothing is left to be sent."""
        await self._until(
            lambda _, state: (
                not {"pending", "sending"} & state.get("outbox", {"pending": 1}).keys()
            ),
            within,
        )

    @contextmanager
    def opened_database(self) -> Iterator[sqlite3.Connection]:
        """Its database, as somebody with a shell on its machine would open it."""
        with closing(sqlite3.connect(self.database, isolation_level=None)) as connection:
            yield connection

    async def _until(
        self, is_so: Callable[[int, Any], bool], within: float = DEADLINE
    ) -> dict[str, Any]:
        status, state = await self.answers("/readyz")
        try:
            async with asyncio.timeout(within):
                while not is_so(status, state):
                    await asyncio.sleep(_ASK_EVERY)
                    status, state = await self.answers("/readyz")
        except TimeoutError:
            raise AssertionError(f"/readyz still says {status} {state}") from None
        assert isinstance(state, dict)
        return state
