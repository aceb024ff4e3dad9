"""Databases for tests, on SQLite and on PostgreSQL; and a look into them past the bot.

A test that takes `database` or `address` runs on both. What needs a PostgreSQL server, by a
fixture or by a parameter that names PostgreSQL, is marked `postgres` by itself.
"""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import NullPool, create_engine, event, text

from incident_bot.store.engine.database import Database
from incident_bot.store.engine.opening import open_database
from tests.new_sqlite import new_sqlite
from tests.postgres import PostgresServer, postgres_server

ON_SQLITE: Final = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
"""For what only SQLite has, or has in its own way."""


class Rows:
    """Reads and changes committed rows directly, past the bot."""

    def __init__(self, address: str) -> None:
        self._engine = create_engine(address, poolclass=NullPool)
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "connect", _check_foreign_keys)

    def of(self, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
        return self.query(f"SELECT {columns} FROM {table} ORDER BY 1")  # noqa: S608 - a test's words

    def count(self, table: str) -> int:
        return len(self.of(table))

    def counts(self) -> dict[str, int]:
        tables = ("incidents", "timeline_entries", "outbox", "requests")
        return {table: self.count(table) for table in tables}

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    def execute(self, statement: str) -> None:
        """Change the rows behind the bot's back; foreign keys are checked as the bot has them."""
        with self._engine.begin() as connection:
            connection.execute(text(statement))

    def close(self) -> None:
        self._engine.dispose()


def _check_foreign_keys(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's
    connection.execute("PRAGMA foreign_keys = ON")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what needs a PostgreSQL server, so that a run can leave it out."""
    call = getattr(item, "callspec", None)
    parameters = call.params.values() if call else ()
    is_named = any(isinstance(one, str) and one.lower() == "postgresql" for one in parameters)
    if is_named or "postgres" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.postgres)


@pytest.fixture(scope="session")
def _postgres_server() -> Iterator[PostgresServer]:
    with postgres_server() as running:
        yield running


@pytest.fixture
def postgres(request: pytest.FixtureRequest) -> PostgresServer:
    """A real PostgreSQL server, the same for all tests."""
    if request.node.get_closest_marker("postgres") is None:
        pytest.fail("a test that needs a PostgreSQL server has to be marked `postgres`")
    server: PostgresServer = request.getfixturevalue("_postgres_server")
    return server


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def new_database(request: pytest.FixtureRequest) -> Callable[[], dict[str, str]]:
    """Makes the setting for a database of a story's own: each mode needs its own."""
    if request.param == "SQLite":
        return dict
    postgres: PostgresServer = request.getfixturevalue("postgres")
    return lambda: {"INCIDENT_BOT_DATABASE_URL": postgres.new_database()}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a test's database is, on SQLite."""
    return tmp_path / "incident_bot.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def address(kind: str, path: Path, request: pytest.FixtureRequest) -> str:
    """A database for one test: on SQLite yet to be made, on PostgreSQL as migrations leave it."""
    if kind == "sqlite":
        return f"sqlite:///{path}"
    emptied: str = request.getfixturevalue("postgres").emptied_database()
    return emptied


@pytest.fixture
def migrated(kind: str, address: str, path: Path) -> str:
    """The address of a database as the migrations leave it, which nobody has opened yet."""
    return new_sqlite(path.parent) if kind == "sqlite" else address


@pytest.fixture
def database(migrated: str) -> Iterator[Database]:
    with contextlib.closing(open_database(migrated)) as opened:
        yield opened


@pytest.fixture
def rows(address: str, database: Database) -> Iterator[Rows]:
    del database  # it has made the tables
    with contextlib.closing(Rows(address)) as looking:
        yield looking
