"""Bots that serve the REST API alone.

A test that shares one looks at its own incidents only.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Final

import aiohttp
import pytest

from incident_bot.rest.wrong_tokens import WINDOW
from tests.bots.bot import Bot
from tests.bots.hosted import HostedBot
from tests.rest.client import CI, GRAFANA, Client
from tests.story import Stage

TOKENS: Final = f"ci:{CI},grafana:{GRAFANA}"


@pytest.fixture(scope="session")
def alone(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostedBot]:
    """Without tokens."""
    with stage.rest_bot(tmp_path_factory.mktemp("alone")) as bot:
        yield bot


@pytest.fixture(scope="session")
def guarded(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostedBot]:
    """With tokens."""
    folder = tmp_path_factory.mktemp("guarded")
    with stage.rest_bot(folder, INCIDENT_BOT_API_TOKENS=TOKENS) as bot:
        yield bot


@pytest.fixture
def own(stage: Stage, tmp_path: Path) -> Iterator[HostedBot]:
    """For one test alone."""
    with stage.rest_bot(tmp_path) as bot:
        yield bot


@pytest.fixture
async def client_of() -> AsyncIterator[Callable[[Bot], Client]]:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        yield lambda bot: Client(session, bot.url)


@pytest.fixture
async def behind_tokens(guarded: HostedBot) -> AsyncIterator[Client]:
    """In a minute of the test's own: wrong tokens are counted."""
    guarded.puts_clocks_forward(WINDOW)
    async with aiohttp.ClientSession() as session:
        yield Client(session, guarded.url)


@pytest.fixture
def rest(alone: HostedBot, client_of: Callable[[Bot], Client]) -> Client:
    return client_of(alone)
