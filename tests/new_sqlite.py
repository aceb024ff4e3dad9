"""A new database on SQLite, made by copying: that is quicker than running the migrations again."""

import contextlib
import functools
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from incident_bot.store.database import Database
from incident_bot.store.opening import open_database

# Where there is a disk in memory nobody waits for another to keep what is gone in a moment.
_IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - each database has a folder of its own there


@contextlib.contextmanager
def new_sqlite() -> Iterator[Database]:
    """One as the migrations leave it, open."""
    with _folder() as folder:
        path = folder / "incident_bot.db"
        path.write_bytes(_migrated())
        with contextlib.closing(open_database(f"sqlite:///{path}")) as opened:
            yield opened


async def refuse_writes(database: Database) -> None:
    """From now on it is as if the disk were full: what only reads goes on."""
    await database.write(lambda connection: connection.exec_driver_sql("PRAGMA query_only = ON"))


@functools.cache
def _migrated() -> bytes:
    with _folder() as folder:
        path = folder / "incident_bot.db"
        open_database(f"sqlite:///{path}").close()
        return path.read_bytes()


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    where = _IN_MEMORY if _IN_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=where) as folder:
        yield Path(folder)
