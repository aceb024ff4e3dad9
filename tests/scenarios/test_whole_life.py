"""An incident from declaration to its end, and what everyone sees of it."""

from tests.slack_people import Slack
from tests.story import BOTH, story


@story(modes=BOTH)
async def test_an_incident_is_declared_acknowledged_and_resolved(slack: Slack) -> None:
    ana, ben, cara = slack.ana, slack.ben, slack.cara

    form = await cara.opens("/incident new Checkout is down", in_="general")
    assert form.title == {"type": "plain_text", "text": "Declare incident", "emoji": False}
    await cara.submits(description="Cards are refused", severity="Medium")
    incident = await cara.is_told_of_own_incident("Checkout is down")

    announcement = await slack.announcement(incident, in_="incidents")
    copy = await slack.announcement(incident, in_="general")
    for message in (announcement, copy):
        await message.shows("Checkout is down", "Cards are refused", "Open", "Medium", "<@U0CARA>")
        await message.has_buttons("Acknowledge", "Update", "Resolve", "Join", "Follow")

    await ben.presses("Acknowledge", on=announcement)
    await ben.is_told(f"You acknowledged {incident.reference}")
    for message in (announcement, copy):
        await message.shows("In Progress", "<@U0BEN>")
        await message.has_buttons("Update", "Resolve", "Join", "Follow")
        heard = await message.hears(f"<@U0BEN> acknowledged {incident.reference}")
        assert not heard.is_broadcast

    await ana.types(f"/incident resolve {incident.reference}", in_="payments")
    await ana.is_told(f"You resolved {incident.reference}")
    for message in (announcement, copy):
        await message.shows("Resolved")
        await message.has_buttons("Reopen")
        heard = await message.hears(f"<@U0ANA> resolved *{incident.reference}* after less than")
        assert heard.is_broadcast


@story(modes=BOTH)
async def test_all_that_can_be_told_of_an_incident_shows_in_its_announcement(slack: Slack) -> None:
    ana, ben, cara = slack.ana, slack.ben, slack.cara
    incident = await cara.declares("Search is slow", severity="Low", in_="incidents")
    announcement = await slack.announcement(incident)

    await ana.opens_by("Update", on=announcement)
    await ana.submits(message="The index is being rebuilt", status="In Progress", severity="Medium")
    await ana.is_told(f"Your update on {incident.reference} is being posted")
    await announcement.shows("Latest update", "The index is being rebuilt", "In Progress", "Medium")
    await announcement.shows("Lead", "<@U0ANA>")

    await ben.types(f"/incident severity {incident.reference} high", in_="general")
    await ben.is_told(f"{incident.reference} has severity High now")
    await announcement.shows("High")

    await cara.opens(f"/incident edit {incident.reference}", in_="general")
    await cara.submits(title="Search times out")
    await cara.is_told(f"{incident.reference} is changed")
    await announcement.shows("Search times out", "The index is being rebuilt")

    await announcement.hears("Update on")
    await announcement.hears("<@U0ANA> acknowledged")
    await announcement.hears("changed the severity")
    await announcement.hears("from Medium to *High*")
    assert len(announcement.thread) == 4


@story
async def test_a_resolved_incident_gets_a_summary_is_reopened_and_deleted(slack: Slack) -> None:
    ben, cara = slack.ben, slack.cara
    incident = await cara.declares("Mails are late", in_="incidents")
    announcement = await slack.announcement(incident)
    await ben.presses("Resolve", on=announcement)
    resolved = await announcement.hears("<@U0BEN> resolved")

    await cara.presses("Add summary", on=resolved)
    await cara.is_told(f"<@U0BEN> resolved {incident.reference}: ask them")
    await ben.opens_by("Add summary", on=resolved)
    await ben.submits(summary="A full disk on the relay")
    await ben.is_told(f"The summary of {incident.reference} is kept")
    await announcement.shows("Summary", "A full disk on the relay")

    await cara.presses("Reopen", on=announcement)
    await announcement.shows("In Progress")
    await announcement.hears(f"<@U0CARA> reopened {incident.reference}: In Progress")

    await ben.types(f"/incident delete {incident.reference}", in_="general")
    await ben.is_told("Only who reported")
    await cara.types(f"/incident delete {incident.reference}", in_="general")
    question = await cara.is_told(f"Delete *{incident.reference}*?")
    await cara.presses(f"Delete {incident.reference}", on=question)
    await cara.is_told(f"{incident.reference} is deleted")
    await announcement.shows(f"{incident.reference} was deleted")
    assert announcement.buttons == []
