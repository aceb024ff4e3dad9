"""Who may do what: guests, people of other organisations, bots, people who have left.

Everybody declares and looks, people of the workspace change.
"""

import pytest

from incident_bot.sandbox.control import UserChange
from incident_bot.sandbox.faults import Fault
from tests.slack_people import Person, Slack
from tests.story import story

GONE = "This button is of no use any more. `/incident list` shows what is there now."


@story
async def test_a_guest_declares_and_looks_but_changes_nothing(slack: Slack) -> None:
    gus = slack.gus
    incident = await gus.declares("The printer burns", in_="incidents")
    announcement = await slack.announcement(incident)

    for label in ("Acknowledge", "Update", "Resolve", "Join"):
        await gus.presses(label, on=announcement)
        await gus.is_told("Guests may declare and read incidents, but not change them.")
    for typed in (
        "ack",
        "resolve",
        "reopen",
        "edit",
        "delete",
        "severity",
        "lead",
        "assign",
        "action",
    ):
        await gus.types(f"/incident {typed} {incident.reference} High")
        await gus.is_told("Guests may declare and read incidents, but not change them.")

    line = await slack.bot.says("a change was refused")
    assert "U0GUS" in line
    assert "button acknowledge" in line
    assert "Guests may" in line
    await slack.bot.is_quiet()
    assert gus.form is None
    assert announcement.thread == []
    assert "Open" in announcement.text


@story
async def test_somebody_of_another_organisation_is_refused_in_a_shared_channel(
    slack: Slack,
) -> None:
    incident = await slack.ana.declares(in_="ext-acme")
    copy = await slack.announcement(incident, in_="ext-acme")

    await slack.eve.presses("Resolve", on=copy)

    await slack.eve.is_told("Only people of this workspace may change incidents.")
    line = await slack.bot.says("a change was refused")
    assert "U0EVE" in line
    assert "button resolve" in line
    await slack.bot.is_quiet()
    assert "Open" in copy.text


@story
async def test_somebody_of_another_organisation_cannot_send_a_form_either(slack: Slack) -> None:
    form = await slack.ana.opens("/incident new Forged", in_="general")
    await slack.ana.submits(description="By Ana", severity="Low")
    incident = await slack.ana.is_told_of_own_incident("Forged")
    sent = slack.last_payload("view_submission")
    sent["user"] |= {"id": "U0EVE", "team_id": "T0PARTNER"}
    sent["view"] |= {"id": f"{form.id}X"}

    ack = await slack.delivers("view_submission", sent)

    assert "Only people of this workspace" in "".join(ack.body["errors"].values())
    assert "form declare" in await slack.bot.says("a change was refused")
    await slack.announcement(incident)
    await slack.bot.is_quiet()
    assert len(slack.calls("chat.postMessage")) == 2  # the channel of origin and #incidents


@story
async def test_a_person_is_looked_up_once_in_a_while(slack: Slack) -> None:
    newcomer = slack.newcomer()
    incident = await slack.cara.declares(in_="incidents")

    for typed in ("ack", "resolve", "reopen", "ack"):
        await newcomer.types(f"/incident {typed} {incident.reference}")

    assert len(_lookups(slack, newcomer)) == 1


@story
async def test_a_stranger_is_looked_up_once_for_commands_at_once(slack: Slack) -> None:
    newcomer = slack.newcomer()
    slack.breaks(Fault(method="users.info", kind="slow", ms=200))

    await slack.at_once(*(newcomer.types("/incident ack 987654321") for _ in range(10)))

    assert len(_lookups(slack, newcomer)) == 1


@story
async def test_when_slack_does_not_say_who_somebody_is_nothing_is_changed(slack: Slack) -> None:
    newcomer = slack.newcomer()
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    slack.breaks(Fault(method="users.info", kind="down"))

    await newcomer.types(f"/incident resolve {incident.reference}")
    await newcomer.is_told("Slack did not say whether you may change incidents")
    assert "/incident resolve" in await slack.bot.says("a change was refused")
    assert "Open" in announcement.text

    slack.breaks()
    await newcomer.types(f"/incident resolve {incident.reference}")
    await newcomer.is_told("You resolved")


@story
async def test_who_was_known_before_may_go_on_when_slack_does_not_answer(slack: Slack) -> None:
    newcomer = slack.newcomer()
    incident = await slack.cara.declares(in_="incidents")
    await newcomer.types(f"/incident ack {incident.reference}")
    slack.breaks(Fault(method="users.info", kind="down"))

    await newcomer.types(f"/incident resolve {incident.reference}")

    await newcomer.is_told("You resolved")


@story
@pytest.mark.parametrize(
    "change", [{"is_deleted": True}, {"is_bot": True}, {"team_id": "T0PARTNER"}]
)
async def test_who_has_left_or_belongs_elsewhere_or_is_a_bot_changes_nothing(
    slack: Slack, change: dict[str, object]
) -> None:
    newcomer = slack.newcomer()
    post = await slack.some_message()
    payload = slack.press_payload(newcomer, post.button("Acknowledge"))
    slack.sandbox.control.change_user(UserChange.model_validate({"id": newcomer.id} | change))

    await slack.delivers("block_actions", payload)

    await newcomer.is_told("Only people of this workspace may change incidents.")
    assert newcomer.id in await slack.bot.says("a change was refused")


@story
async def test_when_slack_does_not_say_who_somebody_is_they_may_declare(slack: Slack) -> None:
    newcomer = slack.newcomer()
    slack.breaks(Fault(method="users.info", kind="down"))

    incident = await newcomer.declares("The printer burns", in_="incidents")

    await slack.announcement(incident)


@story
@pytest.mark.parametrize(
    "value",
    [
        "",
        "7",
        "null",
        "[]",
        '{"incident_id":-1,"version":1}',
        '{"incident_id":0,"version":1}',
        '{"incident_id":1' + "0" * 30 + ',"version":1}',
        '{"incident_id":1,"version":-1}',
        '{"incident_id":"1; DROP TABLE incidents","version":1}',
        '{"incident_id":1,"version":1,"status":"Resolved"}',
        "[" * 1900,
    ],
)
async def test_a_forged_button_value_changes_nothing(slack: Slack, value: str) -> None:
    post = await slack.some_message()

    await slack.ben.presses_late(post.button("Acknowledge"), value=value)

    await slack.ben.is_told(GONE)


@story
async def test_a_button_that_nobody_knows_any_more_is_answered(slack: Slack) -> None:
    post = await slack.some_message()

    await slack.ben.presses_late(post.button("Acknowledge"), action_id="escalate")

    await slack.ben.is_told(GONE)


@story
async def test_a_forged_incident_number_is_looked_up_like_any_other(slack: Slack) -> None:
    post = await slack.some_message()

    await slack.ben.presses_late(
        post.button("Acknowledge"), value='{"incident_id":987654321,"version":1}'
    )

    await slack.ben.is_told("There is no incident `INC-987654321`")


@story
@pytest.mark.parametrize(
    "private_metadata",
    [
        "",
        "{}",
        '{"incident_id":987654321,"version":1,"status":"Open","severity":"High"}',
        '{"incident_id":-1,"version":1,"status":"Open","severity":"High"}',
        '{"incident_id":1' + "0" * 30 + ',"version":1,"status":"Open","severity":"High"}',
        '{"incident_id":1,"version":1,"status":"Open","severity":"High","lead":"U0EVE"}',
    ],
)
async def test_a_form_that_was_tampered_with_changes_nothing(
    slack: Slack, private_metadata: str
) -> None:
    incident = await slack.cara.declares(in_="incidents")
    before = slack.rows("timeline_entries")
    form = await slack.ben.opens_by("Update", on=await slack.announcement(incident))
    await slack.ben.submits(message="Nothing yet")
    sent = slack.last_payload("view_submission")
    written = slack.rows("timeline_entries") - before
    sent["view"] |= {"id": f"{form.id}X", "private_metadata": private_metadata}

    ack = await slack.delivers("view_submission", sent)

    assert (ack.status, ack.body["response_action"]) == (200, "errors")
    assert (slack.rows("timeline_entries") - before, written) == (1, 1)


@story
async def test_the_button_that_deletes_works_for_nobody_else(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    await slack.cara.types(f"/incident delete {incident.reference}")
    question = await slack.cara.is_told("Delete")
    payload = slack.press_payload(slack.ben, question.button(f"Delete {incident.reference}"))

    await slack.delivers("block_actions", payload)

    await slack.ben.is_told(f"Only who reported {incident.reference} or leads it may delete it.")
    assert "button delete" in await slack.bot.says("a change was refused")
    await slack.ana.types(f"/incident show {incident.reference}")
    await slack.ana.is_told(incident.title)


def _lookups(slack: Slack, person: Person) -> list[object]:
    return [call for call in slack.calls("users.info") if call["request"]["user"] == person.id]
