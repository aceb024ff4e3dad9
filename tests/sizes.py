"""How long the bot's source and its functions are: `python -m tests.sizes [folder]`.

The sandbox is left out: it is measured by what it stands in for.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import incident_bot

OURS: Final = Path(incident_bot.__file__).parent


@dataclass(frozen=True)
class Function:
    """A function or method; `lines` from its first to its last, with decorators left out."""

    path: Path
    name: str
    lines: int


def sources(folder: Path = OURS) -> list[Path]:
    return [path for path in sorted(folder.rglob("*.py")) if "sandbox" not in path.parts]


def functions(folder: Path = OURS) -> Iterator[Function]:
    for path in sources(folder):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                yield Function(path.relative_to(folder), node.name, lines)


def percentile(lengths: list[int], percent: int) -> int:
    return sorted(lengths)[min(len(lengths) * percent // 100, len(lengths) - 1)]


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else OURS
    lines = sum(len(path.read_text().splitlines()) for path in sources(folder))
    found = list(functions(folder))
    lengths = [function.lines for function in found]
    print(f"{lines:,} lines in {len(sources(folder))} files; {len(found):,} functions, of which")
    for percent in (50, 90, 99):
        print(f"{percent} % have at most {percentile(lengths, percent)} lines")
    for function in sorted(found, key=lambda one: -one.lines)[:10]:
        print(f"{function.lines:4} {function.path} {function.name}")


if __name__ == "__main__":
    main()
