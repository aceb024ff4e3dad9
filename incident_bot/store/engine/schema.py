"""Which schema the database has, and how it gets the one that this version needs."""

import importlib
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from incident_bot.store.engine.errors import DatabaseUnusable

_VERSIONS: Final = Path(__file__).parent / "migrations" / "versions"

HEAD: Final = max(path.name[:4] for path in _VERSIONS.glob("[0-9]*.py"))
"""The newest migration; migrations are numbered, so a larger one is newer."""


def revision_of(connection: Connection) -> str | None:
    """The migration that the database is at; None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def problem_of(connection: Connection) -> str | None:
    """What is wrong with the schema for this version, in words; or None."""
    revision = revision_of(connection)
    if revision == HEAD:
        return None
    if revision is not None and revision > HEAD:
        return f"the database is at schema {revision}, newer than this version's {HEAD}"
    return f"the database is at schema {revision}, this version needs {HEAD}"


def require_current(connection: Connection) -> None:
    """Raise DatabaseUnusable unless the schema is the one that this version needs."""
    if (problem := problem_of(connection)) is not None:
        raise DatabaseUnusable(f"{problem}. Starting the bot brings an older one up to date.")


def bring_up_to_date(connection: Connection) -> None:
    """Run the migrations that are missing; raises DatabaseUnusable when it is newer.

    The caller's transaction holds it all, and keeps other processes from doing the same.
    """
    revision = revision_of(connection)
    if revision == HEAD:
        return
    if revision is not None and revision > HEAD:
        raise DatabaseUnusable(
            f"the database is at schema {revision}, this version of incident-bot knows {HEAD}. "
            "Start the newer version again, or restore a backup from before it."
        )
    # Alembic takes a fifth of the start-up and is needed only here.
    importlib.import_module("incident_bot.store.engine.migrations").run(connection)
