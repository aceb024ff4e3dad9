"""Somebody deletes an announcement: the next change brings it back, once, and nothing is retold."""

from incident_bot.sandbox.faults import Fault
from tests.slack_people import Slack
from tests.story import story


@story
async def test_a_deleted_announcement_comes_back_with_the_next_change(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    slack.deletes(await slack.announcement(incident))

    await slack.ben.types(f"/incident severity {incident.reference} Low")

    announcement = await slack.announcement(incident)
    await announcement.shows("Low")
    await slack.bot.is_quiet()
    posts = slack.announcements(incident)
    assert len([post for post in posts if "Acknowledge" in post.buttons]) == 1


@story
async def test_one_with_a_thread_comes_back_with_the_next_change(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    deleted = await slack.announcement(incident)
    await slack.ben.types(f"/incident ack {incident.reference}")
    await deleted.hears("acknowledged")
    await slack.bot.is_quiet()
    slack.deletes(deleted)

    await slack.ben.types(f"/incident severity {incident.reference} Low")

    announcement = await slack.announcement(incident)
    await slack.bot.is_quiet()
    assert announcement.buttons == ["Update", "Resolve", "Join", "Follow"]
    assert len(deleted.thread + announcement.thread) == 2


@story
async def test_what_was_told_in_the_thread_of_a_deleted_announcement_is_not_told_again(
    slack: Slack,
) -> None:
    incident = await slack.cara.declares(in_="incidents")
    deleted = await slack.announcement(incident)
    slack.breaks(Fault(method="chat.postMessage", kind="lost_reply", times=1))
    await slack.ben.types(f"/incident ack {incident.reference}")
    await deleted.hears("acknowledged")
    slack.deletes(deleted)

    await slack.ben.types(f"/incident severity {incident.reference} Low")

    await slack.until(
        lambda: any("severity" in post.text for post in slack.posts(incident)), "the change is told"
    )
    await slack.bot.is_quiet()
    told = [post.text for post in slack.posts(incident) if "acknowledged" in post.text]
    assert len(told) == 1 + len(slack.announcements(incident))  # its times say so as well
