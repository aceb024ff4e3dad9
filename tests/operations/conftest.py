"""Bots of a test's own, which the test starts when it likes."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.bot_process import BotProcess, free_port


@pytest.fixture
async def new_bot(tmp_path: Path) -> AsyncIterator[Callable[[str], BotProcess]]:
    """Makes one in a folder of this name."""
    made: list[BotProcess] = []

    def make(name: str) -> BotProcess:
        folder = tmp_path / name
        folder.mkdir()
        made.append(BotProcess({}, folder, free_port()))
        return made[-1]

    yield make
    for bot in made:
        if bot.is_running:
            assert await bot.stops() == 0


@pytest.fixture
def bot(new_bot: Callable[[str], BotProcess]) -> BotProcess:
    return new_bot("bot")
