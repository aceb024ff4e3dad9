"""The operator at a terminal on the bot's machine, in the bot's folder, with its settings."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from tests.bots.bot import Bot
from tests.bots.command import Ended, run
from tests.rest.client import Client


async def operator(bot: Bot, *arguments: str | Path, typed: str = "", **settings: str) -> Ended:
    """Run `incident-bot` with `arguments` and, on its standard input, what is `typed`."""
    words = [str(argument) for argument in arguments]
    ended = await asyncio.to_thread(run, words, bot.folder, bot.settings | settings, typed)
    assert "Traceback" not in ended.complained, ended.complained
    return ended


async def starts_alone(bot: Bot, **settings: str) -> None:
    """Start it without Slack: whatever is to be sent waits."""
    await bot.begins("--no-slack", **settings)
    await bot.says("running without Slack")
    await bot.is_ready()


@asynccontextmanager
async def rest_of(bot: Bot) -> AsyncIterator[Client]:
    """Its REST API, asked with the token of the tests' own settings if it has one."""
    async with aiohttp.ClientSession(headers=bot.authorization) as session:
        yield Client(session, bot.url)
