"""The table of what was measured: for the terminal, as JSON and as a picture."""

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict
from html import escape
from pathlib import Path
from typing import Final

from tests.benchmarks.quantities import HEAD, Quantity

FOLDER: Final = Path("output/benchmarks")

_ROW: Final = 26
_LEFT: Final = 330
_WIDE: Final = 360
_GOAL_AT: Final = 180


def table(quantities: Sequence[Quantity]) -> str:
    """In Markdown, aligned to be read as it is."""
    rows = [HEAD, *(quantity.cells() for quantity in quantities)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def machine() -> str:
    """On what it was measured."""
    info = Path("/proc/cpuinfo")
    models = [line for line in info.read_text().splitlines() if line.startswith("model name")]
    model = models[0].partition(": ")[2] if models else platform.processor()
    return f"{len(models)} × {model}, {platform.system()}, Python {platform.python_version()}"


def write(quantities: Sequence[Quantity]) -> None:
    """JSON and plot, into a folder that Git ignores."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    measured = [
        asdict(quantity) | {"ratio": quantity.ratio, "is_met": quantity.is_met}
        for quantity in quantities
    ]
    content = {"machine": machine(), "quantities": measured}
    (FOLDER / "benchmarks.json").write_text(json.dumps(content, indent=2, ensure_ascii=False))
    (FOLDER / "benchmarks.svg").write_text(plot(quantities))


def plot(quantities: Sequence[Quantity]) -> str:
    """A bar a quantity: how much of its goal it takes; all should end left of the line."""
    height = _ROW * (len(quantities) + 2)
    rows = "".join(_bar(quantity, number) for number, quantity in enumerate(quantities, start=1))
    line = _LEFT + _GOAL_AT
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_LEFT + _WIDE + 90}" height="{height}" '
        f'font-family="sans-serif" font-size="12">'
        f'<rect width="100%" height="100%" fill="#ffffff"/>{rows}'
        f'<line x1="{line}" x2="{line}" y1="{_ROW // 2}" y2="{height - _ROW}" stroke="#333333"/>'
        f'<text x="{line}" y="{height - 8}" text-anchor="middle">goal</text></svg>\n'
    )


def _bar(quantity: Quantity, number: int) -> str:
    ratio, goal = quantity.ratio, quantity.goal
    part = ratio / goal.limit if goal.is_at_most else goal.limit / max(ratio, 1e-9)
    width = min(part * _GOAL_AT, _WIDE)
    colour = "#2f7d4f" if quantity.is_met else "#b3402e"
    y = number * _ROW
    return (
        f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{escape(quantity.name)}</text>'
        f'<rect x="{_LEFT}" y="{y - 8}" width="{width:.0f}" height="16" fill="{colour}"/>'
        f'<text x="{_LEFT + width + 6:.0f}" y="{y + 4}">{quantity.cells()[3]}</text>'
    )
