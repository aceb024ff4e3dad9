"""The timeline in Slack: notes, pages, and what people correct in it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.slack_people import DeclaredIncident, Person, Slack
from tests.story import story


async def noted(slack: Slack, who: Person, incident: DeclaredIncident, words: str) -> None:
    await who.types(f"/incident note {incident.reference} {words}", in_="incidents")
    await who.is_told("Noted in the timeline of")
    del slack


def at(moment: datetime) -> str:
    return f"<!date^{int(moment.timestamp())}^"


@story
async def test_a_note_is_in_the_timeline_and_nowhere_else(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    shown = announcement.text

    await slack.ben.types(f"/incident log {incident.reference} Rolled back <!channel>")

    answer = await slack.ben.is_told(f"Noted in the timeline of *{incident.reference}*: <!date^")
    assert "Rolled back" in answer.words
    told = await slack.gus.timeline(incident)
    assert "<@U0BEN> noted: Rolled back &lt;!channel&gt;" in told.text
    assert "<@U0CARA> declared it" in told.text
    assert told.buttons == []
    assert told.message.ephemeral_to == "U0GUS"
    await slack.bot.is_quiet()
    assert announcement.thread == []
    assert announcement.text == shown


@story
async def test_a_time_in_a_note_is_the_writers_own(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    kathmandu = ZoneInfo("Asia/Kathmandu")
    earlier = (datetime.now(UTC) - timedelta(hours=2)).replace(second=0, microsecond=0)

    await slack.cara.types(
        f"/incident note {incident.reference} {earlier.astimezone(kathmandu):%H:%M} First alarms"
    )

    answer = await slack.cara.is_told("Noted in the timeline of")
    assert at(earlier) in answer.text
    told = await slack.ben.timeline(incident)
    assert f"{at(earlier)}{{date_short_pretty}} at {{time}}|" in told.text
    # It happened before the incident was declared, so it stands below.
    assert told.text.index("declared it") < told.text.index("First alarms")


@story
async def test_what_cannot_be_noted_is_refused_in_words(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    name = incident.reference

    for typed, answer in [
        ("", "Which incident? Type for example `/incident note INC-12 14:05 Rolled back`."),
        ("Rolled back", "“Rolled” names no incident."),
        ("10 min ago Rolled back", "Which incident?"),
        (name, "What is to be noted?"),
        (f"{name} 14:05", "What is to be noted?"),
        (f"{name} 8 days ago Began", f"the timeline of {name} begins 7 days before"),
        (f"{name} {'x' * 3001}", "A note may have 3000 characters; this has 3001."),
        ("INC-987654321 Began", "There is no incident `INC-987654321`."),
    ]:
        await slack.ben.types(f"/incident note {typed}")
        await slack.ben.is_told(answer)
    await slack.gus.types(f"/incident note {name} Rolled back")
    await slack.gus.is_told("Guests may declare and read incidents, but not change them.")

    told = await slack.ben.timeline(incident)
    assert "noted" not in told.text


@story
async def test_a_long_timeline_has_pages(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    for number in range(20):
        await noted(slack, slack.ben, incident, f"{60 - number} min ago Step {number}.")

    page = await slack.ana.timeline(incident)
    assert ": 1 to 10 of 21" in page.text
    assert page.buttons == ["Older"]
    assert "declared it" in page.text
    assert "Step 11." in page.text

    await slack.ana.presses("Older", on=page)
    await page.shows(": 11 to 20 of 21", "Step 10.", "Step 1.")
    assert page.buttons == ["Newer", "Older"]
    await slack.ana.presses("Older", on=page)
    await page.shows(": 21 to 21 of 21", "Step 0.")
    assert page.buttons == ["Newer"]
    await slack.ana.presses("Newer", on=page)
    await page.shows(": 11 to 20 of 21")
    assert len(slack.ana.told) == 1


@story
async def test_who_wrote_a_note_corrects_its_text_and_its_time(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    await noted(slack, slack.ben, incident, "Rolled bakc")
    page = await slack.ben.timeline(incident)
    earlier = (datetime.now(UTC) - timedelta(hours=1)).replace(second=0, microsecond=0)

    form = await slack.ben.opens_by("Edit", on=page)
    assert form.blocks[0]["element"]["initial_value"] == "Rolled bakc"
    outcome = await slack.ben.submits(text="Rolled back", time=str(int(earlier.timestamp())))

    assert outcome.ok, outcome
    await slack.ben.is_told(f"The timeline of {incident.reference} is changed.")
    told = await slack.ben.timeline(incident)
    assert f"{at(earlier)}" in told.text
    assert "noted (edited): Rolled back" in told.text
    assert "bakc" not in told.text


@story
async def test_a_form_with_a_time_to_come_stays_open(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    await noted(slack, slack.ben, incident, "Rolled back")
    page = await slack.ben.timeline(incident)
    await slack.ben.opens_by("Edit", on=page)

    late = datetime.now(UTC) + timedelta(hours=1)
    outcome = await slack.ben.submits(time=str(int(late.timestamp())))
    assert outcome.errors == {
        "time": "That time is still to come, and the timeline tells what has happened. "
        "Give an earlier one, or none."
    }
    outcome = await slack.ben.submits(text=" ")
    assert outcome.errors == {"text": "Text needs some text."}
    outcome = await slack.ben.submits()
    assert outcome.errors == {"text": "The entry says that already; nothing was changed."}


@story
async def test_the_lead_removes_a_note_in_the_message_itself(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    await slack.ana.types(f"/incident ack {incident.reference}")
    await noted(slack, slack.ben, incident, "Wrong incident")
    page = await slack.ana.timeline(incident)

    await slack.ana.presses("Remove", on=page)

    await page.shows("It is removed.", "<@U0CARA> declared it")
    assert "Wrong incident" not in page.text
    assert "Edit" not in page.buttons
    assert len(slack.ana.told) == 1


@story
async def test_others_cannot_change_a_note(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    await noted(slack, slack.ben, incident, "Rolled back")
    bens = await slack.ben.timeline(incident)
    anas = await slack.ana.timeline(incident)
    assert bens.buttons == ["Edit", "Remove"]
    assert anas.buttons == []

    for label in ("Edit", "Remove"):
        await slack.ana.presses_late(bens.button(label))
        told = await slack.ana.is_told("Only who put this into the timeline of")
        assert f"`/incident note {incident.reference}`" in told.text
    await slack.gus.presses_late(bens.button("Remove"))
    await slack.gus.is_told("Guests may declare and read incidents")

    assert "Rolled back" in (await slack.ben.timeline(incident)).text


@story
async def test_a_note_that_is_gone_or_edited_meanwhile_is_not_changed(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    await slack.ana.types(f"/incident ack {incident.reference}")
    await noted(slack, slack.ben, incident, "Rolled back")
    page = await slack.ben.timeline(incident)
    edit, remove = page.button("Edit"), page.button("Remove")
    await slack.ana.opens_by("Edit", on=await slack.ana.timeline(incident))
    await slack.ana.submits(text="Rolled back twice")
    await slack.ana.is_told("is changed.")

    await slack.ben.presses_late(remove)
    await slack.ben.is_told("Somebody else edited this entry meanwhile, so nothing was changed.")
    page = await slack.ben.timeline(incident)
    await slack.ben.presses("Remove", on=page)
    await slack.ben.is_told("It is removed.")
    await slack.ben.presses_late(edit)
    await slack.ben.is_told(f"This is not in the timeline of {incident.reference} any more.")


@story
async def test_a_note_makes_no_button_old(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    button = announcement.button("Resolve")
    await noted(slack, slack.ben, incident, "Rolled back")

    await slack.ana.presses_late(button)

    await slack.ana.is_told(f"You resolved {incident.reference}.")


@story
async def test_every_kind_of_change_has_its_line(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    await slack.ana.types(f"/incident ack {incident.reference}")
    await slack.ana.types(f"/incident severity {incident.reference} Low")
    await slack.ana.opens(f"/incident edit {incident.reference}")
    await slack.ana.submits(title="Payments are slow")
    await slack.ana.is_told("is changed")
    await slack.ana.types(f"/incident resolve {incident.reference}")

    told = await slack.gus.timeline(incident)

    for words in (
        "<@U0ANA> acknowledged it",
        "<@U0ANA> leads it now",
        "changed the severity from High to Low",
        "edited it: Payments are slow",
        "<@U0ANA> resolved it",
    ):
        assert words in told.text
        assert words.split(":")[0] in told.words
