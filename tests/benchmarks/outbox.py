"""A full outbox, emptied without sending: how fast the bot claims and notes, and what it holds.

Raw sqlite3 makes the same updates in about as many commits, on a copy of the same file; it does not
look for what is due.
"""

import json
import shutil
import tempfile
from functools import partial
from pathlib import Path
from typing import Final

from incident_bot.store.engine.opening import open_database
from tests.benchmarks.draining import AT_ONCE, Drained
from tests.benchmarks.processes import command, together
from tests.benchmarks.quantities import Effort, Quantity, Sample, alternately, at_least, at_most
from tests.benchmarks.seeding import fill_outbox

_CHANNELS: Final = 50


async def measure(effort: Effort) -> list[Quantity]:
    rows = effort.pick(10_000, 300)
    seen: list[Drained] = []
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder, "full.db")
        open_database(f"sqlite:///{full}").close()
        fill_outbox(f"sqlite:///{full}", rows, _CHANNELS)
        rate, raw_rate = await alternately(
            effort.pick(3, 1), partial(_ours, full, seen), partial(_raw, full, rows)
        )
    early, end = zip(*(_memory(drained) for drained in seen), strict=True)
    name = f"outbox of {rows:,} in {_CHANNELS} channels"
    return [
        Quantity(f"{name}, emptied", "/s", rate, "raw sqlite3", raw_rate, at_least(0.2)),
        Quantity(
            f"{name}, memory", "MB", Sample(end), "after a tenth", Sample(early), at_most(1.1)
        ),
    ]


async def _ours(full: Path, seen: list[Drained]) -> float:
    """Rows a second."""
    seconds, [said] = await together(command("draining", f"sqlite:///{_copy(full)}"))
    drained = Drained(**json.loads(said))
    seen.append(drained)
    return drained.sent / seconds


async def _raw(full: Path, rows: int) -> float:
    """Rows a second."""
    seconds, said = await together(command("anchors.raw_outbox", str(_copy(full)), str(AT_ONCE)))
    assert said == ["done"]
    return rows / seconds


def _copy(full: Path) -> Path:
    folder = Path(tempfile.mkdtemp(dir=full.parent))
    return Path(shutil.copy(full, folder))


def _memory(drained: Drained) -> tuple[float, float]:
    """After a tenth of the work, and at its end."""
    return drained.megabytes[len(drained.megabytes) // 10], drained.megabytes[-1]
