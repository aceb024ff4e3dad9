"""The unchanged bot as a child process: configured by its environment, watched, stopped."""

import asyncio
import signal
import sys
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import aiohttp

from incident_bot.sandbox.browser import BotAction
from incident_bot.sandbox.bus import BotChanged, Bus
from incident_bot.sandbox.jsontypes import JsonObject

Status = Literal["starting", "ready", "stopped"]

COMMAND = (sys.executable, "-m", "incident_bot", "run")
STOP_SECONDS = 15.0
READY_SECONDS = 30.0
_POLL_SECONDS = 0.05
_LINES_KEPT = 40
_LONGEST_LINE = 1024 * 1024
_PROXIES = {"http_proxy", "https_proxy", "all_proxy", "ftp_proxy", "ws_proxy", "wss_proxy"}
_PASSED_ON = {"INCIDENT_BOT_EVENT_LOG", "INCIDENT_BOT_ROLES", "INCIDENT_BOT_SEVERITIES"}


def child_environment(parent: Mapping[str, str], settings: Mapping[str, str]) -> dict[str, str]:
    """What the bot is started with: nothing of a real workspace, and no proxy.

    Slack's client for Socket Mode would ask a proxy even for this machine.
    """
    kept = {
        name: value
        for name, value in parent.items()
        if name.lower() not in _PROXIES
        and not name.upper().startswith("SLACK_")
        and (not name.upper().startswith("INCIDENT_BOT_") or name in _PASSED_ON)
    }
    return {**kept, "PYTHONUNBUFFERED": "1", **settings}


@dataclass(frozen=True)
class Launch:
    environment: Mapping[str, str]
    folder: Path  # the bot's working directory, where no stray .env lies
    ready_url: str
    command: tuple[str, ...] = COMMAND
    stop_seconds: float = STOP_SECONDS


class BotProcess:
    """Starts one bot at a time, as often as it is asked to."""

    def __init__(self, launch: Launch, bus: Bus, say: Callable[[str], None]) -> None:
        self._launch = launch
        self._bus = bus
        self._say = say
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._one_at_a_time = asyncio.Lock()
        self._lines: deque[str] = deque(maxlen=_LINES_KEPT)
        self._status: Status = "stopped"
        self._is_wanted = False
        self._settled = asyncio.Event()

    def shown(self) -> JsonObject:
        running = self._process if self._status != "stopped" else None
        return {
            "status": self._status,
            "pid": running.pid if running else None,
            "last_lines": list(self._lines),
            "exit_code": self._process.returncode if self._process else None,
        }

    async def act(self, action: BotAction) -> None:
        async with self._one_at_a_time:
            if action in {"stop", "restart"}:
                await self._end()
            if action == "kill":
                await self._kill()
            if action in {"start", "restart"}:
                await self._start()

    async def wait_until_ready(self) -> bool:
        """Whether it is ready; false when it dies first, or takes too long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(READY_SECONDS):
                await self._settled.wait()
        return self._status == "ready"

    async def _start(self) -> None:
        if self._status != "stopped":
            return
        self._is_wanted = True
        self._lines.clear()
        self._process = await asyncio.create_subprocess_exec(
            *self._launch.command,
            cwd=self._launch.folder,
            env=dict(self._launch.environment),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=_LONGEST_LINE,
            # Ctrl-C is for us: the bot is told once, by SIGTERM.
            start_new_session=True,
        )
        self._become("starting")
        self._watch = asyncio.create_task(self._follow(self._process))

    async def _kill(self) -> None:
        """As a crash would: the page says that the bot died."""
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._finished()

    async def _end(self) -> None:
        self._is_wanted = False
        if self._process is None or self._process.returncode is not None:
            await self._finished()
            return
        self._process.terminate()
        try:
            async with asyncio.timeout(self._launch.stop_seconds):
                await self._process.wait()
        except TimeoutError:
            self._say("The bot does not stop; it is killed.")
            self._process.kill()
        await self._finished()

    async def _finished(self) -> None:
        if self._watch:
            await self._watch

    async def _follow(self, process: asyncio.subprocess.Process) -> None:
        readiness = asyncio.create_task(self._await_readiness())
        await self._read_lines(process)
        await process.wait()
        readiness.cancel()
        await asyncio.gather(readiness, return_exceptions=True)
        self._become("stopped")
        if self._is_wanted:
            self._say(f"The bot died ({_how(process)}). It can be started again from the page.")

    async def _read_lines(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            return
        async for line in process.stdout:
            text = line.decode(errors="replace").rstrip()
            self._lines.append(text)
            self._say(text)

    async def _await_readiness(self) -> None:
        async with aiohttp.ClientSession(trust_env=False) as session:
            while not await self._is_ready(session):  # noqa: ASYNC110 - another process: polled
                await asyncio.sleep(_POLL_SECONDS)
        self._become("ready")

    async def _is_ready(self, session: aiohttp.ClientSession) -> bool:
        try:
            async with session.get(self._launch.ready_url) as response:
                return response.ok
        except aiohttp.ClientError:
            return False

    def _become(self, status: Status) -> None:
        self._status = status
        if status == "starting":
            self._settled.clear()
        else:
            self._settled.set()
        self._bus.tell(BotChanged(self.shown()))


def _how(process: asyncio.subprocess.Process) -> str:
    code = process.returncode or 0
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
