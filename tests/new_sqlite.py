"""A new database on SQLite, made by copying: that is quicker than running the migrations again."""

import contextlib
import functools
import tempfile
from collections.abc import Iterator
from pathlib import Path

from incident_bot.store.engine.database import Database
from incident_bot.store.engine.opening import open_database
from tests.in_memory import folder_in_memory


def new_sqlite(folder: Path) -> str:
    """Make one as the migrations leave it, in a folder; gives its address."""
    path = folder / "incident_bot.db"
    path.write_bytes(_migrated())
    return f"sqlite:///{path}"


@contextlib.contextmanager
def opened_sqlite() -> Iterator[Database]:
    """Make a temporary one and open it."""
    with _folder() as folder, contextlib.closing(open_database(new_sqlite(folder))) as opened:
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
    with tempfile.TemporaryDirectory(dir=folder_in_memory()) as folder:
        yield Path(folder)
