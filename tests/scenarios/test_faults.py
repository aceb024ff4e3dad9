"""What breaks inside the bot: the person is given a reference, and the log has it too."""

import re

from incident_bot.sandbox.faults import Fault
from tests.slack_people import Slack
from tests.story import BOTH, story


@story(own_bot=True, modes=BOTH)
async def test_a_fault_is_answered_with_a_reference_that_is_in_the_log(slack: Slack) -> None:
    await slack.bot.starts()
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    await slack.bot.is_quiet()
    with slack.bot.opened_database() as database:
        database.execute("ALTER TABLE timeline_entries RENAME TO elsewhere")

    await slack.ben.types(f"/incident resolve {incident.reference}")
    by_command = await slack.ben.is_told("Something went wrong and nothing was changed.")
    await slack.ben.presses("Resolve", on=announcement)
    by_button = await slack.ben.is_told("Something went wrong and nothing was changed.")

    for told in (by_command, by_button):
        match = re.search(r"reference: ([0-9a-f]{8})", told.text)
        assert match
        line = await slack.bot.says(match[1])
        assert "timeline_entries" in line
    with slack.bot.opened_database() as database:
        database.execute("ALTER TABLE elsewhere RENAME TO timeline_entries")
    await slack.ben.presses("Resolve", on=announcement)
    await announcement.hears("resolved")


@story(own_bot=True)
async def test_a_post_that_could_not_be_noted_does_not_stop_those_after_it(slack: Slack) -> None:
    await slack.bot.starts()
    slack.breaks(Fault(method="chat.postMessage", kind="slow", ms=300, times=1))
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    with slack.bot.opened_database() as database:
        database.execute("ALTER TABLE outbox RENAME TO elsewhere")
    await slack.bot.says("no such table: outbox")

    with slack.bot.opened_database() as database:
        database.execute("ALTER TABLE elsewhere RENAME TO outbox")
    await slack.ben.types(f"/incident resolve {incident.reference}")

    await announcement.hears("resolved")
    await slack.bot.is_quiet()
    assert len(slack.announcements(incident)) == 1


@story(own_bot=True)
async def test_a_revoked_token_is_said_and_nothing_is_lost_until_there_is_another(
    slack: Slack,
) -> None:
    await slack.bot.starts()
    await slack.ben.types("/incident ack INC-404")  # from now on the bot knows who he is
    await slack.cara.opens("/incident new Nobody is told yet", in_="incidents")
    slack.sandbox.workspace.is_token_revoked = True
    outcome = await slack.cara.submits(description="The app was removed", severity="Low")
    await slack.bot.says("Slack does not accept SLACK_BOT_TOKEN (token_revoked)")
    await slack.ben.types("/incident ack INC-1")
    await slack.ben.is_told("Nobody else is told yet: Slack does not accept SLACK_BOT_TOKEN")
    status, readiness = await slack.bot.answers("/readyz")
    await slack.bot.stops()

    slack.sandbox.workspace.is_token_revoked = False
    await slack.bot.starts()

    assert outcome.ok
    assert status == 503
    assert "token_revoked" in readiness["reason"]
    assert "token_revoked" in readiness["problems"]["slack"]
    log = slack.sandbox.workspace.posting.logs["C0INCIDENTS"]
    await slack.until(lambda: any("Nobody is told yet" in m.text for m in log), "it is announced")


@story(own_bot=True)
async def test_without_the_scope_to_look_a_lost_reply_is_posted_again_rather_than_lost(
    slack: Slack,
) -> None:
    slack.lacks("channels:history")
    await slack.bot.starts()
    said = await slack.bot.says("may not read the channel's history")
    slack.breaks(Fault(method="chat.postMessage", kind="lost_reply", times=1))

    incident = await slack.cara.declares(in_="incidents")

    await slack.bot.is_quiet()
    assert "channels:history" in said
    assert slack.bot.output.count("may not read the channel's history") == 1
    assert len(slack.announcements(incident)) == 2
