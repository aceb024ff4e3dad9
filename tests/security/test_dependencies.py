"""What the bot brings along with it: little, bounded, and under licences that ask for nothing.

The names are declared in `pyproject.toml`; what they need in turn is read from what is installed.
"""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata, requires
from pathlib import Path
from typing import Any, Final

PROJECT: Final[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[2] / "pyproject.toml").read_text()
)["project"]
NEEDED: Final[list[str]] = [
    *PROJECT["dependencies"],
    *PROJECT["optional-dependencies"]["postgres"],
]
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
    loose = [one for one in NEEDED if "~=" not in one and name_of(one) not in UNBOUNDED]

    assert loose == []


def test_there_are_few_dependencies() -> None:
    assert len(NEEDED) <= 16
    assert len(list(closure())) <= 45


def test_licences_ask_for_nothing() -> None:
    strict = [
        name
        for name in closure()
        if not licence_of(name).startswith(LICENCES) and name not in LESSER_GPL
    ]

    assert strict == []
