"""What the bot brings along with it: little, bounded, and under licences that ask for nothing.

The names are declared in `pyproject.toml`; what they need in turn is read from what is installed.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import (
    PackageNotFoundError,
    metadata,
    packages_distributions,
    requires,
)
from pathlib import Path
from typing import Any, Final

PROJECT: Final[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[2] / "pyproject.toml").read_text()
)["project"]
NEEDED: Final[list[str]] = [
    *PROJECT["dependencies"],
    *PROJECT["optional-dependencies"]["postgres"],
]
PACKAGE: Final = Path(__file__).parents[2] / "incident_bot"
# Pydantic's own, in the version that it asks for to the patch release.
FOR_THEM: Final = {"pydantic-core"}
# Zone data: the newest is the right one.
UNBOUNDED: Final = {"tzdata"}
LICENCES: Final = ("Apache", "BSD", "MIT", "PSF")
# The driver is used as it is, from outside, which is all that its licence asks.
LESSER_GPL: Final = {"psycopg"}


def name_of(requirement: str) -> str:
    return re.split(r"[ ;<>=~!\[(]", requirement)[0].lower().replace("_", "-")


def closure() -> Iterator[str]:
    """The names of all that is installed for the bot, without its tests."""
    seen: set[str] = set()
    waiting = [name_of(requirement) for requirement in NEEDED]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            needed = requires(name) or []
        except PackageNotFoundError:  # for another platform or Python
            continue
        yield name
        waiting += [name_of(one) for one in needed if "extra ==" not in one]


def licence_of(name: str) -> str:
    about = metadata(name)
    given = [about[key] for key in ("License-Expression", "License") if key in about]
    return given[0] if given else ""


def test_each_dependency_is_bounded() -> None:
    # To the patch release: parts of the server are overridden, and others are used from inside.
    loose = [
        one
        for one in NEEDED
        if not re.search(r"~=\d+\.\d+\.\d+$", one) and name_of(one) not in UNBOUNDED
    ]

    assert loose == []


def test_each_package_that_is_imported_is_named() -> None:
    imported = {
        name.partition(".")[0]
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _imports(node)
    }
    of_others = {
        distribution.lower().replace("_", "-")
        for module in imported - sys.stdlib_module_names - {"incident_bot"}
        for distribution in packages_distributions()[module][:1]
    }

    assert of_others <= {name_of(one) for one in NEEDED} | FOR_THEM


def _imports(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []


def test_there_are_few_dependencies() -> None:
    assert len(NEEDED) <= 18
    assert len(list(closure())) <= 45


def test_licences_ask_for_nothing() -> None:
    strict = [
        name
        for name in closure()
        if not licence_of(name).startswith(LICENCES) and name not in LESSER_GPL
    ]

    assert strict == []
