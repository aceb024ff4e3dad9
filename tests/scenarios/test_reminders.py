"""Reminders: of what nobody acknowledged, of an update that was promised, of what fell silent."""

from incident_bot.sandbox.faults import Fault
from tests.factories import DAY, HOUR, MINUTE
from tests.slack_people import DeclaredIncident, Post, Slack
from tests.story import story


async def declared(slack: Slack, severity: str = "High") -> tuple[DeclaredIncident, Post]:
    incident = await slack.cara.declares(severity=severity, in_="incidents")
    announcement = await slack.announcement(incident)
    await slack.bot.is_quiet()
    return incident, announcement


def reminders(announcement: Post) -> list[Post]:
    return [post for post in announcement.thread if post.text.startswith("⏰")]


@story(own_bot=True)
async def test_a_forgotten_incident_is_reminded_of_through_a_restart(slack: Slack) -> None:
    await slack.bot.starts()
    incident, announcement = await declared(slack)

    await slack.time_passes_until(4 * MINUTE)
    assert reminders(announcement) == []
    await slack.bot.stops()
    await slack.time_passes(2 * MINUTE)
    await slack.bot.starts()

    told = await announcement.hears(f"⏰ Nobody has acknowledged *{incident.reference}* yet")
    assert told.is_broadcast
    assert told.buttons == ["Acknowledge", "Snooze", "Stop"]
    await told.shows("Checkout is down", "severity High")
    await slack.time_passes_until(50 * MINUTE)
    assert len(reminders(announcement)) == 1, "never more than one an hour"
    await slack.time_passes_until(70 * MINUTE)
    await slack.until(lambda: len(reminders(announcement)) == 2, "an hour later it says so again")

    await slack.ben.presses("Acknowledge", on=told)
    await slack.ben.is_told(f"You acknowledged {incident.reference}")
    await slack.time_passes_until(3 * HOUR)
    assert len(reminders(announcement)) == 2
    page = await slack.ben.timeline(incident)
    assert page.text.count("⏰ everybody was reminded: nobody has acknowledged it") == 2


@story(own_bot=True)
async def test_a_reminder_is_snoozed_and_then_stopped(slack: Slack) -> None:
    await slack.bot.starts()
    incident, announcement = await declared(slack, severity="Medium")
    await slack.time_passes_until(31 * MINUTE)
    told = await announcement.hears("⏰ Nobody has acknowledged")

    await slack.gus.presses("Snooze", on=told)
    await slack.gus.is_told("Guests may declare and read incidents")
    await slack.ben.presses("Snooze", on=told)
    await slack.ben.is_told("You will hear of it again")
    await slack.time_passes_until(31 * MINUTE + 3 * HOUR)
    assert len(reminders(announcement)) == 1
    await slack.time_passes_until(35 * MINUTE + 4 * HOUR)
    await slack.until(lambda: len(reminders(announcement)) == 2, "it is said again")

    await slack.ben.presses("Stop", on=reminders(announcement)[1])
    await slack.ben.is_told(f"no more reminders of this for {incident.reference}")
    await slack.time_passes_until(12 * HOUR)
    assert len(reminders(announcement)) == 2
    await slack.ana.presses("Acknowledge", on=announcement)
    await slack.ana.is_told("You acknowledged")
    await slack.ana.presses("Snooze", on=told)
    await slack.ana.is_told(f"{incident.reference} needs no such reminder any more.")


@story(own_bot=True)
async def test_the_lead_is_reminded_of_an_update_that_was_promised(slack: Slack) -> None:
    await slack.bot.starts()
    incident, announcement = await declared(slack)
    await slack.ana.presses("Acknowledge", on=announcement)
    await slack.ana.opens_by("Update", on=announcement)
    await slack.ana.submits(message="We look into it", next_update_in="15 minutes")
    await announcement.hears("Update on")
    await slack.bot.is_quiet()

    slack.ana.begins()
    await slack.time_passes_until(16 * MINUTE)

    told = await slack.ana.is_told(f"⏰ The next update on *{incident.reference}* was promised for")
    assert told.channel_id == "D0ANA"
    assert told.buttons == ["Update", "Snooze", "Stop"]
    await slack.ana.opens_by("Update", on=told)
    await slack.ana.submits(message="Found it", next_update_in="30 minutes")
    await announcement.shows("Found it")
    await slack.time_passes_until(50 * MINUTE)
    assert sum(text.startswith("⏰") for text in slack.direct_messages("U0ANA")) == 1
    await slack.time_passes_until(80 * MINUTE)
    await slack.until(
        lambda: sum(text.startswith("⏰") for text in slack.direct_messages("U0ANA")) == 2,
        "the new promise is reminded of",
    )
    assert reminders(announcement) == []


@story(own_bot=True)
async def test_what_is_silent_for_a_day_is_asked_about(slack: Slack) -> None:
    await slack.bot.starts()
    incident, announcement = await declared(slack, severity="Low")
    await slack.ana.presses("Acknowledge", on=announcement)
    await slack.ana.is_told("You acknowledged")
    await announcement.hears("acknowledged")
    await slack.bot.is_quiet()

    slack.ana.begins()
    await slack.time_passes_until(23 * HOUR)
    assert slack.ana.told == []
    await slack.time_passes_until(25 * HOUR)

    told = await slack.ana.is_told(f"⏰ Nothing was heard of *{incident.reference}* since")
    assert told.buttons == ["Update", "Resolve", "Snooze", "Stop"]
    await slack.ana.presses("Resolve", on=told)
    await announcement.shows("Resolved")
    await slack.time_passes_until(4 * DAY)
    assert len([t for t in slack.direct_messages("U0ANA") if t.startswith("⏰")]) == 1


@story(own_bot=True)
async def test_reminders_can_be_switched_off(slack: Slack) -> None:
    await slack.bot.starts(INCIDENT_BOT_REMINDERS="none")
    _, announcement = await declared(slack)

    await slack.time_passes_until(2 * DAY)

    assert reminders(announcement) == []


@story(own_bot=True)
async def test_each_severity_has_its_own_time(slack: Slack) -> None:
    await slack.bot.starts(INCIDENT_BOT_ACK_WITHIN="High:1h,Low:1m")
    _, high = await declared(slack, severity="High")
    _, medium = await declared(slack, severity="Medium")
    _, low = await declared(slack, severity="Low")

    await slack.time_passes_until(50 * MINUTE)

    await low.hears("⏰ Nobody has acknowledged")
    await slack.bot.is_quiet()
    assert (reminders(high), reminders(medium)) == ([], [])


@story(own_bot=True)
async def test_of_what_is_private_its_people_alone_are_reminded(slack: Slack) -> None:
    await slack.bot.starts()
    incident = await slack.cara.declares("Payroll", in_="general", channel="private")
    channel = await slack.own_channel(incident)
    await slack.card_in(channel, incident)
    await slack.bot.is_quiet()

    await slack.time_passes_until(6 * MINUTE)

    await slack.until(
        lambda: any(p.text.startswith("⏰") for p in slack.posts(incident, channel.name)),
        "its channel is reminded",
    )
    assert slack.posts(incident, "incidents") == []


@story(own_bot=True)
async def test_the_owner_is_reminded_of_action_items_that_are_due(slack: Slack) -> None:
    await slack.bot.starts()
    incident, announcement = await declared(slack)
    name = incident.reference
    await slack.ana.types(f"/incident action {name} Fix the alert @ben in 2 hours")
    await slack.ana.is_told("Action item of")
    await slack.ana.types(f"/incident action {name} Write it down @ben in 2 hours")
    await slack.ana.is_told("Action item of")
    await slack.ana.types(f"/incident resolve {name}")
    await announcement.shows("Resolved")
    await slack.bot.is_quiet()

    slack.ben.begins()
    await slack.time_passes_until(1 * HOUR)
    assert slack.ben.told == []
    await slack.time_passes_until(2.5 * HOUR)

    told = await slack.ben.is_told(f"⏰ 2 action items of *{name}* are due")
    await told.shows("Fix the alert", "Write it down")
    assert told.buttons == ["Done", "Done", "Snooze", "Stop"]
    await slack.ben.presses("Done", on=told)
    await slack.ben.is_told("You did this action item")
    await slack.ben.presses("Stop", on=told)
    await slack.ben.is_told("no more reminders of this")
    slack.ben.begins()
    await slack.time_passes_until(30 * HOUR)
    assert slack.ben.told == []
    assert reminders(announcement) == []


@story(own_bot=True)
async def test_when_the_lead_left_the_company_the_channel_hears_and_nobody_leads(
    slack: Slack,
) -> None:
    await slack.bot.starts()
    incident, announcement = await declared(slack)
    lead = slack.newcomer()
    await lead.presses("Acknowledge", on=announcement)
    await lead.opens_by("Update", on=announcement)
    await lead.submits(message="We look into it", next_update_in="30 minutes")
    await announcement.hears("Update on")
    await slack.bot.is_quiet()

    slack.deactivates(lead)
    lead.begins()
    await slack.time_passes_until(3 * HOUR)

    told = await announcement.hears("⏰ The next update on")
    assert told.is_broadcast
    name = f"Nobody leads {incident.reference} now: <@{lead.id}>'s Slack account was deactivated."
    await announcement.hears(name)
    await announcement.shows("nobody yet")
    assert lead.told == []
    page = await slack.cara.timeline(incident)
    assert f"nobody leads it now: <@{lead.id}>'s Slack account was deactivated" in page.text
    await slack.time_passes_until(26 * HOUR)
    await announcement.hears("⏰ Nothing was heard of")
    assert lead.told == []


@story(own_bot=True)
async def test_what_slack_does_not_bring_to_the_lead_the_channel_hears(slack: Slack) -> None:
    await slack.bot.starts()
    incident, announcement = await declared(slack)
    await slack.ben.presses("Acknowledge", on=announcement)
    await slack.ben.opens_by("Update", on=announcement)
    await slack.ben.submits(message="We look into it", next_update_in="30 minutes")
    await announcement.hears("Update on")
    await slack.bot.is_quiet()
    to_ben = {"method": "chat.postMessage", "channel": "U0BEN"}

    slack.breaks(Fault.model_validate(to_ben | {"kind": "error", "error": "user_not_found"}))
    await slack.time_passes(HOUR)

    told = await announcement.hears("⏰ The next update on")
    assert told.buttons == ["Update", "Snooze", "Stop"]
    slack.breaks()
    page = await slack.cara.timeline(incident)
    assert "⏰ everybody was reminded: an update was due" in page.text
    await slack.bot.is_quiet()
    assert len(reminders(announcement)) == 1
