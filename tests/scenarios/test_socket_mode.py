"""Slack renews the Socket Mode connection now and then: nobody notices."""

from tests.slack_people import Slack
from tests.story import story


@story(modes=["socket"])
async def test_commands_are_answered_while_the_connection_is_renewed(slack: Slack) -> None:
    await slack.sandbox.sockets.disconnect("warning")
    await slack.ana.types("/incident help")
    await slack.ana.is_told("/incident new")

    await slack.sandbox.sockets.disconnect("refresh_requested")
    await slack.until(lambda: slack.sandbox.sockets.connections > 0, "the bot connects again")

    outcomes = await slack.at_once(*(slack.ana.types("/incident help") for _ in range(10)))
    assert max(outcome.ms for outcome in outcomes) < 3000
    assert (await slack.bot.answers("/readyz"))[0] == 200


@story(modes=["socket"], own_bot=True)
async def test_the_bot_is_not_ready_while_it_has_no_connection(slack: Slack) -> None:
    await slack.bot.starts()
    slack.sandbox.workspace.is_token_revoked = True
    await slack.sandbox.sockets.disconnect("link_disabled")

    readiness = await slack.bot.is_ready(is_so=False)

    assert readiness["reason"] == "there is no Socket Mode connection to Slack"
    assert (await slack.bot.answers("/healthz")) == (200, {"status": "alive"})
    assert await slack.bot.stops() == 0
