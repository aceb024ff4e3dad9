"""The stage that stories are told on; see `story.py`."""

from collections.abc import Iterator

import pytest

pytest.register_assert_rewrite("tests.bot_process", "tests.slack_people", "tests.story")

from tests.story import Stage  # noqa: E402 - what is asserted in it is told by pytest, see above


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    stage = Stage(tmp_path_factory.mktemp)
    yield stage
    stage.close()
