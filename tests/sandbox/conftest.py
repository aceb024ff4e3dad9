from collections.abc import AsyncIterator

import aiohttp
import pytest

from incident_bot.sandbox.server import SandboxServer

from .page_client import Page
from .support import Bot, Listener, StillClock, listening, manifest


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
async def sandbox(clock: StillClock) -> AsyncIterator[SandboxServer]:
    async with SandboxServer(manifest(), clock=clock) as server:
        yield server


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as client:
        yield client


@pytest.fixture
def bot(sandbox: SandboxServer, session: aiohttp.ClientSession) -> Bot:
    return Bot(sandbox, session)


@pytest.fixture
def page(sandbox: SandboxServer, session: aiohttp.ClientSession) -> Page:
    return Page(sandbox.url, session)


@pytest.fixture
async def listener(clock: StillClock) -> AsyncIterator[Listener]:
    """Without the events of messages, which would come between what a test does."""
    async with listening(clock, text=manifest(events=["app_home_opened"])) as ready:
        yield ready
