"""Opens the database that the setting names."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from incident_bot.store.engine.database import Database
from incident_bot.store.engine.errors import DatabaseUnusable
from incident_bot.store.engine.postgres import PostgresDatabase
from incident_bot.store.engine.schema import bring_up_to_date, require_current
from incident_bot.store.engine.sqlite import SqliteDatabase, path_of

_POSTGRESQL: Final = frozenset({"postgresql", "postgres"})
_DRIVER: Final = "psycopg"


def open_database(address: str) -> Database:
    """Open and migrate what `address`, an SQLAlchemy URL, names; raises DatabaseUnusable."""
    return _open(parse(address), bring_up_to_date)


def open_as_it_is(address: str) -> Database:
    """Open what is there already and current: nothing is made or migrated.

    Raises DatabaseUnusable; for a file that another process has, DatabaseInUse.
    """
    url = parse(address)
    if is_sqlite(url) and not path_of(url).exists():
        raise DatabaseUnusable(f"there is no {path_of(url)}: starting the bot makes it.")
    return _open(url, require_current)


def is_sqlite(url: URL) -> bool:
    return url.drivername in {"sqlite", "sqlite+pysqlite"}


def _open(url: URL, prepare: Callable[[Connection], None]) -> Database:
    if is_sqlite(url):
        return SqliteDatabase(url, prepare)
    if url.get_backend_name() == "postgresql":
        return PostgresDatabase(url, prepare)
    raise DatabaseUnusable(
        "it must be SQLite, such as sqlite:///incident_bot.db, or PostgreSQL, such as "
        "postgresql://user:password@host/database."
    )


def parse(address: str) -> URL:
    """Take apart `address`, in which PostgreSQL may be written as its hosts write it."""
    try:
        url = make_url(address)
        backend, _, driver = url.drivername.lower().partition("+")
        if backend in _POSTGRESQL:
            if driver not in {"", _DRIVER}:
                raise DatabaseUnusable(
                    f"PostgreSQL is used by {_DRIVER} here: write postgresql+{_DRIVER}:// in place "
                    f"of {url.drivername}://."
                )
            url = url.set(drivername=f"postgresql+{_DRIVER}")
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise DatabaseUnusable(
            "it must be a URL such as sqlite:///incident_bot.db or "
            "postgresql://user:password@host/database."
        ) from error
    return url
