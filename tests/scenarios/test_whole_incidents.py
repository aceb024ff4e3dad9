"""Whole incidents, from the first word to the archive, as people live through them."""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from incident_bot.sandbox.cast import Channel
from tests.slack_people import DeclaredIncident, Slack
from tests.story import story

STOCKHOLM: Final = ZoneInfo("Europe/Stockholm")
NEW_YORK: Final = ZoneInfo("America/New_York")


async def declared(slack: Slack, title: str) -> tuple[DeclaredIncident, Channel]:
    incident = await slack.cara.declares(title, in_="incidents", channel="channel")
    channel = await slack.own_channel(incident)
    await slack.until(lambda: "U0CARA" in channel.members, "Cara is invited")
    await slack.bot.is_quiet()
    return incident, channel


def clock_of(zone: ZoneInfo, minutes_ago: int) -> str:
    """What a clock on somebody's wall showed."""
    moment = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    return f"{moment.astimezone(zone):%H:%M}"


@story
async def test_a_quiet_incident(slack: Slack) -> None:
    ana, ben, cara = slack.ana, slack.ben, slack.cara
    incident, channel = await declared(slack, "Mails are late")
    announcement = await slack.announcement(incident)
    await announcement.shows("Mails are late", f"<#{channel.id}>")

    await ana.presses("Acknowledge", on=announcement)
    await slack.until(lambda: "U0ANA" in channel.members, "the lead is invited")
    await ben.presses("Join", on=announcement)
    await ben.is_told(f"You are Communications of {incident.reference} now")
    await slack.until(lambda: "U0BEN" in channel.members, "the responder is invited")
    found = cara.writes("The relay's disk is full", in_=channel.name)
    ana.reacts("pushpin", on=found)
    await ana.opens("/incident update The relay is being emptied", in_=channel.name)
    await ana.submits(next_update_in="30 minutes")
    await announcement.shows("The relay is being emptied", "next update promised for")
    await ana.types("/incident resolve", in_=channel.name)
    resolved = await announcement.hears(f"<@U0ANA> resolved *{incident.reference}*")
    await ana.opens_by("Add summary", on=resolved)
    await ana.submits(summary="A full disk on the relay")
    await announcement.shows("Resolved", "A full disk on the relay")
    await announcement.has_buttons("Reopen", "Archive channel")
    await ana.presses("Archive channel", on=announcement)
    await slack.until(lambda: channel.is_archived, "the channel is archived")

    told = await cara.timeline(incident)
    for line in (
        "declared it", "was made", "acknowledged it", "joined as Communications",
        "The relay's disk is full", "The relay is being emptied", "resolved it",
        "A full disk on the relay", "archived its channel",
    ):  # fmt: skip
        assert line in told.text
    assert [post.text.split(" · ")[0] for post in announcement.thread] == [
        f"🔶 <@U0ANA> acknowledged {incident.reference}",
        f"Ben Okafor joined {incident.reference} as *Communications*",
        f"💬 Update on {incident.reference} by <@U0ANA>",
        f"✅ <@U0ANA> resolved *{incident.reference}* after less than a minute",
    ]


@story
async def test_an_incident_handed_over_at_night_across_time_zones(slack: Slack) -> None:
    ana, ben = slack.ana, slack.ben
    incident, channel = await declared(slack, "Payments hang")
    announcement = await slack.announcement(incident)
    await ana.types(f"/incident ack {incident.reference}")
    await announcement.hears("<@U0ANA> acknowledged")
    await ana.opens(f"/incident update {incident.reference} Failed over; watching the queue")
    await ana.submits(next_update_in="1 hour")
    await announcement.shows("Failed over; watching the queue")
    await slack.bot.is_quiet()

    ben.begins()
    await ana.types(f"/incident lead {incident.reference} @ben")
    told = await ben.is_told(f"<@U0ANA> made you the lead of *{incident.reference}*")
    await told.shows("Payments hang", "In Progress", "Failed over; watching the queue")
    await slack.until(lambda: "U0BEN" in channel.members, "Ben is invited")
    await slack.until(lambda: "lead Ben Okafor" in channel.topic, "the topic names him")

    # Each types what their own clock shows.
    await ben.types(f"/incident note {clock_of(NEW_YORK, 10)} Queue drained", in_=channel.name)
    await ben.is_told(f"Noted in the timeline of *{incident.reference}*")
    await ana.types(f"/incident note {incident.reference} {clock_of(STOCKHOLM, 20)} Pager went off")
    await ana.is_told(f"Noted in the timeline of *{incident.reference}*")
    text = (await slack.cara.timeline(incident)).text
    order = ["leads it now, says <@U0ANA>", "declared it", "Queue drained", "Pager went off"]
    assert [text.index(words) for words in order] == sorted(text.index(words) for words in order)

    await ben.types("/incident resolve", in_=channel.name)
    heard = await announcement.hears(f"<@U0BEN> resolved *{incident.reference}*")
    assert heard.is_broadcast
    await slack.until(lambda: "Resolved" in channel.topic, "the topic says so")
