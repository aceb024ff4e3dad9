"""One process at a time may have a database file, whatever name leads to it.

Two locks keep others out. One is on a file beside the database, which also tells people the
process. The other is on the database itself: links to it make no difference there, nor does a lock
file that was removed by hand. It's on bytes far beyond the file's end, which SQLite never locks,
and belongs to the open file: closing other descriptors of the database doesn't end it.
"""

import contextlib
import errno
import fcntl
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

from incident_bot.store.engine.errors import DatabaseInUse, DatabaseUnusable

_OWNER_ONLY: Final = 0o600

_HELD: Final = (errno.EAGAIN, errno.EACCES)
_THE_FILE: Final = 1 << 61
_PROCESSES: Final = _THE_FILE + 1
"""The byte `_PROCESSES` + N is locked by process N: that tells others who it is."""

_MOST_PROCESSES: Final = 1 << 32
# C's struct flock, with what fills it up.
_FLOCK: Final = "hhqqii"


class FileLock:
    """Holds a database file for this process until `close`.

    Close it after all connections: SQLite's own locks end with it.
    """

    def __init__(self, path: Path) -> None:
        """Make the file if there is none, keep it from other users, and lock it.

        Raises DatabaseInUse, or DatabaseUnusable when the file cannot be written.
        """
        with contextlib.ExitStack() as until_refused:
            database = until_refused.enter_context(_opened(path))
            _lock_database(database, path)
            beside = until_refused.enter_context(_opened(_beside(path)))
            _lock_beside(beside, path)
            self._held = until_refused.pop_all()

    def close(self) -> None:
        self._held.close()


def _beside(path: Path) -> Path:
    """Where SQLite puts its own files, too: beside the file itself, not beside a link to it."""
    real = Path(os.path.realpath(path))
    return real.with_name(real.name + ".lock")


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    """The file, made if there is none, and for its owner alone."""
    try:
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, _OWNER_ONLY), "r+")
    except OSError as error:
        raise _not_writable(path, error) from error
    with file:
        try:
            os.fchmod(file.fileno(), _OWNER_ONLY)
        except OSError as error:
            raise _not_writable(path, error) from error
        yield file


def _lock_database(file: TextIO, path: Path) -> None:
    set_lock = getattr(fcntl, "F_OFD_SETLK", None)
    if set_lock is None:  # elsewhere than on Linux the lock beside has to do
        return
    try:
        fcntl.fcntl(file, set_lock, _range(_THE_FILE, 1))
        fcntl.fcntl(file, set_lock, _range(_PROCESSES + os.getpid(), 1))
    except OSError as error:
        if error.errno in _HELD:
            raise _in_use(path, _holder(file)) from error
        # Some file systems have no such locks.


def _holder(file: TextIO) -> str:
    found = fcntl.fcntl(file, fcntl.F_OFD_GETLK, _range(_PROCESSES, _MOST_PROCESSES))
    kind, _, start, *_ = struct.unpack(_FLOCK, found)
    return "" if kind == fcntl.F_UNLCK else str(start - _PROCESSES)


def _range(start: int, length: int) -> bytes:
    return struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, start, length, 0, 0)


def _lock_beside(file: TextIO, path: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise _in_use(path, file.read().strip()) from error
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()


def _in_use(path: Path, holder: str) -> DatabaseInUse:
    holder = holder or "unknown"
    return DatabaseInUse(
        f"{path} is in use by another incident-bot (process {holder}). "
        "Stop that one, or give this one a database of its own. Do not remove the lock file: "
        "two bots on one database would undo each other's work.",
        holder,
    )


def _not_writable(path: Path, error: OSError) -> DatabaseUnusable:
    return DatabaseUnusable(f"cannot write {path}: {error.strerror}.")
