"""Two people at once, stale messages, repeated presses: one change, and words."""

from incident_bot.domain.status import Status
from tests.slack_people import Slack
from tests.story import story


@story
async def test_of_two_people_who_press_at_once_one_changes_it_and_one_is_told(
    slack: Slack,
) -> None:
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)

    await slack.at_once(
        slack.ana.presses("Resolve", on=announcement),
        slack.ben.presses("Resolve", on=announcement),
    )
    answers = [await slack.ana.is_told(incident.reference), await slack.ben.is_told("INC")]
    await announcement.shows("Resolved")
    await slack.bot.is_quiet()

    said = sorted(answer.text.replace(incident.reference, "INC") for answer in answers)
    assert said[0].startswith("INC is already Resolved: <@U0")
    assert said[1].startswith("You resolved INC")
    assert len(announcement.thread) == 1
    slack.calls_alike("U0ANA", "U0BEN")


@story
async def test_a_stale_button_does_not_resolve_what_was_reopened(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    stale = announcement.button("Resolve")
    await slack.ben.types(f"/incident resolve {incident.reference}")
    await slack.ben.types(f"/incident reopen {incident.reference}")

    ack = await slack.ana.presses_late(stale)

    assert ack.ok
    told = await slack.ana.is_told("Nothing was changed: <@U0BEN> reopened it <!date^")
    assert f"`/incident show {incident.reference}` shows how it is now" in told.text
    await announcement.shows(Status.IN_PROGRESS)


@story
async def test_a_stale_button_still_works_when_only_the_severity_has_changed(slack: Slack) -> None:
    incident = await slack.cara.declares(severity="Low", in_="incidents")
    announcement = await slack.announcement(incident)
    seen_before = announcement.button("Acknowledge")
    await slack.ben.types(f"/incident severity {incident.reference} High")

    await slack.ana.presses_late(seen_before)

    await slack.ana.is_told(f"You acknowledged {incident.reference}")
    await announcement.shows(Status.IN_PROGRESS, "High")


@story
async def test_a_press_that_comes_twice_counts_once_and_is_answered_once(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    payload = slack.press_payload(slack.ben, announcement.button("Resolve"))

    await slack.at_once(*(slack.delivers("block_actions", payload) for _ in range(3)))
    await slack.ben.is_told("You resolved")
    await slack.bot.is_quiet()

    assert len(slack.ben.told) == 1
    assert len(announcement.thread) == 1


@story
async def test_the_buttons_of_a_deleted_incident_say_that_it_is_gone(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    buttons = [announcement.button(label) for label in announcement.buttons]
    await slack.cara.types(f"/incident delete {incident.reference}")
    question = await slack.cara.is_told("Delete")
    await slack.cara.presses(f"Delete {incident.reference}", on=question)
    await announcement.shows("was deleted")

    for button in buttons:
        await slack.ben.presses_late(button)
        await slack.ben.is_told(f"There is no incident `{incident.reference}`")
    for typed in ("show", "ack", "resolve", "edit", "delete"):
        await slack.ben.types(f"/incident {typed} {incident.reference}")
        await slack.ben.is_told(f"There is no incident `{incident.reference}`")
    await slack.ben.types("/incident list all")
    listed = await slack.ben.is_told("")
    assert incident.reference not in listed.text.replace("`", "")


@story
async def test_an_edit_does_not_undo_what_another_has_written_meanwhile(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    await slack.ana.opens(f"/incident edit {incident.reference}")
    await slack.ben.opens(f"/incident edit {incident.reference}")
    await slack.ana.submits(title="Ana's title")

    outcome = await slack.ben.submits(title="Ben's title")

    assert "Somebody else edited this while you did" in outcome.errors["title"]
    await announcement.shows("Ana's title")


@story
async def test_an_update_keeps_its_words_when_another_was_faster_to_resolve(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    await slack.ana.opens_by("Update", on=announcement)
    await slack.ben.presses("Resolve", on=announcement)
    await slack.ben.is_told("You resolved")

    outcome = await slack.ana.submits(message="It was the disk", status="Resolved")

    assert "already Resolved" in outcome.errors["status"]
    assert slack.ana.form is not None
