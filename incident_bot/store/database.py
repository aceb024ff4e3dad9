"""What the store needs of a database; SQLite and PostgreSQL each give it in their own way."""

import contextlib
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import TypeVar

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from incident_bot.domain.errors import IncidentError
from incident_bot.store.schema import problem_of

T = TypeVar("T")

log = structlog.get_logger(__name__)


class DatabaseAway(IncidentError):
    """The database does not answer now; nothing was changed."""

    def __init__(self) -> None:
        super().__init__(
            "The database of the bot does not answer, so nothing was changed. "
            "Please try again in a minute."
        )


class Database(ABC):
    """An open database, its schema current. All methods raise DatabaseAway when it is away.

    `is_shared` says whether other processes may work on it at the same time.
    """

    is_shared: bool

    @abstractmethod
    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction, durable when this returns.

        What `work` raises undoes it. It may be run again, so it must do nothing but SQL.
        """

    @abstractmethod
    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work`, which only reads and takes well under a millisecond."""

    @abstractmethod
    async def scan(self, work: Callable[[Connection], T]) -> T:
        """Run `work`, which only reads but may take long."""

    @abstractmethod
    def close(self) -> None:
        """Finish what waits to be written, then close."""

    async def problem(self) -> str | None:
        """What keeps the database from answering or from being current, in words; or None."""
        try:
            return await self.write(problem_of)
        except DatabaseAway as error:
            return f"the database does not answer: {cause(error.__cause__ or error)}"
        except (SQLAlchemyError, RuntimeError) as error:
            return f"the database does not answer: {cause(error)}"


@contextlib.contextmanager
def answering() -> Iterator[None]:
    """Turn a database that is away into DatabaseAway."""
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeoutError) as error:
        if _is_mistake(error):
            raise
        log.error("the database does not answer", reason=cause(error))  # noqa: TRY400 - one line
        raise DatabaseAway from error


def _is_mistake(error: SQLAlchemyError) -> bool:
    """Whether the SQL is wrong. SQLite has one class for that and for a disk that is full."""
    origin = error.orig if isinstance(error, DBAPIError) else None
    code: int | None = getattr(origin, "sqlite_errorcode", None)
    return code == sqlite3.SQLITE_ERROR


def cause(error: BaseException) -> str:
    """The driver's own words, in one line."""
    origin = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return str(origin).splitlines()[0] if str(origin) else type(origin).__name__
