"""The faults that can be put into the bot, as cosmic-ray knows them."""

import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

COSMIC_RAY: Final = str(Path(sys.executable).with_name("cosmic-ray"))
_CONFIG: Final = """
[cosmic-ray]
module-path = [{modules}]
excluded-modules = ["incident_bot/store/engine/migrations/**/*.py"]
timeout = 60.0
test-command = "true"

[cosmic-ray.distributor]
name = "local"
"""
_FOLDERS: Final = ("domain", "store", "delivery", "slack")


@dataclass(frozen=True)
class Fault:
    """`operator` makes it, at its `occurrence`-th chance in the module; `line` counts from 1."""

    module: str
    operator: str
    occurrence: int
    line: int
    last_line: int
    column: int

    @property
    def place(self) -> tuple[str, int, int, str]:
        """Where it is and of what kind, such as a comparison that is made another."""
        kind = self.operator.removeprefix("core/").split("_")[0]
        return self.module, self.line, self.column, kind

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.operator.removeprefix('core/')}"


def all_faults(root: Path) -> list[Fault]:
    """All that cosmic-ray would make in the folders that decide something."""
    modules = ", ".join(f'"incident_bot/{folder}"' for folder in _FOLDERS)
    with tempfile.TemporaryDirectory() as folder:
        config, session = Path(folder) / "config.toml", Path(folder) / "session.sqlite"
        config.write_text(_CONFIG.format(modules=modules))
        subprocess.run([COSMIC_RAY, "init", str(config), str(session)], cwd=root, check=True)
        with closing(sqlite3.connect(session)) as database:
            found = database.execute(
                "SELECT module_path, operator_name, occurrence, start_pos_row, end_pos_row, "
                "start_pos_col FROM mutation_specs ORDER BY 1, 2, 3"
            ).fetchall()
    return [Fault(*row) for row in found]
