"""How the database is opened, locked and set up."""

import contextlib
import fcntl
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from incident_bot.store.engine.database import Database, DatabaseAway
from incident_bot.store.engine.errors import DatabaseUnusable
from incident_bot.store.engine.opening import open_database
from tests.databases import Rows


@pytest.fixture
def kind() -> str:
    """All of this is about SQLite."""
    return "sqlite"


def pragma(connection: Connection, name: str) -> object:
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def modes(folder: Path) -> dict[str, int]:
    return {path.name: mode(path) for path in folder.iterdir()}


@pytest.fixture
def no_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.parametrize(
    ("name", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 5000)],
)
async def test_the_writer_is_durable_and_strict(
    database: Database, name: str, value: object
) -> None:
    assert await database.write(lambda connection: pragma(connection, name)) == value


@pytest.mark.parametrize(
    ("name", "value"), [("query_only", 1), ("foreign_keys", 1), ("busy_timeout", 5000)]
)
async def test_the_reader_only_reads(database: Database, name: str, value: object) -> None:
    assert await database.read(lambda connection: pragma(connection, name)) == value


async def test_a_reader_that_writes_is_refused(database: Database) -> None:
    with pytest.raises(DatabaseAway) as refusal:
        await database.read(lambda connection: connection.execute(text("DELETE FROM requests")))

    assert "readonly" in str(refusal.value.__cause__)


async def test_a_write_begins_with_the_lock(database: Database, path: Path) -> None:
    def work(_connection: Connection) -> str:
        with contextlib.closing(sqlite3.connect(path, timeout=0)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                return str(error)
        return "nothing held it"

    assert await database.write(work) == "database is locked"


@pytest.mark.usefixtures("no_umask")
async def test_the_files_are_the_owners_alone(address: str, tmp_path: Path) -> None:
    with contextlib.closing(open_database(address)) as database:
        await database.write(lambda connection: connection.execute(text("DELETE FROM requests")))

        found = modes(tmp_path)

    assert {"incident_bot.db", "incident_bot.db-wal", "incident_bot.db.lock"} <= found.keys()
    assert set(found.values()) == {0o600}


@pytest.mark.usefixtures("no_umask")
def test_a_file_that_others_could_read_is_made_private(address: str, path: Path) -> None:
    path.touch(mode=0o644)

    open_database(address).close()

    assert mode(path) == 0o600


def test_a_second_one_is_refused_in_words(database: Database, address: str) -> None:
    del database

    with pytest.raises(DatabaseUnusable) as refusal:
        open_database(address)

    assert f"is in use by another incident-bot (process {os.getpid()})" in str(refusal.value)
    assert "Stop that one, or give this one a database of its own." in str(refusal.value)


def opened_by_another_process(address: str) -> "subprocess.CompletedProcess[str]":
    program = (
        "import sys; from incident_bot.store.engine.opening import open_database; "
        "open_database(sys.argv[1])"
    )
    return subprocess.run(
        [sys.executable, "-c", program, address], capture_output=True, text=True, check=False
    )


def test_a_second_process_is_refused_in_words(database: Database, address: str) -> None:
    del database

    ended = opened_by_another_process(address)

    assert ended.returncode == 1
    assert f"is in use by another incident-bot (process {os.getpid()})" in ended.stderr


LINKS: dict[str, Callable[[Path, Path], None]] = {
    "symbolic link": lambda link, path: link.symlink_to(path),
    "hard link": lambda link, path: link.hardlink_to(path),
    "link to a link": lambda link, path: link.symlink_to(linked(link.with_name("between"), path)),
    "linked folder": lambda link, path: link.symlink_to(path.parent),
}


def linked(link: Path, path: Path) -> Path:
    link.symlink_to(path)
    return link


@pytest.mark.parametrize("kind_of_link", LINKS)
def test_another_name_of_a_file_in_use_is_refused_in_words(
    database: Database, path: Path, kind_of_link: str
) -> None:
    del database
    link = path.parent / "elsewhere" / "link.db"
    link.parent.mkdir()
    LINKS[kind_of_link](link, path)
    name = link / path.name if kind_of_link == "linked folder" else link

    ended = opened_by_another_process(f"sqlite:///{name}")

    assert f"{name} is in use by another incident-bot (process {os.getpid()})" in ended.stderr
    assert not link.with_name("link.db.lock").exists()


def test_the_file_of_a_link_in_use_is_refused_in_words(migrated: str, path: Path) -> None:
    link = path.with_name("link.db")
    link.symlink_to(path)

    with contextlib.closing(open_database(f"sqlite:///{link}")):
        ended = opened_by_another_process(migrated)

    assert f"is in use by another incident-bot (process {os.getpid()})" in ended.stderr


def test_a_link_to_a_file_that_is_not_there_yet_makes_it(path: Path) -> None:
    link = path.with_name("link.db")
    link.symlink_to(path)

    with contextlib.closing(open_database(f"sqlite:///{link}")):
        ended = opened_by_another_process(f"sqlite:///{path}")

    assert f"is in use by another incident-bot (process {os.getpid()})" in ended.stderr
    assert mode(path) == 0o600


def test_a_lock_file_removed_by_hand_lets_nobody_in(database: Database, address: str) -> None:
    path = Path(address.removeprefix("sqlite:///"))
    path.with_name(path.name + ".lock").unlink()

    ended = opened_by_another_process(address)

    assert f"is in use by another incident-bot (process {os.getpid()})" in ended.stderr
    assert not database.is_shared


def test_a_lock_of_an_older_version_is_kept_to(migrated: str, path: Path) -> None:
    with path.with_name(path.name + ".lock").open("w+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("4711")
        lock.flush()

        with pytest.raises(DatabaseUnusable, match=r"incident-bot \(process 4711\)"):
            open_database(migrated)


async def test_who_is_refused_takes_nothing_from_the_one_that_is_there(
    database: Database, address: str, path: Path
) -> None:
    opened_by_another_process(address)

    def work(_connection: Connection) -> str:
        with contextlib.closing(sqlite3.connect(path, timeout=0)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                return str(error)
        return "nothing held it"

    assert await database.write(work) == "database is locked"


def test_the_lock_is_given_back(migrated: str) -> None:
    open_database(migrated).close()

    open_database(migrated).close()


def test_a_lock_left_behind_by_a_crash_holds_nobody_up(migrated: str, path: Path) -> None:
    path.with_name(path.name + ".lock").write_text("99999999")

    open_database(migrated).close()

    assert path.with_name(path.name + ".lock").read_text() == str(os.getpid())


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("nonsense", "it must be a URL such as sqlite:///incident_bot.db or postgresql://"),
        ("sqlite://", "SQLite needs a file"),
        ("sqlite:///:memory:", "SQLite needs a file"),
        ("oracle://root@localhost/x", "it must be SQLite, such as"),
        ("sqlite+aiosqlite:///x.db", "it must be SQLite, such as"),
        ("postgresql+psycopg://u:p@host:port/x", "it must be a URL such as"),
        ("sqlite:///file:x.db?uri=true", "write the file's path"),
        ("sqlite:////nowhere/at/all.db", "cannot write /nowhere/at/all.db: No such file"),
        ("sqlite:////", "cannot write /: Is a directory"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_in_words(address: str, words: str) -> None:
    with pytest.raises(DatabaseUnusable) as refusal:
        open_database(address)

    assert words in str(refusal.value)
    assert len(str(refusal.value).splitlines()) == 1


def test_another_kind_of_file_is_refused_in_words_and_let_go(address: str, path: Path) -> None:
    path.write_bytes(b"This is a diary, not a database. " * 100)

    for _ in range(2):  # the first leaves no lock behind
        with pytest.raises(DatabaseUnusable, match="file is not a database"):
            open_database(address)


async def test_an_open_database_has_no_problem(database: Database) -> None:
    assert await database.problem() is None


async def test_a_full_disk_is_a_problem_although_the_database_can_be_read(
    database: Database, rows: Rows
) -> None:
    rows.execute(
        "CREATE TRIGGER full BEFORE UPDATE ON alembic_version "
        "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
    )

    assert await database.problem() == "the database does not answer: database or disk is full"


async def test_a_closed_database_says_that_it_does_not_answer(migrated: str) -> None:
    database = open_database(migrated)
    database.close()

    assert await database.problem() == "the database does not answer: the database is closed"


async def test_what_waits_is_written_before_closing(migrated: str, path: Path) -> None:
    database = open_database(migrated)
    await database.write(
        lambda connection: connection.execute(
            text("INSERT INTO requests (key, at) VALUES ('k', '2026-11-22 12:00:00')")
        )
    )
    database.close()

    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT key FROM requests").fetchall() == [("k",)]


async def test_a_mistake_in_a_query_is_not_taken_for_a_database_that_is_away(
    database: Database,
) -> None:
    with pytest.raises(OperationalError, match="no such table"):
        await database.read(lambda connection: connection.execute(text("SELECT 1 FROM nowhere")))


async def test_that_the_database_is_away_and_back_is_logged_once(database: Database) -> None:
    with capture_logs() as logs:
        for _ in range(2):
            with pytest.raises(DatabaseAway):
                await database.read(
                    lambda connection: connection.execute(text("DELETE FROM requests"))
                )
        for _ in range(2):
            await database.problem()

    assert [entry["event"] for entry in logs] == [
        "the database does not answer",
        "the database answers again",
    ]
