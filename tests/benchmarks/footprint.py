"""What the bot takes of a machine: memory at rest, packages, space.

The anchors are the nearest rival's, measured elsewhere; as there, MB are 1024² bytes, and what pip
has compiled counts too.
"""

import asyncio
import importlib.metadata
from collections.abc import Iterator
from importlib.metadata import Distribution
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import incident_bot
from tests.benchmarks.processes import resident_megabytes
from tests.benchmarks.quantities import Effort, Quantity, at_most, once
from tests.benchmarks.starting import bot_beside_slack

_RIVAL: Final = "nearest rival"
_AT_REST_AFTER: Final = 2


async def measure(effort: Effort) -> list[Quantity]:
    async with bot_beside_slack() as bot:
        await bot.starts()
        await asyncio.sleep(effort.pick(_AT_REST_AFTER, 0))
        memory = resident_megabytes(bot.pid)
        await bot.stops()
    needed = _closure("incident-bot")
    size = sum(map(_size, needed)) + _size_of_ours()
    return [
        Quantity("memory at rest", "MB", once(memory), _RIVAL, once(155), at_most(0.65)),
        Quantity("packages", "", once(len(needed)), _RIVAL, once(73), at_most(45 / 73)),
        Quantity("installed size", "MB", once(size / 1024**2), _RIVAL, once(104), at_most(0.65)),
    ]


def _closure(name: str) -> list[Distribution]:
    """The distribution and all that it needs, without extras that nobody asks for."""
    found: dict[str, Distribution] = {}
    asked: set[tuple[str, str]] = set()
    waiting = [(name, "")]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in asked:
            continue
        asked.add((name, extra))
        found[name] = importlib.metadata.distribution(name)
        waiting += _needed_by(found[name], extra)
    return list(found.values())


def _needed_by(distribution: Distribution, extra: str) -> Iterator[tuple[str, str]]:
    for requirement in map(Requirement, distribution.requires or ()):
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            for wanted in {"", *requirement.extras}:
                yield canonicalize_name(requirement.name), wanted


def _size(distribution: Distribution) -> int:
    """Bytes, compiled Python included where pip has compiled it."""
    paths = [Path(str(file.locate())) for file in distribution.files or ()]
    return sum(path.stat().st_size for path in paths if path.exists())


def _size_of_ours() -> int:
    """Bytes; an editable installation has none of our files."""
    folder = Path(incident_bot.__file__).parent
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
