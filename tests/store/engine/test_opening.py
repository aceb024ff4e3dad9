"""Opening a database as it is: nothing is made, nothing is migrated."""

import contextlib
import os
import sys
from pathlib import Path

import pytest

from incident_bot.store.engine.database import Database
from incident_bot.store.engine.errors import DatabaseInUse, DatabaseUnusable
from incident_bot.store.engine.opening import open_as_it_is, open_database, parse
from tests.databases import ON_SQLITE, Rows
from tests.postgres import PostgresServer


@pytest.mark.parametrize("beginning", ["postgresql", "postgres", "postgresql+psycopg", "POSTGRES"])
def test_postgresql_may_be_written_as_its_hosts_write_it(beginning: str) -> None:
    url = parse(f"{beginning}://u:p%2Fw@h:6543/db?sslmode=require")

    written = url.render_as_string(hide_password=False)
    assert written == "postgresql+psycopg://u:p%2Fw@h:6543/db?sslmode=require"


@pytest.mark.parametrize("driver", ["psycopg2", "asyncpg", "pg8000", "psycopg_async", "nosuch"])
@pytest.mark.parametrize("backend", ["postgresql", "postgres"])
def test_of_another_driver_the_right_one_is_named(backend: str, driver: str) -> None:
    with pytest.raises(DatabaseUnusable) as refusal:
        open_database(f"{backend}+{driver}://u:hunter2@h/db")

    assert f"write postgresql+psycopg:// in place of {backend}+{driver}://." in str(refusal.value)
    assert "hunter2" not in str(refusal.value)


def test_without_the_driver_the_command_that_installs_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(
        DatabaseUnusable, match=r"in the bot's folder, pip install '\.\[postgres\]'"
    ):
        open_database("postgresql://u@h/db")


def test_an_address_as_its_hosts_write_it_is_opened(postgres: PostgresServer) -> None:
    _, _, rest = postgres.empty_database().partition("://")

    with contextlib.closing(open_database(f"postgres://{rest}")) as database:
        assert database.is_shared


@ON_SQLITE
def test_a_file_that_is_not_there_is_not_made(address: str, path: Path) -> None:
    with pytest.raises(DatabaseUnusable, match="starting the bot makes it"):
        open_as_it_is(address)

    assert list(path.parent.iterdir()) == []


@ON_SQLITE
def test_an_empty_file_is_not_migrated(address: str, path: Path) -> None:
    path.touch()

    for _ in range(2):  # the first leaves no lock behind
        with pytest.raises(DatabaseUnusable, match="is at schema None, this version needs"):
            open_as_it_is(address)


def test_an_empty_database_is_not_migrated(postgres: PostgresServer) -> None:
    address = postgres.empty_database()

    with pytest.raises(DatabaseUnusable, match="Starting the bot brings an older one up to date"):
        open_as_it_is(address)

    assert Rows(address).query("SELECT 1 FROM pg_tables WHERE schemaname = 'public'") == []


def test_a_newer_schema_is_refused(address: str, database: Database) -> None:
    database.close()
    Rows(address).execute("UPDATE alembic_version SET version_num = '0999'")

    with pytest.raises(DatabaseUnusable, match="at schema 0999, newer than this version's"):
        open_as_it_is(address)


@ON_SQLITE
def test_who_has_the_file_is_named(address: str, database: Database) -> None:
    del database

    with pytest.raises(DatabaseInUse) as refusal:
        open_as_it_is(address)

    assert refusal.value.holder == str(os.getpid())
