"""One of several bots on a database, with all that can befall it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from incident_bot.sandbox.application import SandboxServer
from tests.bots.process import BotProcess
from tests.chaos.gate import Gate, gate
from tests.chaos.plan import Peril
from tests.database_proxy import DatabaseProxy, database_proxy
from tests.waiting import eventually

_POST_WITHIN: Final = 20.0


class Replica:
    """A bot's process, its way to the database and its way to Slack."""

    def __init__(self, bot: BotProcess, database: DatabaseProxy, to_slack: Gate) -> None:
        self.bot = bot
        self._database = database
        self._to_slack = to_slack
        self.paused_while_sending = 0

    async def meets(self, peril: Peril) -> None:
        """And comes out of it."""
        match peril.kind:
            case "pause":
                await self._pauses(peril.seconds)
            case "pause while sending":
                await self._pauses_while_sending(peril.seconds)
            case "refusal":
                self._database.goes_away("refuses")
                await asyncio.sleep(peril.seconds)
                self._database.comes_back()
            case "hang":
                self._database.goes_away("hangs")
                await asyncio.sleep(peril.seconds)
                self._database.comes_back()
            case "clock":
                self.bot.moves_clock(peril.by)
                await asyncio.sleep(peril.seconds)
                self.bot.moves_clock(0)

    async def _pauses(self, seconds: float) -> None:
        with self.bot.is_frozen():
            await asyncio.sleep(seconds)

    async def _pauses_while_sending(self, seconds: float) -> None:
        """It may find nothing to send; then it is not paused."""
        self._to_slack.at_next_post = self.bot.is_paused
        try:
            await eventually(lambda: self._to_slack.at_next_post is None, "a post", _POST_WITHIN)
        except AssertionError:
            self._to_slack.at_next_post = None
            return
        self.paused_while_sending += 1
        await asyncio.sleep(seconds)
        self.bot.goes_on()


@asynccontextmanager
async def replica(
    sandbox: SandboxServer, settings: Mapping[str, str], address: str, folder: Path, port: int
) -> AsyncIterator[Replica]:
    """Not started yet; `address` is the database's."""
    async with database_proxy(address) as database, gate(sandbox.port) as to_slack:
        ways = {
            "INCIDENT_BOT_DATABASE_URL": database.address,
            "SLACK_API_URL": f"http://127.0.0.1:{to_slack.port}/api/",
        }
        bot = BotProcess({**settings, **ways}, folder, port, f"bot-{port}.log")
        bot.is_forked = True
        bot.moves_clock(0)
        try:
            yield Replica(bot, database, to_slack)
        finally:
            database.comes_back()
            if bot.is_running:
                bot.goes_on()
                await bot.stops()
