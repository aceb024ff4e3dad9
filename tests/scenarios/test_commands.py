"""What `/incident …` answers: in a reply for the person who typed it, always in words."""

import pytest

from incident_bot.slack.commands import in_help
from tests.rest.with_slack import declares
from tests.slack_people import Slack
from tests.story import BOTH, story


@story
@pytest.mark.parametrize("typed", ["/incident", "/incident help", "/incident  HELP "])
async def test_help_names_every_subcommand(slack: Slack, typed: str) -> None:
    await slack.gus.types(typed)

    answer = await slack.gus.is_told("`/incident new [title]`")
    for subcommand in in_help():
        assert f"`/incident {subcommand.name}" in answer.text
        assert subcommand.summary in answer.words


@story
@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("hlep", "“hlep” is not a command. Did you mean `/incident help`?"),
        ("frobnicate", "“frobnicate” is not a command. `/incident help` shows what there is."),
        ("<!channel> now", "“&lt;!channel&gt;” is not a command."),
        ("show", "Which incident? Type for example `/incident show INC-12`."),
        ("ack checkout", "“checkout” names no incident."),
        ("resolve -1", "“-1” names no incident."),
        ("reopen <@U1>", "“&lt;@U1&gt;” names no incident."),
        ("show INC-987654321", "There is no incident `INC-987654321`."),
        ("show 1" + "0" * 30, "There is no incident with that number."),
        ("show 0", "There is no incident"),
        ("ack ١٢", "names no incident."),  # Arabic digits, which int() would take
        ("list urgent", "“urgent” is neither a status nor a severity."),
        ("list Open Hihg", "“hihg” is neither a status nor a severity."),
        (
            "severity INC-987654321",
            "Which severity? Type for example `/incident severity INC-987654321 Low`.",
        ),
        ("severity INC-987654321 hihg", "“hihg” is not a severity. Did you mean High?"),
        ("severity", "Which incident?"),
        ("delete 987654321", "There is no incident `INC-987654321`."),
        ("edit 987654321", "There is no incident `INC-987654321`."),
        ("update", "Which incident? Type for example `/incident update INC-12`."),
        ("update 987654321 All is well", "There is no incident `INC-987654321`."),
        ("follow 987654321", "There is no incident `INC-987654321`."),
        ("unfollow checkout", "“checkout” names no incident."),
        ("x" * 5000, "is not a command."),
    ],
)
async def test_what_is_not_understood_is_answered_with_the_way_out(
    slack: Slack, typed: str, answer: str
) -> None:
    await slack.ana.types(f"/incident {typed}")

    told = await slack.ana.is_told(answer)
    assert "`/incident " in told.text or "Severities are" in told.text
    assert len(slack.ana.told) == 1


@story
async def test_a_list_shows_what_was_asked_for_to_the_person_alone(slack: Slack) -> None:
    first = await slack.cara.declares("First", severity="Low", in_="incidents")
    second = await slack.cara.declares("Second", severity="High", in_="incidents")
    await slack.ben.types(f"/incident ack {first.reference}")
    await slack.ben.types(f"/incident resolve {second.reference}")

    async def listed(typed: str) -> list[bool]:
        await slack.ben.types(typed)
        told = await slack.ben.is_told("")
        assert told.message.ephemeral_to == "U0BEN"
        return [f"{one.reference} {one.title}" in told.text for one in (first, second)]

    assert await listed("/incident list") == [True, False]
    assert await listed("/incident list all") == [True, True]
    assert await listed("/incident ls resolved") == [False, True]
    assert await listed("/incident list in progress") == [True, False]
    assert await listed("/incident list in-progress resolved low") == [True, False]
    assert await listed("/incident list all HIGH") == [False, True]
    assert await listed("/incident list mine") == [True, False]
    assert await listed("/incident list open mine") == [False, False]


@story
async def test_an_incident_that_is_shown_has_its_buttons_and_a_link(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    await slack.links_are_known()

    await slack.gus.types(f"/incident show inc-{incident.id}", in_="general")
    card = await slack.gus.is_told("Checkout is down")
    await slack.ben.types(f"/incident show {incident.id}", in_="general")
    own_card = await slack.ben.is_told("Checkout is down")
    await slack.ben.presses("Acknowledge", on=own_card)

    link = f"/archives/{announcement.channel_id}/p{announcement.ts.replace('.', '')}"
    assert link in card.words
    assert card.buttons == ["Acknowledge", "Update", "Resolve", "Join", "Follow"]
    await own_card.shows("You acknowledged", "In Progress")
    assert own_card.buttons == ["Update", "Resolve", "Join", "Follow"]
    await announcement.shows("In Progress")


@story(modes=BOTH)
async def test_resolving_twice_tells_who_resolved_it_first_and_when(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    await slack.ben.types(f"/incident resolve {incident.reference}")

    await slack.ana.types(f"/incident resolve {incident.reference}")

    told = await slack.ana.is_told(f"{incident.reference} is already Resolved: ")
    assert "<@U0BEN> resolved it <!date^" in told.text
    await slack.bot.is_quiet()
    assert len([p for p in slack.posts(incident) if "resolved *INC" in p.text]) == 1


@story
async def test_what_is_as_asked_for_already_is_left_alone(slack: Slack) -> None:
    incident = await slack.cara.declares(severity="High", in_="incidents")
    announcement = await slack.announcement(incident)

    await slack.ben.types(f"/incident severity {incident.reference} HIGH")
    await slack.ben.is_told(f"{incident.reference} has severity High already.")
    await slack.ben.types(f"/incident reopen {incident.reference}")
    await slack.ben.is_told(incident.reference)

    await slack.bot.is_quiet()
    assert announcement.thread == []
    assert "Open" in announcement.text


@story
async def test_fifty_commands_at_once_are_all_answered(slack: Slack) -> None:
    people = [slack.ana, slack.ben, slack.cara, slack.gus] * 13
    typed = ["/incident list", "/incident help", "/incident show 987654321", "/incident frob"] * 13

    outcomes = await slack.at_once(
        *(who.types(what) for who, what in zip(people[:50], typed[:50], strict=True))
    )

    assert len(outcomes) == 50
    assert all(outcome.ok for outcome in outcomes)


@story
async def test_fifty_forms_opened_at_once_all_open(slack: Slack) -> None:
    opened = len(slack.calls("views.open"))

    await slack.at_once(*(slack.ana.types(f"/incident new {n}") for n in range(50)))

    await slack.until(lambda: len(slack.calls("views.open")) == opened + 50, "50 forms open")
    assert all(call["ok"] for call in slack.calls("views.open"))


@story(own_bot=True)
async def test_whose_id_a_monitor_gave_as_its_name_may_not_delete_what_it_reported(
    slack: Slack,
) -> None:
    await slack.bot.starts()
    incident = await declares(slack, reported_by="U0BEN")

    await slack.ben.types(f"/incident delete {incident.reference}")

    await slack.ben.is_told(f"Only who reported {incident.reference} or leads it may delete it.")
