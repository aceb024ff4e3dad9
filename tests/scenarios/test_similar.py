"""While a title is typed, the form shows what is open already, to be joined instead."""

import pytest

from incident_bot.sandbox.faults import Fault
from tests.slack_people import DeclaredIncident, Person, Slack
from tests.story import story


async def opened(slack: Slack, *titles: str) -> list[DeclaredIncident]:
    """Incidents that others have declared, with words that no other story has."""
    incidents = [await slack.cara.declares(title, "Seen", in_="incidents") for title in titles]
    for incident in incidents:
        await slack.announcement(incident)
    await slack.links_are_known()
    return incidents


async def declared_in_private(who: Person, title: str) -> DeclaredIncident:
    await who.opens("/incident new", in_="general")
    await who.submits(title=title, description="Seen", severity="High", channel="private")
    incident = await who.is_told_of_own_incident(title)
    await who.slack.bot.is_quiet()
    return incident


@story
async def test_open_incidents_with_the_same_words_show_while_a_title_is_typed(slack: Slack) -> None:
    steers, burns = await opened(slack, "Zeppelin steers left", "Zeppelin burns")
    await opened(slack, "Balloon")
    await slack.ben.opens("/incident new")

    await slack.ben.types_into("title", "Ze")
    assert slack.calls("views.update") == []
    await slack.ben.types_into("title", "The zeppelin burns")

    await slack.ben.reads_in_form("Is it one of these?")
    await slack.ben.reads_in_form(f"🔺 {burns.reference} · Zeppelin burns · Open")
    assert f"{steers.reference} · Zeppelin steers left · Open" in slack.ben.reads
    assert "Balloon" not in slack.ben.reads
    assert slack.ben.reads.index("burns") < slack.ben.reads.index("steers")


@story
async def test_what_is_typed_is_kept_and_can_be_declared_all_the_same(slack: Slack) -> None:
    await opened(slack, "Dirigible leaks")
    form = await slack.ben.opens("/incident new")
    counted = {name: slack.rows(name) for name in ("requests", "outbox", "timeline_entries")}

    await slack.ben.types_into("title", "Dirigible")
    await slack.ben.reads_in_form("Dirigible leaks")

    assert {name: slack.rows(name) for name in counted} == counted
    assert slack.ben.form is not None
    assert slack.ben.form.id == form.id
    assert slack.ben.form.state["title"]["typed_title"]["value"] == "Dirigible"
    await slack.ben.submits(title="Dirigible", description="It sinks", severity="High")
    await slack.announcement(await slack.ben.is_told_of_own_incident("Dirigible"))


@story
async def test_what_does_not_fit_any_more_disappears(slack: Slack) -> None:
    await opened(slack, "Airship late")
    await slack.ben.opens("/incident new")
    await slack.ben.types_into("title", "Airship")
    await slack.ben.reads_in_form("Airship late")

    await slack.ben.types_into("title", "Qu")

    await slack.ben.reads_in_form("Is it one of these?", is_there=False)
    assert slack.ben.form is not None
    assert len(slack.ben.form.blocks) == 4


@story
async def test_what_was_typed_before_a_change_came_is_shown_all_the_same(slack: Slack) -> None:
    await opened(slack, "Trapeze rips")
    await slack.ben.opens("/incident new")
    await slack.ben.types_into("title", "Trapeze")
    await slack.ben.reads_in_form("Trapeze rips")
    typed_before = slack.last_payload("block_actions")
    typed_before["actions"][0] |= {"value": "Qu", "action_ts": "9999999999.9"}

    await slack.delivers("block_actions", typed_before)

    await slack.ben.reads_in_form("Is it one of these?", is_there=False)


@story
async def test_that_one_is_joined_and_nothing_is_declared(slack: Slack) -> None:
    [incident] = await opened(slack, "Gyroscope tumbles")
    announcement = await slack.announcement(incident)
    before = slack.rows("incidents")
    form = await slack.ben.opens("/incident new")
    await slack.ben.types_into("title", "Gyroscope")
    await slack.ben.reads_in_form("Gyroscope tumbles")

    await slack.ben.presses_in_form(f"Join {incident.reference}")

    said = f"You are Communications of {incident.reference} now. Nothing was declared."
    await slack.ben.reads_in_form(said)
    assert slack.ben.form is not None
    assert slack.ben.form.id == form.id
    assert "|Open the announcement>" in slack.ben.reads
    assert slack.ben.form.submit is None
    await announcement.shows("<@U0BEN> (Communications)")
    assert slack.rows("incidents") == before


@story
async def test_why_one_cannot_join_is_said_in_the_form_which_stays(slack: Slack) -> None:
    [incident] = await opened(slack, "Rudder stuck")
    await slack.ben.types(f"/incident ack {incident.reference}")
    await slack.ben.opens("/incident new")
    await slack.ben.types_into("title", "Rudder")
    await slack.ben.reads_in_form(f"🔶 {incident.reference} · Rudder stuck · In Progress")

    await slack.ben.presses_in_form(f"Join {incident.reference}")

    await slack.ben.reads_in_form(f"<@U0BEN> leads {incident.reference} already.")
    assert slack.ben.form is not None
    assert slack.ben.form.state["title"]["typed_title"]["value"] == "Rudder"
    await slack.ben.submits(title="Rudder", description="Another", severity="Low")
    await slack.announcement(await slack.ben.is_told_of_own_incident("Rudder"))


@story
async def test_a_guest_sees_what_is_open_and_is_told_that_guests_do_not_join(slack: Slack) -> None:
    [incident] = await opened(slack, "Propeller bent")
    await slack.gus.opens("/incident new")
    await slack.gus.types_into("title", "Propeller")
    await slack.gus.reads_in_form("Propeller bent")

    await slack.gus.presses_in_form(f"Join {incident.reference}")

    await slack.gus.reads_in_form("Guests may declare and read incidents")
    assert "button join_instead" in await slack.bot.says("a change was refused")


@story
async def test_what_is_private_shows_to_its_people_alone(slack: Slack) -> None:
    incident = await declared_in_private(slack.cara, "Ballast stolen")
    await opened(slack, "Ballast lost")
    for who in (slack.ben, slack.cara):
        await who.opens("/incident new")

        await who.types_into("title", "Ballast")

        await who.reads_in_form("Ballast lost")
    private = f"{incident.reference} · Ballast stolen · 🔒 private · Open"
    assert private in slack.cara.reads
    assert "stolen" not in slack.ben.reads


@story
@pytest.mark.parametrize("kind", ["down", "error"])
async def test_a_form_that_slack_does_not_change_is_sent_all_the_same(
    slack: Slack, kind: str
) -> None:
    await opened(slack, "Mooring torn")
    slack.breaks(Fault.model_validate({"method": "views.update", "kind": kind, "times": 9}))
    await slack.ben.opens("/incident new")

    await slack.ben.types_into("title", "Mooring")

    await slack.until(
        lambda: "similar incidents are not shown" in slack.bot.output, "the log tells of it"
    )
    await slack.ben.submits(title="Mooring", description="Torn", severity="High")
    await slack.announcement(await slack.ben.is_told_of_own_incident("Mooring"))
    assert all("Torn" in post.text or "declared" in post.text for post in slack.ben.told)


@story
async def test_who_joins_while_slack_does_not_change_forms_is_told_in_a_message(
    slack: Slack,
) -> None:
    [incident] = await opened(slack, "Hangar closed")
    await slack.ben.opens("/incident new")
    await slack.ben.types_into("title", "Hangar")
    await slack.ben.reads_in_form("Hangar closed")
    slack.breaks(Fault(method="views.update", kind="error", error="internal_error", times=1))

    await slack.ben.presses_in_form(f"Join {incident.reference}")

    told = await slack.ben.is_told(f"You are Communications of {incident.reference} now.")
    assert told.channel_id == "D0BEN"


@story
async def test_somebody_of_another_organisation_is_shown_nothing(slack: Slack) -> None:
    await opened(slack, "Pylon leans")
    await slack.ben.opens("/incident new")
    await slack.ben.types_into("title", "Pyl")
    sent = slack.last_payload("block_actions")
    sent["user"] |= {"id": "U0EVE", "team_id": "T0PARTNER"}
    sent["actions"][0] |= {"value": "Pylon", "action_ts": "9999999999.9"}

    ack = await slack.delivers("block_actions", sent)

    assert ack.ok
    await slack.until(lambda: "are not shown" in slack.bot.output, "the log tells of it")
    assert slack.calls("views.update") == []
