"""A new database on SQLite, made by copying: that is quicker than running the migrations again."""

import functools
import tempfile
from pathlib import Path

from incident_bot.store.database import Database
from incident_bot.store.opening import open_database


def new_sqlite(folder: Path) -> str:
    """The address of a database in `folder`, as the migrations leave it."""
    path = folder / "incident_bot.db"
    path.write_bytes(_migrated())
    return f"sqlite:///{path}"


@functools.cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "incident_bot.db"
        open_database(f"sqlite:///{path}").close()
        return path.read_bytes()


async def refuse_writes(database: Database) -> None:
    """From now on it is as if the disk were full: what only reads goes on."""
    await database.write(lambda connection: connection.exec_driver_sql("PRAGMA query_only = ON"))
