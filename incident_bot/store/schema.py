"""Which schema the database has, and how it gets the one that this version needs."""

import importlib
from typing import Final

from sqlalchemy import Connection, Engine, inspect, text

from incident_bot.store.errors import DatabaseUnusable

HEAD: Final = "0001"
"""The newest migration; migrations are numbered, so a larger one is newer."""


def revision_of(connection: Connection) -> str | None:
    """The migration that the database is at; None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def bring_up_to_date(engine: Engine) -> None:
    """Run the migrations that are missing; raises DatabaseUnusable when it is newer."""
    with engine.connect() as connection:
        revision = revision_of(connection)
    if revision == HEAD:
        return
    if revision is not None and revision > HEAD:
        raise DatabaseUnusable(
            f"the database is at schema {revision}, this version of incident-bot knows {HEAD}. "
            "Start the newer version again, or restore a backup from before it."
        )
    # Alembic takes a fifth of the start-up and is needed only here.
    importlib.import_module("incident_bot.store.migrations").run(engine)
