"""`incident-bot sandbox` as people start it: workspace and bot in their own processes."""

import asyncio
import os
import shlex
import signal
import socket
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from .support import Json


class Running:
    def __init__(self, process: Process) -> None:
        self._process = process
        self.lines: list[str] = []

    async def address(self) -> str:
        """As it is printed, once the bot is ready."""
        line = await self.says("The sandbox is at ")
        return line.removeprefix("The sandbox is at ").rstrip("/")

    async def says(self, words: str) -> str:
        """Wait for a line that begins with `words`; gives it."""
        if self._process.stdout is None:
            raise AssertionError
        async for line in self._process.stdout:
            self.lines.append(line.decode().rstrip())
            if self.lines[-1].startswith(words):
                return self.lines[-1]
        raise AssertionError(self.lines)

    async def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        """The exit status."""
        if self._process.returncode is None:
            self._process.send_signal(how)
        return await self.end()

    async def end(self) -> int:
        """The same, without being told to."""
        rest, _ = await self._process.communicate()
        self.lines += rest.decode().splitlines()
        return self._process.returncode or 0


@asynccontextmanager
async def started(*arguments: str) -> AsyncIterator[Running]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "incident_bot", "sandbox", "--no-browser", *arguments),
        stdout=PIPE,
        stderr=STDOUT,
        env={**os.environ, "HTTP_PROXY": "http://127.0.0.1:9", "SLACK_BOT_TOKEN": "xoxb-real"},
    )
    running = Running(process)
    try:
        yield running
    finally:
        await running.stop()


async def asked(address: str, path: str, body: Json | None = None) -> Json:
    async with (
        aiohttp.ClientSession() as session,
        session.request("POST" if body else "GET", f"{address}/sandbox/{path}", json=body) as got,
    ):
        answer: Json = await got.json()
        return answer


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_it_starts_the_bot_and_stops_both(mode: str) -> None:
    async with started("--port", "0", "--mode", mode) as running:
        address = await running.address()
        state = await asked(address, "state?as=U0ANA")
        command = {"as": "U0ANA", "channel": "C0GENERAL", "text": "/incident help"}
        outcome = await asked(address, "command", command)
        status = await running.stop(signal.SIGTERM)

    assert state["mode"] == mode
    assert state["bot"]["status"] == "ready"
    assert outcome["ok"]
    assert status == 0
    with pytest.raises(ProcessLookupError):
        os.kill(state["bot"]["pid"], 0)


async def test_in_http_mode_the_printed_curl_line_reaches_the_rest_api() -> None:
    async with started("--port", "0", "--mode", "http") as running:
        _, _, header, url = shlex.split(await running.says("  curl "))
        name, _, value = header.partition(": ")
        async with (
            aiohttp.ClientSession() as session,
            session.get(url) as refused,
            session.get(url, headers={name: value}) as answer,
        ):
            listed = await answer.json()

    assert refused.status == 401
    assert listed["incidents"] == []


@pytest.mark.parametrize("name", ["data", "what? 100% #1"])
async def test_with_data_all_is_there_next_time(tmp_path: Path, name: str) -> None:
    said = {"as": "U0ANA", "channel": "C0GENERAL", "text": "kept"}
    async with started("--port", "0", "--data", str(tmp_path / name)) as running:
        await asked(await running.address(), "message", said)
        assert await running.stop() == 0

    async with started("--port", "0", "--data", str(tmp_path / name)) as running:
        address = await running.address()
        messages = await asked(address, "messages?as=U0ANA&channel=C0GENERAL")

    assert [message["text"] for message in messages["messages"]] == ["kept"]
    kept = await asyncio.to_thread(lambda: {path.name for path in (tmp_path / name).iterdir()})
    assert kept >= {"workspace.json", "incident_bot.db"}


async def test_a_port_in_use_is_said_and_the_next_one_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with started("--port", str(port)) as running:
            address = await running.address()

    assert not address.endswith(f":{port}")
    assert running.lines[0].startswith(f"Port {port} is in use; this is port ")


async def test_what_was_kept_and_cannot_be_read_is_said_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "workspace.json").write_text("{")

    async with started("--port", "0", "--data", str(tmp_path)) as running:
        status = await running.end()

    assert status == 2
    assert len(running.lines) == 1
    assert "workspace.json cannot be read" in running.lines[0]
