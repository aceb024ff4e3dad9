"""Bots that serve the REST API alone, as child processes.

A test that shares one looks at its own incidents only.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Final

import aiohttp
import pytest

from tests.bot_process import BotProcess, free_port
from tests.rest.client import CI, GRAFANA, Client

TOKENS: Final = f"ci:{CI},grafana:{GRAFANA}"
_ADDRESSES: Final = itertools.count(1)


@contextmanager
def _running(folder: Path, **settings: str) -> Iterator[BotProcess]:
    bot = BotProcess({}, folder, free_port())
    asyncio.run(_begun(bot, **settings))
    try:
        yield bot
    finally:
        if bot.is_running:
            assert asyncio.run(bot.stops()) == 0


async def _begun(bot: BotProcess, **settings: str) -> None:
    bot.begins("--no-slack", **settings)
    await bot.says("running without Slack")
    await bot.is_ready()


@pytest.fixture(scope="session")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    """Without tokens."""
    with _running(tmp_path_factory.mktemp("alone")) as bot:
        yield bot


@pytest.fixture(scope="session")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    """With tokens."""
    folder = tmp_path_factory.mktemp("guarded")
    with _running(folder, INCIDENT_BOT_API_TOKENS=TOKENS) as bot:
        yield bot


@pytest.fixture
def own(tmp_path: Path) -> Iterator[BotProcess]:
    """For one test alone."""
    with _running(tmp_path) as bot:
        yield bot


@pytest.fixture
async def client_of() -> AsyncIterator[Callable[[BotProcess], Client]]:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        yield lambda bot: Client(session, bot.url)


@pytest.fixture
async def behind_tokens(guarded: BotProcess) -> AsyncIterator[Client]:
    """From an address of the test's own, as a proxy would tell it: wrong tokens are counted."""
    address = str(ip_address("10.0.0.0") + next(_ADDRESSES))
    async with aiohttp.ClientSession(headers={"X-Forwarded-For": address}) as session:
        yield Client(session, guarded.url)


@pytest.fixture
def rest(alone: BotProcess, client_of: Callable[[BotProcess], Client]) -> Client:
    return client_of(alone)
