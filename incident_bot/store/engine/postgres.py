"""PostgreSQL: several processes share it; a small pool of connections each."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import URL, Connection, create_engine, event, text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from incident_bot.store.engine.database import (
    Database,
    DatabaseAway,
    DatabaseLost,
    SchemaChanged,
    cause,
)
from incident_bot.store.engine.errors import DatabaseUnusable
from incident_bot.store.engine.schema import bring_up_to_date, problem_of

if TYPE_CHECKING:
    from sqlalchemy.pool import ConnectionPoolEntry

T = TypeVar("T")

_CONNECTIONS: Final = 8
_TRIES: Final = 5
_SCHEMA_CHECKED_EVERY: Final = 5.0
# Seconds. The server ends a statement after five.
_LATE: Final = 10.0
# Any number that is ours: who migrates holds it, the others wait.
_MIGRATION_LOCK: Final = 0x1AC1DE27
# PostgreSQL, "Error Codes": unique_violation, serialization_failure, deadlock_detected.
_PASSING: Final = frozenset({"23505", "40001", "40P01"})
# Slack gives three seconds for an answer: a server that hangs must not take them all. One that
# has vanished is given up after ten, by the system: neither side would ever hear of it.
_CONNECT_ARGUMENTS: Final = {
    "connect_timeout": 2,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "application_name": "incident-bot",
}
# Not by `options` at the start-up: PgBouncer refuses those ("ignore_startup_parameters").
_SETTINGS: Final = {"statement_timeout": "5000", "lock_timeout": "2000", "timezone": "'UTC'"}


class PostgresDatabase(Database):
    """An open PostgreSQL database, its schema current."""

    is_shared = True

    def __init__(
        self,
        url: URL,
        prepare: Callable[[Connection], None] = bring_up_to_date,
        check_schema_every: float = _SCHEMA_CHECKED_EVERY,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open and `prepare`; raises DatabaseUnusable.

        The schema is looked at every `check_schema_every` seconds: a newer version of the bot may
        have migrated it, and then this one must leave it alone.
        """
        self._check_schema_every = check_schema_every
        self._monotonic = monotonic
        try:
            self._engine = create_engine(
                url,
                pool_size=_CONNECTIONS,
                max_overflow=0,
                pool_timeout=2,
                pool_pre_ping=True,
                hide_parameters=True,
                connect_args=_CONNECT_ARGUMENTS,
            )
            event.listen(self._engine, "connect", _get_to_know)
            event.listen(self._engine, "begin", _set_if_pooled)
        except ImportError as error:  # or it lacks libpq
            raise DatabaseUnusable(
                "PostgreSQL needs a driver: in the bot's folder, pip install '.[postgres]'."
            ) from error
        try:
            self._prepare(prepare)
        except (DatabaseUnusable, SQLAlchemyError) as error:
            self._engine.dispose()
            if isinstance(error, DatabaseUnusable):
                raise
            raise DatabaseUnusable(f"{cause(error)}.") from error
        self._threads = ThreadPoolExecutor(_CONNECTIONS, thread_name_prefix="database")
        self._schema_checked_at = monotonic()

    async def _commit(self, work: Callable[[Connection], T]) -> T:
        return await self._in_thread(lambda: self._write(work))

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await self._in_time(work)

    async def scan(self, work: Callable[[Connection], T]) -> T:
        return await self._in_time(work)

    def close(self) -> None:
        self._threads.shutdown()
        self._engine.dispose()

    async def _in_time(self, work: Callable[[Connection], T]) -> T:
        """What was read long ago, behind a connection that hung, may not be so any more.

        Somebody may have been put out of a private incident since.
        """
        asked_at = self._monotonic()
        found = await self._in_thread(lambda: self._read(work))
        if self._monotonic() - asked_at > _LATE:
            raise DatabaseAway
        return found

    async def _in_thread(self, run: Callable[[], T]) -> T:
        with self._answering():
            return await asyncio.get_running_loop().run_in_executor(self._threads, run)

    def _write(self, work: Callable[[Connection], T]) -> T:
        """What lost against another transaction is run again: then it sees what that did."""
        for _ in range(_TRIES - 1):
            try:
                return self._transact(work)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in _PASSING:
                    raise
        return self._transact(work)

    def _transact(self, work: Callable[[Connection], T]) -> T:
        with self._engine.connect() as connection:
            self._step_aside_if_older(connection)
            result = work(connection)
            try:
                connection.commit()
            except OperationalError as error:
                if getattr(error.orig, "sqlstate", None) in _PASSING:
                    raise
                raise DatabaseLost from error
            return result

    def _read(self, work: Callable[[Connection], T]) -> T:
        with self._engine.connect() as connection:
            self._step_aside_if_older(connection)
            return work(connection)

    def _step_aside_if_older(self, connection: Connection) -> None:
        now = self._monotonic()
        if now - self._schema_checked_at < self._check_schema_every:
            return
        if (problem := problem_of(connection)) is not None:
            raise SchemaChanged(problem)
        self._schema_checked_at = now

    def _prepare(self, prepare: Callable[[Connection], None]) -> None:
        """One process migrates, those that start at the same time wait for it."""
        lock = {"number": _MIGRATION_LOCK}
        with self._engine.begin() as connection:
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), lock)
            prepare(connection)


def _get_to_know(driver: Any, entry: "ConnectionPoolEntry") -> None:  # noqa: ANN401 - psycopg's
    """Set up a new connection to a server, or see that it is one to a pooler.

    A pooler, such as PgBouncer, gives each transaction another server process than the last one:
    nothing can be set for longer, and what one has prepared another does not know. It cannot know
    the process's number when it answers, so it makes one up.
    """
    driver.autocommit = True
    [number] = driver.execute("SELECT pg_backend_pid()").fetchone()
    entry.info["is_pooled"] = number != driver.info.backend_pid
    if entry.info["is_pooled"]:
        driver.prepare_threshold = None
    else:
        driver.execute(_settings("SESSION"))
    driver.autocommit = False


def _set_if_pooled(connection: Connection) -> None:
    """Set for one transaction what cannot be set for all."""
    if connection.info["is_pooled"]:
        connection.exec_driver_sql(_settings("LOCAL"))


def _settings(scope: str) -> str:
    """All in one statement, as the server sees it: each would be a round trip."""
    return ";".join(f"SET {scope} {name} = {value}" for name, value in _SETTINGS.items())
