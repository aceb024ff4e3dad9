"""The worker on its stage, in an event loop whose clock can be put forward."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, MutableMapping
from typing import Any

import pytest
from structlog.testing import capture_logs

from incident_bot.store.engine.database import Database
from tests.databases import Rows
from tests.delivery.support import Stage
from tests.movable_time import StillLoop


@pytest.fixture
def kind() -> str:
    """What the outbox does on PostgreSQL is told in the tests of the store."""
    return "sqlite"


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"still": StillLoop}


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[MutableMapping[str, Any]]]:
    """What is logged; it is not written out, since drawing a traceback takes a second."""
    with capture_logs() as entries:
        yield entries


@pytest.fixture
async def stage(database: Database, rows: Rows) -> AsyncIterator[Stage]:
    """The worker is not started yet."""
    faults: list[Mapping[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, fault: faults.append(fault))
    built = Stage(database, rows)
    yield built
    await built.close()
    assert faults == [], "nothing goes wrong where nobody looks"


@pytest.fixture
async def running(stage: Stage) -> Stage:
    """The worker is at work, with nothing to do so far."""
    stage.start()
    return stage
