"""Who may do what: everybody declares and looks, people of the workspace change."""

import pytest

from incident_bot.sandbox.control import UserChange
from incident_bot.sandbox.faults import Fault
from tests.slack_people import Person, Slack
from tests.story import story


@story
async def test_a_guest_declares_and_looks_but_changes_nothing(slack: Slack) -> None:
    gus = slack.gus
    incident = await gus.declares("The printer burns", in_="incidents")
    announcement = await slack.announcement(incident)

    for label in ("Acknowledge", "Update", "Resolve"):
        await gus.presses(label, on=announcement)
        await gus.is_told("Guests may declare and read incidents, but not change them.")
    for typed in ("ack", "resolve", "reopen", "edit", "delete", "severity"):
        await gus.types(f"/incident {typed} {incident.reference} High")
        await gus.is_told("Guests may declare and read incidents, but not change them.")

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
@pytest.mark.parametrize("change", [{"is_deleted": True}, {"team_id": "T0PARTNER"}])
async def test_who_has_left_or_belongs_elsewhere_changes_nothing(
    slack: Slack, change: dict[str, object]
) -> None:
    newcomer = slack.newcomer()
    post = await slack.some_message()
    payload = slack.press_payload(newcomer, post.button("Acknowledge"))
    slack.sandbox.control.change_user(UserChange.model_validate({"id": newcomer.id} | change))

    await slack.delivers("block_actions", payload)

    await newcomer.is_told("Only people of this workspace may change incidents.")


@story
async def test_requests_for_another_workspace_or_app_are_refused(slack: Slack) -> None:
    post = await slack.some_message()
    right = slack.press_payload(slack.ben, post.button("Acknowledge"))
    other_team = right | {"team": {"id": "T0OTHER", "domain": "other"}}
    other_app = right | {"api_app_id": "A0OTHER"}
    neither = {key: value for key, value in right.items() if key != "team"}

    payloads = (other_team, other_app, neither)
    await slack.at_once(*(slack.delivers("block_actions", payload) for payload in payloads))

    await slack.bot.says("a request for another workspace or app was refused")
    assert slack.ben.told == []
    assert "Acknowledge" in post.buttons


def _lookups(slack: Slack, person: Person) -> list[object]:
    return [call for call in slack.calls("users.info") if call["request"]["user"] == person.id]
