"""A copy of the checkout, into which a fault is put."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tests.mutants.faults import COSMIC_RAY, Fault

# Passed, failed, could not collect (pytest, "Exit codes"); with any other nothing was judged.
_JUDGED: Final = (0, 1, 2)


class Copy:
    """A folder with all that git knows of, gone when it is left."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._holder = tempfile.TemporaryDirectory(prefix="mutant")
        self.folder = Path(self._holder.name)
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(self.folder),  # before the checkout that is installed
            "PYTHONDONTWRITEBYTECODE": "1",
            "CI": "true",  # nothing that is missing is skipped
        }

    def __enter__(self) -> Self:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=self._root,
            capture_output=True,
            check=True,
            text=True,
        )
        for name in listed.stdout.split("\0"):
            if not (self._root / name).is_file():
                continue  # deleted, and git has not been told
            target = self.folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(self._root / name, target)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._holder.cleanup()

    def takes(self, fault: Fault) -> bool:
        """Put the fault in; some, of exceptions with a dotted name, cosmic-ray cannot make."""
        words = [COSMIC_RAY, "apply", fault.module, fault.operator, str(fault.occurrence)]
        ended = subprocess.run(words, cwd=self.folder, capture_output=True, check=False)
        return ended.returncode == 0

    def can_import(self, fault: Fault) -> bool:
        """Whether the module can still be imported with it; it is out again afterwards."""
        if not self.takes(fault):
            return False
        name = fault.module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        ended = subprocess.run(
            [sys.executable, "-c", f"import {name}"],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            check=False,
        )
        shutil.copy(self._root / fault.module, self.folder / fault.module)
        return ended.returncode == 0

    def diff(self, fault: Fault) -> str:
        """What the fault changed."""
        files = [str(self._root / fault.module), str(self.folder / fault.module)]
        ended = subprocess.run(
            ["diff", "--unified=2", *files],
            capture_output=True,
            text=True,
            check=False,
        )
        return "\n".join(ended.stdout.splitlines()[2:])

    def finds(self, *options: str) -> bool:
        """Whether pytest with these options fails, be it while it collects the tests."""
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "--timeout=60", *options],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            check=False,
            text=True,
        )
        if ended.returncode not in _JUDGED:
            raise RuntimeError(f"pytest ended with {ended.returncode}:\n{ended.stdout}")
        return ended.returncode != 0
