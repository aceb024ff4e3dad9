"""`incident-bot sandbox` as somebody starts it in a terminal, stopped by Ctrl-C."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final

import aiohttp

COMMAND: Final = (sys.executable, "-m", "incident_bot", "sandbox", "--no-browser")
CAST: Final = ("U0ANA", "U0BEN", "U0CARA", "U0GUS", "U0EVE")
_ADDRESS: Final = "The sandbox is at "
_READY_WITHIN: Final = 40.0
_STOP_WITHIN: Final = 30.0


class RunningSandbox:
    """Workspace and bot. `lines` is what the terminal shows."""

    def __init__(self, process: Process) -> None:
        self.lines: list[str] = []
        self.url = ""
        self._process = process
        self._reading = asyncio.create_task(self._read())

    async def is_ready(self) -> None:
        async with asyncio.timeout(_READY_WITHIN):
            while not self.url:
                assert not self._reading.done(), self.lines
                await asyncio.sleep(0.02)

    async def presses_ctrl_c(self) -> int:
        """The exit status."""
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGINT)
        async with asyncio.timeout(_STOP_WITHIN):
            await self._reading
            return await self._process.wait()

    async def asks(self, path: str, **body: object) -> Any:  # noqa: ANN401 - JSON
        """GET, or POST when there is a body."""
        async with (
            aiohttp.ClientSession(trust_env=False) as session,
            session.request(
                "POST" if body else "GET", f"{self.url}/sandbox/{path}", json=body or None
            ) as answer,
        ):
            assert answer.ok, await answer.text()
            return await answer.json()

    async def bot_pid(self) -> int:
        state = await self.asks("state?as=U0ANA")
        pid: int = state["bot"]["pid"]
        return pid

    async def has_nothing_left_over(self) -> None:
        """No fault is on and nobody has a form open: Slack keeps both longer than a window."""
        async with (
            aiohttp.ClientSession(trust_env=False) as session,
            session.put(f"{self.url}/sandbox/faults", json={"faults": []}) as answer,
        ):
            assert answer.ok
        for user_id in CAST:
            state = await self.asks(f"state?as={user_id}")
            if view := state["view"]:
                await self.asks("view/close", **{"as": user_id}, view_id=view["id"])

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self.lines.append(line.decode().rstrip())
            if self.lines[-1].startswith(_ADDRESS):
                self.url = self.lines[-1].removeprefix(_ADDRESS).rstrip("/")


@asynccontextmanager
async def started_sandbox(*arguments: str) -> AsyncIterator[RunningSandbox]:
    """Started with these arguments, on any free port unless they name one."""
    port = () if "--port" in arguments else ("--port", "0")
    process = await asyncio.create_subprocess_exec(
        *COMMAND, *port, *arguments, stdin=asyncio.subprocess.DEVNULL, stdout=PIPE, stderr=STDOUT
    )
    sandbox = RunningSandbox(process)
    try:
        await sandbox.is_ready()
        yield sandbox
    finally:
        await sandbox.presses_ctrl_c()


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    """The process does nothing meanwhile, as on a machine that is far too busy."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
