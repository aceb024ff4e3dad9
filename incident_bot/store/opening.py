"""Opens the database that the setting names."""

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from incident_bot.store.database import Database
from incident_bot.store.errors import DatabaseUnusable
from incident_bot.store.postgres import PostgresDatabase
from incident_bot.store.sqlite import SqliteDatabase


def open_database(address: str) -> Database:
    """Open and migrate what `address`, an SQLAlchemy URL, names; raises DatabaseUnusable."""
    url = _parse(address)
    if url.drivername in {"sqlite", "sqlite+pysqlite"}:
        return SqliteDatabase(url)
    if url.get_backend_name() == "postgresql":
        return PostgresDatabase(url)
    raise DatabaseUnusable(
        "it must be SQLite, such as sqlite:///incident_bot.db, or PostgreSQL, such as "
        "postgresql+psycopg://user:password@host/database."
    )


def _parse(address: str) -> URL:
    try:
        url = make_url(address)
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise DatabaseUnusable("it must be a URL such as sqlite:///incident_bot.db.") from error
    return url
