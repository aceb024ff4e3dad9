"""How the bot comes and goes in a turmoil."""

import contextlib
from typing import Final

import aiohttp

from tests.slack_people import Slack
from tests.waiting import eventually

_CALM_WITHIN: Final = 90.0

AS_EVER: Final = {
    "INCIDENT_BOT_TEST_FAILPOINT": "",
    "INCIDENT_BOT_TEST_FAILPOINT_PASSES": "0",
    "INCIDENT_BOT_TEST_CLOCK_SHIFT": "0",
}


async def is_as_ever(slack: Slack) -> None:
    """Running, with the right time and nothing that will kill it."""
    bot = slack.process
    if not bot.is_running or AS_EVER.items() - bot.settings.items():
        await stops(slack)
        bot.settings.update(AS_EVER)
        await comes(slack)


async def comes(slack: Slack) -> None:
    """Start, if it is not there; it may die at once when a failpoint is armed."""
    bot = slack.process
    if bot.is_running:
        return
    await bot.begins()
    await eventually(lambda: _is_connected(slack) or not bot.is_running, "the bot has connected")
    try:
        await bot.is_ready()
    except aiohttp.ClientError:
        assert bot.is_doomed, bot.output
        await bot.ends()


async def is_killed(slack: Slack) -> None:
    if slack.bot.is_running:
        await slack.process.is_killed()
    await _is_gone(slack)


async def stops(slack: Slack) -> None:
    if slack.bot.is_running:
        status = await slack.bot.stops()
        assert status == 0 or slack.process.is_doomed, slack.bot.output
    await _is_gone(slack)


async def calms_down(slack: Slack) -> None:
    """Nothing is broken any more; wait until all is delivered."""
    slack.breaks()
    with contextlib.suppress(aiohttp.ClientError):  # it may be dead, or die now
        await slack.bot.is_quiet(_CALM_WITHIN)
    if slack.process.is_doomed:
        await is_killed(slack)
        slack.process.will_die_at(None)
    await comes(slack)
    await slack.bot.is_quiet(_CALM_WITHIN)


async def _is_gone(slack: Slack) -> None:
    """Slack has noticed, too."""
    await eventually(lambda: not _is_connected(slack), "its connection is closed")


def _is_connected(slack: Slack) -> bool:
    return slack.sandbox.sockets.connections > 0
