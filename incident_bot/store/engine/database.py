"""What the store needs of a database; SQLite and PostgreSQL each give it in their own way."""

import asyncio
import contextlib
import functools
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from incident_bot.domain.errors import IncidentError
from incident_bot.store.engine import commits
from incident_bot.store.engine.schema import problem_of

T = TypeVar("T")

_ANSWER_WITHIN: Final = 2.0
_OUTGOING: Final = "outgoing"
_TARGETS: Final = "targets"

log = structlog.get_logger(__name__)


class DatabaseAway(IncidentError):
    """The database does not answer now; nothing was changed."""

    sentence = (
        "The database of the bot does not answer, so nothing was changed. "
        "Please try again in a minute."
    )


class DatabaseLost(DatabaseAway):
    """The database went away while it was to make a change durable: who knows whether it did."""

    sentence = "The database of the bot went away just now: what you asked for may be done or not."


@dataclass(eq=False)
class SchemaChanged(DatabaseAway):
    """A newer version of the bot has migrated the database: this one must leave it alone.

    `problem` names both schemas.
    """

    problem: str
    sentence = "The bot is being updated, so nothing was changed. Please try again in a minute."


class Database(ABC):
    """An open database, its schema current. All methods raise DatabaseAway when it is away.

    `is_shared` says whether other processes may work on it at the same time.
    """

    is_shared: bool
    _is_away = False
    _wake_delivery: Callable[[], None] | None = None
    _targets: tuple[str, ...] = ()

    def wake_when_outgoing(self, wake_delivery: Callable[[], None]) -> None:
        """Call this after each transaction that has put something into the outbox."""
        self._wake_delivery = wake_delivery

    def tell_of_changes(self, targets: Collection[str]) -> None:
        """Have these targets hear of every timeline entry that this process makes from now on."""
        self._targets = tuple(targets)

    @property
    def told_targets(self) -> tuple[str, ...]:
        """The targets that hear of every timeline entry, beside Slack."""
        return self._targets

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction, durable when this returns.

        What `work` raises undoes it. It may be run again, so it must do nothing but SQL.
        """
        result, is_outgoing = await self._commit(lambda connection: self._watched(connection, work))
        commits.note()
        if is_outgoing and self._wake_delivery is not None:
            self._wake_delivery()
        return result

    def _watched(self, connection: Connection, work: Callable[[Connection], T]) -> tuple[T, bool]:
        """What `work` gives, and whether it has put something into the outbox."""
        connection.info[_TARGETS] = self._targets
        connection.info.pop(_OUTGOING, None)  # of a transaction that was undone
        result = work(connection)
        return result, connection.info.pop(_OUTGOING, False)

    @abstractmethod
    async def _commit(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction and commit it."""

    @abstractmethod
    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work`, which only reads and takes well under a millisecond."""

    @abstractmethod
    async def scan(self, work: Callable[[Connection], T]) -> T:
        """Run `work`, which only reads but may take long."""

    @abstractmethod
    def close(self) -> None:
        """Finish what waits to be written, then close."""

    @functools.cached_property
    def outdated(self) -> asyncio.Event:
        """Set once a newer version of the bot has migrated the database."""
        return asyncio.Event()

    async def problem(self) -> str | None:
        """What keeps the database from taking changes or from being current, in words; or None."""
        try:
            async with asyncio.timeout(_ANSWER_WITHIN):
                return await self.write(_try)
        except SchemaChanged as error:
            return error.problem
        except TimeoutError:
            return f"the database does not answer within {_ANSWER_WITHIN:g} seconds"
        except DatabaseAway as error:
            return f"the database does not answer: {cause(error.__cause__ or error)}"
        except (SQLAlchemyError, sqlite3.Error, RuntimeError) as error:
            return f"the database does not answer: {cause(error)}"

    @contextlib.contextmanager
    def _answering(self) -> Iterator[None]:
        """Turn a database that is away into DatabaseAway; its going and coming are logged once."""
        try:
            yield
        except (OperationalError, InterfaceError, PoolTimeoutError, sqlite3.Error) as error:
            if _is_mistake(error):
                raise
            self._note_absence(cause(error))
            raise DatabaseAway from error
        except SchemaChanged as error:
            self.outdated.set()
            self._note_absence(error.problem)
            raise
        except DatabaseAway as error:
            self._note_absence(cause(error.__cause__ or error))
            raise
        else:
            self._note_absence(None)

    def _note_absence(self, reason: str | None) -> None:
        if (reason is not None) is self._is_away:
            return
        self._is_away = reason is not None
        if self._is_away:
            log.error("the database does not answer", reason=reason)
        else:
            log.info("the database answers again")


def targets_of(connection: Connection) -> tuple[str, ...]:
    """Which targets hear of what the transaction changes, beside Slack."""
    targets: tuple[str, ...] = connection.info[_TARGETS]
    return targets


def note_outgoing(connection: Connection) -> None:
    """The transaction puts something into the outbox."""
    connection.info[_OUTGOING] = True


def _try(connection: Connection) -> str | None:
    """What is wrong with the schema; or, by writing what stands there, that the disk is full."""
    problem = problem_of(connection)
    if problem is None:
        connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
    return problem


def _is_mistake(error: Exception) -> bool:
    """Whether the SQL is wrong. SQLite has one class for that and for a disk that is full."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    code: int | None = getattr(origin, "sqlite_errorcode", None)
    return code == sqlite3.SQLITE_ERROR


def cause(error: BaseException) -> str:
    """The driver's own words, in one line."""
    origin = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return str(origin).splitlines()[0] if str(origin) else type(origin).__name__
