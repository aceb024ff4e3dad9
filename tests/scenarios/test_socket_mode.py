"""Slack renews the Socket Mode connection now and then: nobody notices."""

import asyncio

from tests.slack_people import Slack
from tests.story import SOCKET, story
from tests.waiting import DEADLINE


async def has_settled(slack: Slack) -> None:
    """The client renews twice when the goodbye and the end of the connection come together."""

    async def opened() -> tuple[int, int]:
        await asyncio.sleep(1)
        return slack.sandbox.sockets.connections, len(slack.calls("apps.connections.open"))

    async with asyncio.timeout(DEADLINE):
        before, now = None, await opened()
        while before != now or now[0] != 1:
            before, now = now, await opened()


@story(modes=SOCKET)
async def test_commands_are_answered_while_the_connection_is_renewed(slack: Slack) -> None:
    await slack.sandbox.sockets.disconnect("warning")
    await slack.ana.types("/incident help")
    await slack.ana.is_told("/incident new")
    await has_settled(slack)

    await slack.sandbox.sockets.disconnect("refresh_requested")
    await has_settled(slack)

    outcomes = await slack.at_once(*(slack.ana.types("/incident help") for _ in range(10)))
    assert all(outcome.ok for outcome in outcomes)
    assert (await slack.bot.answers("/readyz"))[0] == 200


@story(modes=SOCKET, own_bot=True)
async def test_the_bot_is_not_ready_while_it_has_no_connection(slack: Slack) -> None:
    await slack.bot.starts()
    slack.sandbox.workspace.is_token_revoked = True
    await slack.sandbox.sockets.disconnect("link_disabled")

    readiness = await slack.bot.is_ready(is_so=False)

    assert readiness["reason"] == "there is no Socket Mode connection to Slack"
    assert (await slack.bot.answers("/healthz")) == (200, {"status": "alive"})
    await slack.bot.stops()
