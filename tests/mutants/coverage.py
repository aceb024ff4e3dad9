"""Which test runs which line."""

import subprocess
import sys
from pathlib import Path
from typing import Self

from coverage import CoverageData

from tests.mutants.faults import Fault


class Covering:
    """What a run of the default tests has recorded."""

    def __init__(self, root: Path, recorded: CoverageData) -> None:
        self._root = root
        self._recorded = recorded

    @classmethod
    def of(cls, root: Path, file: Path, *, is_known: bool) -> Self:
        """Record it in `file`, unless it is known from the last time."""
        if not is_known:
            command = [sys.executable, "-m", "pytest", "-q", "--cov", "--cov-context=test"]
            ended = subprocess.run(
                [*command, "--cov-report="], cwd=root, check=False, capture_output=True, text=True
            )
            if ended.returncode:
                sys.exit(f"the tests fail without any fault:\n{ended.stdout}")
            (root / ".coverage").replace(file)
        recorded = CoverageData(str(file))
        recorded.read()
        return cls(root, recorded)

    def tests_of(self, fault: Fault) -> list[str]:
        """Those that run its lines, of its own folder first; none if it is run at import."""
        by_line = self._recorded.contexts_by_lineno(str(self._root / fault.module))
        lines = range(fault.line, fault.last_line + 1)
        tests = {
            context.rpartition("|")[0] for line in lines for context in by_line.get(line, ())
        } - {""}
        folder = f"tests/{fault.module.split('/')[1]}/"
        return sorted(tests, key=lambda test: (not test.startswith(folder), test))
