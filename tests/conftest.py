"""The stage that stories are told on, see `story.py`."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import settings

pytest.register_assert_rewrite("tests.bots", "tests.slack_people", "tests.story", "tests.turmoil")

pytest_plugins = ["tests.databases", "tests.pgbouncer", "tests.rest.bots"]

from tests.in_memory import folder_in_memory  # noqa: E402 - the same
from tests.story import Stage  # noqa: E402 - what is asserted in it is told by pytest, see above

_HERE: Final = Path(__file__).parent

# Where pytest makes the folders of tests, and all that is below them.
if (folder := folder_in_memory()) is not None:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))

# Everywhere the same examples are tried; CONTRIBUTING says how to try more.
# How long an example takes is no fault: the machine may stand still.
settings.register_profile("usual", derandomize=True, deadline=None)
settings.register_profile("thorough", max_examples=4800, deadline=None)
settings.load_profile("usual")


_OF_FOLDERS: Final = {
    "browser": pytest.mark.stand_in,
    "operations": pytest.mark.slow,
    "sandbox": pytest.mark.stand_in,
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Whole folders belong to a layer."""
    for item in items:
        folder = item.path.relative_to(_HERE).parts[0]
        if folder in _OF_FOLDERS:
            item.add_marker(_OF_FOLDERS[folder])


@pytest.fixture(scope="session", autouse=True)
def no_proxy() -> Iterator[None]:
    """Slack's SDK would ask a proxy for this machine's own address, too."""
    with pytest.MonkeyPatch.context() as environment:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            environment.delenv(name, raising=False)
            environment.delenv(name.upper(), raising=False)
        yield


@pytest.fixture(scope="session")
def stage(no_proxy: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    del no_proxy
    stage = Stage(tmp_path_factory.mktemp)
    yield stage
    stage.close()
