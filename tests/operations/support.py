"""The operator at a terminal on the bot's machine, in the bot's folder, with its settings."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tests.bot_process import BotProcess, environment
from tests.rest.client import Client


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    status: int
    said: str
    complained: str

    @property
    def lines(self) -> list[str]:
        return self.said.splitlines()


async def operator(
    bot: BotProcess, *arguments: str | Path, typed: str = "", **settings: str
) -> Ended:
    """Run `incident-bot` with `arguments` and, on its standard input, what is `typed`."""
    ended = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "incident_bot", *arguments],
        cwd=bot.folder,
        env=environment(bot.settings | settings),
        input=typed,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert "Traceback" not in ended.stderr, ended.stderr
    return Ended(ended.returncode, ended.stdout, ended.stderr)


async def starts_alone(bot: BotProcess, **settings: str) -> None:
    """Start it without Slack: whatever is to be sent waits."""
    bot.begins("--no-slack", **settings)
    await bot.says("running without Slack")
    await bot.is_ready()


@asynccontextmanager
async def rest_of(bot: BotProcess) -> AsyncIterator[Client]:
    """Its REST API, asked with the token of the tests' own settings if it has one."""
    _, _, token = bot.settings.get("INCIDENT_BOT_API_TOKENS", "").partition(":")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession(headers=headers) as session:
        yield Client(session, bot.url)
