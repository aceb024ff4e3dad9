"""The file of the event log: appended to durably, each line once by its key."""

import errno
import fcntl
import mmap
import os
from pathlib import Path
from typing import IO, Final

_NEW_LINE: Final = b"\n"


def check(path: Path) -> None:
    """Raise OSError unless lines can be appended to the file; makes it if it isn't there."""
    with _opened(path) as file:
        _mend_end(file)


def append(path: Path, key: str, line: bytes, *, may_be_there: bool) -> int:
    """Append `line`, in which `key` stands; gives the byte at which it begins.

    If it `may_be_there` already, it is looked for first. Raises OSError, after which nobody knows
    whether it is there.
    """
    with _opened(path) as file:
        size = _mend_end(file)
        if may_be_there and (found := _find(file, key, size)) is not None:
            os.fsync(file.fileno())  # whoever wrote it may not have come to this
            return found
        file.write(line + _NEW_LINE)
        file.flush()
        os.fsync(file.fileno())
        return size


def _opened(path: Path) -> IO[bytes]:
    """The file, which no other process appends to until it is closed."""
    is_new = not path.exists()
    if not is_new and not path.is_file() and not path.is_dir():
        # What is written to a pipe or a device cannot be looked at again.
        raise OSError(errno.EINVAL, "it is not a regular file")
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b")
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        if is_new:
            _keep_name(path.parent)
    except BaseException:
        file.close()
        raise
    return file


def _keep_name(folder: Path) -> None:
    """Have a new file's name outlast a power cut (fsync(2))."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _mend_end(file: IO[bytes]) -> int:
    """Cut off a line of which only a part was written; gives the size.

    Whoever was killed while writing it has not said that it is there.
    """
    size = file.seek(0, os.SEEK_END)
    if size == 0:
        return 0
    with mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) as content:
        whole = content.rfind(_NEW_LINE) + 1
    if whole < size:
        file.truncate(whole)
    return whole


def _find(file: IO[bytes], key: str, size: int) -> int | None:
    """Where the line with the key begins."""
    if size == 0:
        return None
    with mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) as content:
        at = content.rfind(key.encode())
        return None if at < 0 else content.rfind(_NEW_LINE, 0, at) + 1
