"""A real SQLite file for each test, and the parts that work on it."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from incident_bot.store.database import Database
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.outbox import Outbox
from tests.factories import Clock
from tests.store.support import Rows


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "incident_bot.db"


@pytest.fixture
def address(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file as the migrations leave it: copying it is quicker than running them each time."""
    path = tmp_path_factory.mktemp("migrated") / "incident_bot.db"
    Database(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def database(migrated: Path, path: Path, address: str) -> Iterator[Database]:
    shutil.copy(migrated, path)
    with contextlib.closing(Database(address)) as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def woken() -> list[bool]:
    """Grows each time the delivery is woken."""
    return []


@pytest.fixture
def store(database: Database, clock: Clock, woken: list[bool]) -> IncidentStore:
    return IncidentStore(database, clock, lambda: woken.append(True))


@pytest.fixture
def outbox(database: Database) -> Outbox:
    return Outbox(database)


@pytest.fixture
def rows(path: Path, database: Database) -> Rows:
    del database  # it has made the file
    return Rows(path)
