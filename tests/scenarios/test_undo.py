"""Undo: in time, too late, by somebody else, after another change; it edits what was posted."""

from tests.factories import MINUTE
from tests.rest.with_slack import patches
from tests.slack_people import DeclaredIncident, Post, Slack
from tests.story import story


async def declared(slack: Slack) -> tuple[DeclaredIncident, Post]:
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    await slack.bot.is_quiet()
    return incident, announcement


@story
async def test_a_resolution_by_mistake_is_undone_in_place(slack: Slack) -> None:
    incident, announcement = await declared(slack)
    await slack.ben.types(f"/incident follow {incident.reference}")
    await slack.ana.presses("Acknowledge", on=announcement)
    await announcement.hears("acknowledged")
    await announcement.shows("In Progress")
    await slack.ana.presses("Resolve", on=announcement)
    resolved = await announcement.hears("<@U0ANA> resolved")
    await resolved.has_buttons("Add summary", "Undo")
    await slack.bot.is_quiet()
    before = len(announcement.thread), len(slack.direct_messages("U0BEN"))

    await slack.ana.presses("Undo", on=resolved)

    await slack.ana.is_told(
        f"It is undone, and what was posted says so: {incident.reference} is In Progress."
    )
    await announcement.shows("In Progress", "<@U0ANA>")
    await announcement.has_buttons("Update", "Resolve", "Join", "Follow")
    await resolved.shows(f"↩️ Undone by <@U0ANA>: ~✅ <@U0ANA> resolved *{incident.reference}*")
    assert resolved.buttons == []
    await slack.bot.is_quiet()
    assert (len(announcement.thread), len(slack.direct_messages("U0BEN"))) == before
    [_, told] = slack.direct_messages("U0BEN")
    assert told.startswith("↩️ Undone by <@U0ANA>")
    page = await slack.cara.timeline(incident)
    assert "resolved it (undone)" in page.text
    assert "<@U0ANA> undid that" in page.text


@story
async def test_an_acknowledgement_is_undone_with_the_lead_that_came_with_it(slack: Slack) -> None:
    incident, announcement = await declared(slack)
    await slack.ben.presses("Acknowledge", on=announcement)
    told = await announcement.hears("acknowledged")

    await slack.ben.presses("Undo", on=told)

    await slack.ben.is_told(f"{incident.reference} is Open")
    await announcement.shows("Open", "nobody yet")
    await announcement.has_buttons("Acknowledge", "Update", "Resolve", "Join", "Follow")


@story
async def test_severity_lead_and_reopening_are_undone(slack: Slack) -> None:
    incident, announcement = await declared(slack)
    ana, name = slack.ana, incident.reference
    await ana.types(f"/incident severity {name} low")
    await announcement.shows("Low")
    await ana.presses("Undo", on=await announcement.hears("changed the severity"))
    await announcement.shows("High")

    slack.ben.begins()
    await ana.types(f"/incident lead {name} @ben")
    await announcement.shows("<@U0BEN>")
    handed = await slack.ben.is_told("made you the lead")
    await ana.presses("Undo", on=await announcement.hears("leads"))
    await announcement.shows("nobody yet")
    await handed.shows("↩️ Undone by <@U0ANA>")

    await ana.types(f"/incident resolve {name}")
    await announcement.has_buttons("Reopen")
    await ana.presses("Reopen", on=announcement)
    reopened = await announcement.hears("reopened")
    await slack.bot.is_quiet()  # that she leads is told as well
    await ana.presses("Undo", on=reopened)
    await announcement.shows("Resolved", "after less than a minute")
    await announcement.has_buttons("Reopen")


@story
async def test_somebody_else_cannot_undo_it(slack: Slack) -> None:
    _, announcement = await declared(slack)
    await slack.ana.presses("Resolve", on=announcement)
    told = await announcement.hears("resolved")

    await slack.ben.presses("Undo", on=told)

    await slack.ben.is_told("Only who did this can undo it, within five minutes.")
    await slack.bot.is_quiet()
    await announcement.shows("Resolved")


@story
async def test_it_cannot_be_undone_after_another_change(slack: Slack) -> None:
    incident, announcement = await declared(slack)
    await slack.ana.presses("Acknowledge", on=announcement)
    told = await announcement.hears("acknowledged")
    await slack.ben.types(f"/incident severity {incident.reference} low")
    await announcement.shows("In Progress", "Low")
    await slack.ben.presses("Resolve", on=announcement)
    await announcement.shows("Resolved")

    await slack.ana.presses("Undo", on=told)

    await slack.ana.is_told("Nothing was changed: <@U0BEN> resolved it")
    await announcement.shows("Resolved")


@story
async def test_what_was_undone_can_be_done_again(slack: Slack) -> None:
    incident, announcement = await declared(slack)
    await slack.ana.presses("Resolve", on=announcement)
    told = await announcement.hears("resolved")
    await announcement.shows("Resolved")
    button = told.button("Undo")
    await slack.ana.presses("Undo", on=told)
    await announcement.shows("Open")

    await slack.ana.presses_late(button, action_ts="1.1")
    await slack.ana.is_told("This is undone already.")
    await slack.ben.presses("Resolve", on=announcement)
    await slack.ben.is_told(f"You resolved {incident.reference}")
    await announcement.shows("Resolved")


@story(own_bot=True)
async def test_after_five_minutes_it_is_offered_no_more(slack: Slack) -> None:
    await slack.bot.starts()
    incident, announcement = await declared(slack)
    await slack.ana.presses("Resolve", on=announcement)
    told = await announcement.hears("resolved")
    await told.has_buttons("Add summary", "Undo")
    button = told.button("Undo")

    await slack.time_passes_until(6 * MINUTE)

    await told.has_buttons("Add summary")
    await slack.ana.presses_late(button)
    await slack.ana.is_told("This was more than five minutes ago")
    await announcement.shows("Resolved")
    assert incident.reference in told.text


@story
async def test_what_a_program_did_is_not_offered_to_be_undone(slack: Slack) -> None:
    incident, announcement = await declared(slack)
    await patches(slack, incident, severity="Low")

    told = await announcement.hears("changed the severity")

    await slack.bot.is_quiet()
    assert told.buttons == []
