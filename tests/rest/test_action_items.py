"""What REST shows of action items."""

import aiohttp

from tests.rest.client import CI, GRAFANA, NOT_FOUND, Answer, Client, bearer
from tests.slack_people import DeclaredIncident, Slack
from tests.story import story


async def asked(slack: Slack, incident: DeclaredIncident, token: str = "") -> Answer:
    path = f"/incidents/{incident.id}/action-items"
    async with aiohttp.ClientSession() as session:
        client = Client(session, slack.bot.url)
        return await client.ask(
            "GET", path, None, bearer(token) if token else slack.bot.authorization
        )


async def test_a_new_incident_has_none(rest: Client) -> None:
    incident = await rest.declares()

    answer = await rest.get(f"/incidents/{incident['id']}/action-items")

    assert (answer.status, answer.json) == (200, {"action_items": [], "total": 0})


async def test_those_of_no_incident_are_not_found(rest: Client) -> None:
    for incident_id in ("999999999", "0", "x"):
        answer = await rest.get(f"/incidents/{incident_id}/action-items")

        assert (answer.status, answer.json) == (404, NOT_FOUND)


@story
async def test_they_are_shown_as_slack_has_made_them(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    name = incident.reference
    await slack.ana.types(f"/incident action {name} Fix the alert @ana by 2099-12-01")
    await slack.ana.is_told("added")
    await slack.ana.types(f"/incident action {name} Write it up")
    await slack.ana.is_told("added")
    await slack.ben.types(f"/incident actions {name}")
    await slack.ben.presses("Done", on=await slack.ben.is_told("*Action items of"))
    await slack.ben.is_told("It is done.")

    fixed, written = (await asked(slack, incident)).json["action_items"]

    assert (fixed["text"], fixed["owner"]) == ("Fix the alert", "U0ANA")
    assert (fixed["due_at"], fixed["done_by"]) == ("2099-12-01T16:00:00Z", "U0BEN")
    assert fixed["created_at"] < fixed["done_at"]
    assert {**written, "id": 0, "created_at": ""} == {
        "id": 0,
        "text": "Write it up",
        "owner": None,
        "due_at": None,
        "done_at": None,
        "done_by": None,
        "created_at": "",
        "created_by": "U0ANA",
    }


@story(own_bot=True)
async def test_those_of_a_private_incident_need_the_right_to_see_it(slack: Slack) -> None:
    await slack.bot.starts(
        INCIDENT_BOT_API_TOKENS=f"ci:{CI},grafana:{GRAFANA}", INCIDENT_BOT_API_PRIVATE="ci"
    )
    incident = await slack.cara.declares("Keys are lost", channel="private")
    await slack.cara.types(f"/incident action {incident.reference} Revoke the keys")
    await slack.cara.is_told("added")

    private, refused = await asked(slack, incident, CI), await asked(slack, incident, GRAFANA)

    assert [item["text"] for item in private.json["action_items"]] == ["Revoke the keys"]
    assert (refused.status, refused.json) == (404, NOT_FOUND)
