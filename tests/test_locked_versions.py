"""The versions that are tested and installed: each dependency's, within its range, with hashes."""

import re
import tomllib
from pathlib import Path
from typing import Any, Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).parents[1]
TO_RUN: Final = ROOT / "deploy" / "requirements.txt"
TO_TEST: Final = ROOT / "tests" / "requirements.txt"

PROJECT: Final[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS: Final[dict[str, list[str]]] = PROJECT["optional-dependencies"]


def entries(lock: Path) -> list[str]:
    """A requirement each, with its hashes behind it."""
    lines = [line for line in lock.read_text().splitlines() if not line.startswith("#")]
    return "\n".join(lines).replace("\\\n", "").splitlines()


def locked(lock: Path) -> dict[str, str]:
    """The version of each package."""
    pins = (entry.split(" ")[0].partition("==") for entry in entries(lock))
    return {name: version for name, _, version in pins}


def declared(*extras: str) -> list[Requirement]:
    """What `pyproject.toml` asks for."""
    lines = [*PROJECT["dependencies"], *(line for extra in extras for line in EXTRAS[extra])]
    return [Requirement(line) for line in lines if not line.startswith(PROJECT["name"])]


@pytest.mark.parametrize(
    ("lock", "extras"),
    [(TO_RUN, ["postgres"]), (TO_TEST, ["postgres", "dev"])],
    ids=["to run", "to test"],
)
def test_every_dependency_is_locked_to_a_version_in_its_range(
    lock: Path, extras: list[str]
) -> None:
    versions = locked(lock)

    wrong = {
        str(one): versions.get(canonicalize_name(one.name))
        for one in declared(*extras)
        if not one.specifier.contains(versions.get(canonicalize_name(one.name), "0"))
    }

    assert wrong == {}, "CONTRIBUTING.md says how to renew the locked versions"


def test_what_runs_is_what_was_tested() -> None:
    assert locked(TO_RUN).items() <= locked(TO_TEST).items()


@pytest.mark.parametrize("lock", [TO_RUN, TO_TEST], ids=["to run", "to test"])
def test_each_entry_is_one_version_with_hashes_and_names_no_server(lock: Path) -> None:
    for entry in entries(lock):
        assert re.fullmatch(
            r"[a-z0-9-]+==[^ ]+ ( *; [^\\]+?)?( +--hash=sha256:[0-9a-f]{64})+", entry
        )
    assert "://" not in lock.read_text()
