"""Where files are kept in memory, if the system has such a place.

Databases wait for the disk at each commit. With their files in memory the tests take half the time
or less, whatever else the disk has to do.
"""

import os
import shutil
from pathlib import Path
from typing import Final

_SHARED_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - pytest makes folders of its own in it
_ENOUGH: Final = 2 * 1024**3


def folder_in_memory() -> Path | None:
    """A folder in memory that has room for all tests; in containers it is often too small."""
    if not os.access(_SHARED_MEMORY, os.W_OK):
        return None
    return _SHARED_MEMORY if shutil.disk_usage(_SHARED_MEMORY).free >= _ENOUGH else None
