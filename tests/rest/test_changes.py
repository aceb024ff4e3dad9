"""What PATCH takes beyond a status, and what the timeline tells of it."""

import contextlib
from collections.abc import Callable

import pytest

from tests.bots.bot import Bot
from tests.databases import Rows
from tests.factories import BEN, FROM_THE_FUTURE
from tests.rest.client import DECLARATION, NOT_FOUND, Client
from tests.store.newer import newer_changed, newer_notified


async def test_several_fields_change_at_once(rest: Client) -> None:
    incident = await rest.declares()
    changes = {
        "title": "Payments are down",
        "description": "All of them",
        "severity": "Low",
        "lead": "U0ANA",
        "status": "In Progress",
    }

    answer = await rest.patch(incident["id"], changes)

    assert answer.status == 200
    assert {name: answer.json[name] for name in changes} == changes
    told = [(entry["kind"], entry["after"]) for entry in await rest.timeline(incident["id"])]
    assert told == [
        ("declared", None),
        ("edited", "Payments are down"),
        ("edited", "All of them"),
        ("severity changed", "Low"),
        ("lead changed", "U0ANA"),
        ("acknowledged", "In Progress"),
    ]


async def test_when_one_field_is_wrong_none_is_changed(rest: Client) -> None:
    incident = await rest.declares()

    answer = await rest.patch(incident["id"], {"title": "New", "severity": "Worst"})

    assert answer.status == 400
    assert (await rest.get(f"/incidents/{incident['id']}")).json == incident


async def test_the_lead_can_be_taken_away(rest: Client) -> None:
    incident = await rest.declares()
    await rest.patch(incident["id"], {"lead": "U0ANA"})

    answer = await rest.patch(incident["id"], {"lead": None})

    assert answer.json["lead"] is None
    assert (await rest.timeline(incident["id"]))[-1]["before"] == "U0ANA"


@pytest.mark.parametrize("lead", ["ana", "", "<!channel>", "U" * 41, 7, ["U0ANA"], "U0ANÄ"])
async def test_a_lead_that_is_no_slack_user_is_refused(rest: Client, lead: object) -> None:
    incident = await rest.declares()

    answer = await rest.patch(incident["id"], {"lead": lead})

    assert answer.is_refused(400, "Invalid lead", "Slack user ID")


async def test_unknown_fields_are_named(rest: Client) -> None:
    incident = await rest.declares()

    answer = await rest.patch(incident["id"], {"colour": 1, "status": "Resolved", "id": 7})

    assert answer.is_refused(400)
    assert answer.json["unknown"] == ["colour", "id"]
    assert (await rest.get(f"/incidents/{incident['id']}")).json == incident


@pytest.mark.parametrize("name", ["title", "description", "severity"])
@pytest.mark.parametrize("value", ["", " ", None])
async def test_what_every_incident_has_cannot_be_taken_away(
    rest: Client, name: str, value: object
) -> None:
    incident = await rest.declares()

    answer = await rest.patch(incident["id"], {name: value})

    assert answer.json == {"error": "Missing required field(s)", "missing": [name]}


@pytest.mark.parametrize(
    ("name", "limit"), [("title", 200), ("description", 3000), ("reported_by", 100)]
)
async def test_text_is_taken_up_to_its_limit(rest: Client, name: str, limit: int) -> None:
    longest = await rest.post({**DECLARATION, name: "𝄞" * limit})
    too_long = await rest.post({**DECLARATION, name: "𝄞" * (limit + 1)})

    assert longest.json[name] == "𝄞" * limit
    assert too_long.is_refused(400, f"Invalid {name}", f"may have {limit} characters")


@pytest.mark.parametrize("value", [1, True, ["x"], {"x": 1}])
async def test_text_has_to_be_text(rest: Client, value: object) -> None:
    answer = await rest.post({**DECLARATION, "title": value})

    assert answer.is_refused(400, "Invalid title", "must be text")


async def test_text_is_made_safe_as_in_slack(rest: Client) -> None:
    incident = await rest.declares(
        title=" Check\u202eout\n is\tdown ", description="One\r\ntwo\x07"
    )

    assert (incident["title"], incident["description"]) == ("Checkout is down", "One\ntwo")


async def test_what_a_newer_version_recorded_is_shown_by_its_stored_word(
    own: Bot, client_of: Callable[[Bot], Client]
) -> None:
    rest = client_of(own)
    incident = await rest.declares()
    with contextlib.closing(Rows(f"sqlite:///{own.database}")) as rows:
        newer_notified(rows, newer_changed(rows, incident["id"]))

    entry = (await rest.timeline(incident["id"]))[-1]
    message = (await rest.get("/outbox")).json["messages"][-1]
    refused = await rest.patch(incident["id"], {"severity": "Low"}, If_Match='"1"')

    assert (entry["kind"], entry["actor"], entry["version"]) == (FROM_THE_FUTURE, BEN, 2)
    assert (message["operation"], message["entry_kind"]) == ("notification", FROM_THE_FUTURE)
    assert refused.is_refused(412, FROM_THE_FUTURE)


async def test_the_timeline_of_no_incident_is_not_found(rest: Client) -> None:
    answer = await rest.get("/incidents/999999999/timeline")

    assert (answer.status, answer.json) == (404, NOT_FOUND)
