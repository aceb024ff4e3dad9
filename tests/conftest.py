"""The stage that stories are told on; see `story.py`."""

from collections.abc import Iterator

import pytest

from tests.story import Stage


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    stage = Stage(tmp_path_factory.mktemp)
    yield stage
    stage.close()
