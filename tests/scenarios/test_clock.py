"""The bot's clock is wrong, or is put right: nothing is lost, nothing doubled, nothing held up."""

from incident_bot.sandbox.faults import Fault
from tests.factories import HOUR
from tests.slack_people import Slack
from tests.story import SOCKET, story


@story(own_bot=True)
async def test_a_lost_reply_doubles_nothing_when_the_clock_is_ahead(slack: Slack) -> None:
    await slack.bot.starts()
    await slack.time_passes(HOUR)
    slack.breaks(Fault(method="chat.postMessage", kind="lost_reply", times=1))

    incident = await slack.cara.declares(in_="incidents")

    await slack.bot.is_quiet()
    assert len(slack.announcements(incident)) == 1


@story(own_process=True, modes=SOCKET)
async def test_a_clock_that_is_hours_ahead_doubles_nothing_and_is_reported(slack: Slack) -> None:
    await slack.bot.starts(INCIDENT_BOT_TEST_CLOCK_SHIFT=str(3 * HOUR))
    slack.breaks(
        Fault(method="chat.postMessage", kind="lost_reply", times=1),
        Fault(method="conversations.create", kind="lost_reply", times=1),
    )

    incident = await slack.cara.declares(in_="incidents", channel="channel")

    await slack.bot.is_quiet()
    readiness = await slack.bot.is_ready()
    assert len(slack.announcements(incident)) == 1
    channels = slack.sandbox.workspace.directory.channels.values()
    assert len([one for one in channels if one.name.startswith("inc-")]) == 1
    assert readiness["problems"]["clock"].startswith("this machine's clock is 180 min ahead")


@story(own_process=True, modes=SOCKET)
async def test_what_waits_goes_out_when_the_clock_is_set_back(slack: Slack) -> None:
    await slack.bot.starts(INCIDENT_BOT_TEST_CLOCK_SHIFT=str(HOUR))
    slack.breaks(Fault(method="chat.postMessage", kind="drop_before"))
    incident = await slack.cara.declares(in_="incidents")
    await slack.process.is_killed()
    slack.breaks()

    await slack.bot.starts(INCIDENT_BOT_TEST_CLOCK_SHIFT="0")

    await slack.bot.is_quiet()
    assert len(slack.announcements(incident)) == 1


@story(own_process=True, modes=SOCKET)
async def test_a_clock_that_is_put_right_before_a_lost_reply_is_looked_for_doubles_nothing(
    slack: Slack,
) -> None:
    slack.process.moves_clock(3 * HOUR)
    await slack.bot.starts()
    slack.breaks(
        Fault(method="chat.postMessage", kind="lost_reply", times=1),
        Fault(method="conversations.history", kind="down"),
    )
    incident = await slack.cara.declares(in_="incidents")
    await slack.bot.says("conversations.history answered")

    slack.process.moves_clock(0)
    await slack.cara.opens("/incident new")  # Slack's answer shows the right time
    slack.breaks()

    await slack.bot.is_quiet()
    assert len(slack.announcements(incident)) == 1


@story(own_process=True, modes=SOCKET)
async def test_a_clock_that_jumps_while_the_bot_runs_is_reported(slack: Slack) -> None:
    slack.process.moves_clock(0)
    await slack.bot.starts()

    slack.process.moves_clock(-HOUR)
    incident = await slack.cara.declares(in_="incidents")

    await slack.bot.is_quiet()
    readiness = await slack.bot.is_ready()
    assert len(slack.announcements(incident)) == 1
    assert readiness["problems"]["clock"].startswith("this machine's clock is 60 min behind")
