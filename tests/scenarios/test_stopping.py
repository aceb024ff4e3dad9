"""Stops, crashes and restarts: what was waiting goes out at the next start, once."""

from incident_bot.sandbox.faults import Fault
from tests.slack_people import Slack
from tests.story import SOCKET, story


@story(own_bot=True)
async def test_what_waits_when_the_bot_is_stopped_goes_out_at_the_next_start(
    slack: Slack,
) -> None:
    await slack.bot.starts(INCIDENT_BOT_TEST_POST_INTERVAL="30")
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    # More than a quiet channel takes at once.
    for typed in ("ack", "resolve", "reopen", "resolve", "reopen", "resolve"):
        await slack.ben.types(f"/incident {typed} {incident.reference}")

    await slack.bot.stops()
    assert len(announcement.thread) < 6
    await slack.bot.starts(INCIDENT_BOT_TEST_POST_INTERVAL="0.1")

    await slack.until(lambda: len(announcement.thread) == 6, "all is told")
    await slack.bot.is_quiet()
    assert len(announcement.thread) == 6
    await announcement.shows("Resolved")


@story(own_process=True)
async def test_nothing_is_lost_or_doubled_when_the_bot_is_killed_in_the_middle_of_a_post(
    slack: Slack,
) -> None:
    await slack.bot.starts()
    slack.breaks(Fault(method="chat.postMessage", kind="slow", ms=5000))
    incident = await slack.cara.declares(in_="incidents")
    await slack.announcement(incident)  # it is there, and the bot has not been told so

    await slack.process.is_killed()
    slack.breaks()
    await slack.bot.starts()

    await slack.bot.says("outbox taken over from a process that is gone")
    await slack.ben.types(f"/incident resolve {incident.reference}")
    [announcement] = slack.announcements(incident)
    await announcement.hears("resolved")
    await slack.bot.is_quiet()
    assert len(slack.announcements(incident)) == 1
    assert len(announcement.thread) == 1


@story(own_process=True, modes=SOCKET)
async def test_a_command_that_slack_has_accepted_survives_a_crash(slack: Slack) -> None:
    await slack.bot.starts()
    slack.breaks(Fault(method="chat.postMessage", kind="drop_before"))
    incident = await slack.cara.declares(in_="incidents")

    await slack.process.is_killed()
    slack.breaks()
    await slack.bot.starts()

    await slack.announcement(incident)
    await slack.bot.is_quiet()
    assert len(slack.announcements(incident)) == 1


@story(own_bot=True)
async def test_a_stop_waits_for_what_is_in_flight(slack: Slack) -> None:
    await slack.bot.starts()
    slack.breaks(Fault(method="chat.postMessage", kind="slow", ms=700, times=1))
    incident = await slack.cara.declares(in_="incidents")
    await slack.announcement(incident)

    await slack.bot.stops()

    with slack.bot.opened_database() as database:
        assert database.execute("SELECT state FROM outbox").fetchall() == [("sent",)]
