"""SQLite: one process, one connection that writes, several that read."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from incident_bot.store.engine.database import Database, cause
from incident_bot.store.engine.errors import DatabaseUnusable
from incident_bot.store.engine.file_lock import FileLock
from incident_bot.store.engine.schema import bring_up_to_date
from incident_bot.store.engine.writer_lane import WriterLane

T = TypeVar("T")


class SqliteDatabase(Database):
    """An open SQLite database, its schema current.

    One process at a time: locks keep others out. Writes go through one lane;
    reads have connections of their own, which cannot write: one for short reads, one for long.
    """

    is_shared = False

    def __init__(self, url: URL, prepare: Callable[[Connection], None] = bring_up_to_date) -> None:
        """Open, lock and `prepare`; raises DatabaseUnusable."""
        self._path = path_of(url)
        self._lock = FileLock(self._path)
        self._writing = _engine(url, for_writing=True)
        try:
            with self._writing.begin() as connection:
                prepare(connection)
        except (DatabaseUnusable, SQLAlchemyError) as error:
            self._writing.dispose()
            self._lock.close()
            if isinstance(error, DatabaseUnusable):
                raise
            raise DatabaseUnusable(f"{self._path}: {cause(error)}.") from error
        self._reading = _engine(url, for_writing=False)
        self._scanning = _engine(url, for_writing=False)
        self._scanner = ThreadPoolExecutor(1, thread_name_prefix="scanner")
        self._lane = WriterLane(self._writing)

    async def _commit(self, work: Callable[[Connection], T]) -> T:
        with self._answering():
            return await self._lane.run(work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Right here: handing it to a thread takes longer than the read."""
        with self._answering(), self._reading.connect() as connection:
            return work(connection)

    async def scan(self, work: Callable[[Connection], T]) -> T:
        def run() -> T:
            with self._scanning.connect() as connection:
                return work(connection)

        with self._answering():
            return await asyncio.get_running_loop().run_in_executor(self._scanner, run)

    def close(self) -> None:
        """Finish what waits to be written, then close."""
        self._lane.close()
        self._scanner.shutdown()
        self._scanning.dispose()
        self._reading.dispose()
        self._writing.dispose()
        self._lock.close()


def path_of(url: URL) -> Path:
    if not url.database or url.database == ":memory:":
        raise DatabaseUnusable("SQLite needs a file, such as sqlite:///incident_bot.db.")
    if "uri" in url.query:
        # SQLite would open a file of another name than the one that is locked.
        raise DatabaseUnusable("write the file's path, such as sqlite:///incident_bot.db.")
    return Path(url.database)


def _engine(url: URL, *, for_writing: bool) -> Engine:
    # isolation_level None: sqlite3 opens no transactions of its own, ours begin as we say.
    engine = create_engine(
        url,
        connect_args={"isolation_level": None, "check_same_thread": False},
        pool_size=1,
        hide_parameters=True,  # what people wrote is no business of the log's
    )

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection
        # First of all the timeout: even a PRAGMA can meet a lock.
        connection.execute("PRAGMA busy_timeout = 5000")
        connection.execute("PRAGMA foreign_keys = ON")
        if for_writing:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
        else:
            connection.execute("PRAGMA query_only = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that reads first and writes then would fail as "database is locked".
        connection.exec_driver_sql("BEGIN IMMEDIATE" if for_writing else "BEGIN")

    return engine
