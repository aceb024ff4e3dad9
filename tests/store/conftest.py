"""A real database for each test, on SQLite and on PostgreSQL, and the parts that work on it."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from incident_bot.store.action_items import ActionItems
from incident_bot.store.database import Database
from incident_bot.store.incident_lists import IncidentLists
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.opening import open_database
from incident_bot.store.outbox import Outbox
from tests.factories import Clock
from tests.store.support import Rows


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "incident_bot.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def address(kind: str, path: Path, request: pytest.FixtureRequest) -> str:
    """Where a test's own database is; on SQLite it has yet to be made."""
    if kind == "sqlite":
        return f"sqlite:///{path}"
    made: str = request.getfixturevalue("postgres").new_database()
    return made


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file as the migrations leave it: copying it is quicker than running them each time."""
    path = tmp_path_factory.mktemp("migrated") / "incident_bot.db"
    open_database(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def database(kind: str, migrated: Path, path: Path, address: str) -> Iterator[Database]:
    if kind == "sqlite":
        shutil.copy(migrated, path)
    with contextlib.closing(open_database(address)) as opened:
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
def action_items(database: Database, clock: Clock, woken: list[bool]) -> ActionItems:
    return ActionItems(database, clock, lambda: woken.append(True))


@pytest.fixture
def lists(database: Database) -> IncidentLists:
    return IncidentLists(database)


@pytest.fixture
def outbox(database: Database) -> Outbox:
    return Outbox(database)


@pytest.fixture
def rows(address: str, database: Database) -> Iterator[Rows]:
    del database  # it has made the tables
    with contextlib.closing(Rows(address)) as looking:
        yield looking
