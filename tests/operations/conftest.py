"""Bots of a test's own, which the test starts when it likes."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.bots.ports import free_port
from tests.bots.process import BotProcess


@pytest.fixture
async def new_bot(tmp_path: Path) -> AsyncIterator[Callable[[str], BotProcess]]:
    """Makes one in a folder of this name."""
    made: list[BotProcess] = []

    def make(name: str) -> BotProcess:
        folder = tmp_path / name
        folder.mkdir()
        bot = BotProcess({}, folder, free_port())
        bot.is_forked = True
        made.append(bot)
        return bot

    yield make
    for bot in made:
        if bot.is_running:
            assert await bot.stops() == 0


@pytest.fixture
def bot(new_bot: Callable[[str], BotProcess]) -> BotProcess:
    return new_bot("bot")
