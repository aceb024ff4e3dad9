"""The one thread that writes: what waits is committed together."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy import Connection, text

from incident_bot.store.engine.database import Database
from incident_bot.store.engine.opening import open_database
from tests.databases import Rows


@pytest.fixture
def kind() -> str:
    """All of this is about SQLite."""
    return "sqlite"


class Refusal(Exception):
    pass


@contextlib.asynccontextmanager
async def held(database: Database) -> AsyncIterator[None]:
    """Keep the lane busy with one piece of work, so that all else has to wait."""
    begun, go_on = threading.Event(), threading.Event()

    def wait(_connection: Connection) -> None:
        begun.set()
        go_on.wait()

    work = asyncio.ensure_future(database.write(wait))
    await asyncio.to_thread(begun.wait)
    try:
        yield
    finally:
        go_on.set()
        await work


def keep(key: str) -> Callable[[Connection], str]:
    """Work that stores `key` and gives it back."""

    def work(connection: Connection) -> str:
        connection.execute(text("INSERT INTO requests (key, at) VALUES (:key, 0)"), {"key": key})
        return key

    return work


def keep_and_fail(key: str) -> Callable[[Connection], str]:
    def work(connection: Connection) -> str:
        raise Refusal(keep(key)(connection))

    return work


async def write_together(
    database: Database, *works: Callable[[Connection], str]
) -> list[str | BaseException]:
    """Have all of these wait for the lane at the same time; what each came to."""
    async with held(database):
        tasks = [asyncio.ensure_future(database.write(work)) for work in works]
        await asyncio.sleep(0)
    return await asyncio.gather(*tasks, return_exceptions=True)


async def test_what_is_written_is_committed_when_it_returns(database: Database, rows: Rows) -> None:
    assert await database.write(keep("a")) == "a"

    assert rows.of("requests", "key") == [("a",)]


async def test_work_that_fails_leaves_nothing(database: Database, rows: Rows) -> None:
    with pytest.raises(Refusal):
        await database.write(keep_and_fail("a"))

    assert rows.count("requests") == 0


async def test_64_at_once_are_all_written(database: Database, rows: Rows) -> None:
    keys = [f"{number:02}" for number in range(64)]

    results = await write_together(database, *map(keep, keys))

    assert results == keys
    assert rows.count("requests") == 64


async def test_more_than_64_at_once_are_all_written(database: Database, rows: Rows) -> None:
    keys = [f"{number:03}" for number in range(200)]

    results = await write_together(database, *map(keep, keys))

    assert results == keys
    assert rows.count("requests") == 200


async def test_what_waits_is_one_transaction(database: Database, rows: Rows) -> None:
    def look(_connection: Connection) -> str:
        return str(rows.count("requests"))

    *_, committed = await write_together(database, keep("a"), keep("b"), look)

    assert committed == "0"
    assert rows.count("requests") == 2


async def test_one_that_fails_does_not_hurt_the_others(database: Database, rows: Rows) -> None:
    works = [keep_and_fail(f"x{n}") if n % 8 == 3 else keep(f"{n:02}") for n in range(64)]

    results = await write_together(database, *works)

    assert [n for n, result in enumerate(results) if isinstance(result, Refusal)] == list(
        range(3, 64, 8)
    )
    assert rows.count("requests") == 56


async def test_a_repeated_key_fails_for_the_second_alone(database: Database, rows: Rows) -> None:
    first, second, third = await write_together(database, keep("a"), keep("a"), keep("b"))

    assert (first, third) == ("a", "b")
    assert "UNIQUE constraint failed" in str(second)
    assert rows.count("requests") == 2


async def test_a_disk_that_is_full_is_nobodys_success(database: Database, rows: Rows) -> None:
    def fill(connection: Connection) -> str:
        """SQLite undoes the whole transaction on a full disk, not only the statement."""
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        return keep("x" * 1_000_000)(connection)

    results = await write_together(database, keep("before"), fill, keep("after"))

    told = {(result,) for result in results if isinstance(result, str)}
    assert set(rows.of("requests", "key")) == told
    assert told == set()


async def test_the_lane_goes_on_after_a_full_disk(database: Database, rows: Rows) -> None:
    def undo(connection: Connection) -> str:
        connection.exec_driver_sql("ROLLBACK")
        raise Refusal

    await write_together(database, keep("before"), undo, keep("after"))

    assert await database.write(keep("later")) == "later"
    assert rows.of("requests", "key") == [("later",)]


async def test_a_caller_that_has_gone_does_not_undo_what_was_asked(
    database: Database, rows: Rows
) -> None:
    async with held(database):
        gone = asyncio.ensure_future(database.write(keep("a")))
        await asyncio.sleep(0)
        gone.cancel()
    await database.write(keep("b"))

    assert gone.cancelled()
    assert rows.count("requests") == 2


async def test_nothing_more_is_written_after_closing(migrated: str) -> None:
    database = open_database(migrated)
    database.close()

    with pytest.raises(RuntimeError, match="the database is closed"):
        await database.write(keep("a"))


async def test_64_are_committed_together_and_no_more(database: Database, rows: Rows) -> None:
    def look(_connection: Connection) -> str:
        return str(rows.count("requests"))

    keys = [f"{number:02}" for number in range(63)]

    *_, with_them, after_them = await write_together(database, *map(keep, keys), look, look)

    assert (with_them, after_them) == ("0", "63")


async def test_who_failed_before_the_disk_was_full_is_told_of_their_own_failure(
    database: Database,
) -> None:
    def fill(connection: Connection) -> str:
        connection.exec_driver_sql("ROLLBACK")
        raise RuntimeError("the disk is full")

    first, second, third = await write_together(database, keep_and_fail("a"), fill, keep("b"))

    assert isinstance(first, Refusal)
    assert str(second) == str(third) == "the disk is full"
