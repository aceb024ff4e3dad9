"""The original API, kept whole, row by row, over HTTP."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.rest.client import DECLARATION, NOT_FOUND, Client, a_new_word

NO_JSON = "No JSON data provided"


async def test_a_declared_incident_comes_back_whole(rest: Client) -> None:
    answer = await rest.post(DECLARATION)

    incident = answer.json
    assert answer.status == 201
    assert {name: incident[name] for name in DECLARATION} == DECLARATION
    assert incident["status"] == "Open"
    declared = datetime.fromisoformat(incident["timestamp"])
    assert declared.tzinfo == UTC
    assert datetime.now(UTC) - declared < timedelta(minutes=1)
    assert answer.headers["Location"] == f"/incidents/{incident['id']}"
    assert (await rest.get(answer.headers["Location"])).json == incident


async def test_incidents_are_listed_newest_first(rest: Client) -> None:
    before = (await rest.get("/incidents")).json["total"]
    first, second = await rest.declares(), await rest.declares()

    answer = await rest.get("/incidents")

    assert answer.status == 200
    assert answer.json["incidents"][:2] == [second, first]
    assert answer.json["total"] == before + 2 == len(answer.json["incidents"])
    assert answer.json.keys() == {"incidents", "total"}


async def test_filters_work_alone_and_together(rest: Client) -> None:
    word = a_new_word()
    high = await rest.declares(title=word)
    low = await rest.declares(title=word, severity="Low")
    done = await rest.declares(title=word, severity="Low")
    await rest.patch(done["id"], {"status": "Resolved"})

    async def found(**filters: str) -> list[int]:
        listed = (await rest.get("/incidents", q=word, **filters)).json
        assert listed["total"] == len(listed["incidents"])
        return [incident["id"] for incident in listed["incidents"]]

    assert await found(status="Open") == [low["id"], high["id"]]
    assert await found(severity="Low") == [done["id"], low["id"]]
    assert await found(status="Open", severity="Low") == [low["id"]]
    assert await found(status="In Progress") == []


@pytest.mark.parametrize("status", ["Open", "In Progress", "Resolved"])
async def test_any_status_may_follow_any_other(rest: Client, status: str) -> None:
    incident = await rest.declares()

    for before in ("Resolved", "In Progress", "Open"):
        await rest.patch(incident["id"], {"status": before})
        answer = await rest.patch(incident["id"], {"status": status})

        assert answer.status == 200
        assert answer.json["status"] == status
        assert (answer.json["resolved_at"] is not None) == (status == "Resolved")


async def test_the_status_that_it_has_changes_nothing(rest: Client) -> None:
    incident = await rest.declares()

    answer = await rest.patch(incident["id"], {"status": "Open"})

    assert answer.status == 200
    assert answer.json == incident
    assert len(await rest.timeline(incident["id"])) == 1


async def test_a_deleted_incident_is_shown_once_more_and_then_gone(rest: Client) -> None:
    incident = await rest.declares()

    answer = await rest.delete(incident["id"])

    assert answer.status == 200
    assert answer.json["message"] == "Incident deleted successfully"
    assert {n: answer.json["deleted_incident"][n] for n in DECLARATION} == DECLARATION
    for again in (
        await rest.delete(incident["id"]),
        await rest.get(f"/incidents/{incident['id']}"),
        await rest.patch(incident["id"], {"status": "Open"}),
    ):
        assert (again.status, again.json) == (404, NOT_FOUND)


@pytest.mark.parametrize("body", [None, "", "{}", "no json", "[]", "[1]", "null", '"text"', "{"])
@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_a_body_that_is_no_json_object_or_empty(
    rest: Client, method: str, body: str | None
) -> None:
    incident = await rest.declares()
    path = "/incidents" if method == "POST" else f"/incidents/{incident['id']}"

    answer = await rest.ask(method, path, body)

    assert (answer.status, answer.json["error"]) == (400, NO_JSON)


async def test_json_that_says_to_be_something_else(rest: Client) -> None:
    answer = await rest.ask("POST", "/incidents", DECLARATION, {"Content-Type": "text/plain"})

    assert (answer.status, answer.json["error"]) == (400, NO_JSON)


@pytest.mark.parametrize("value", [..., None, "", " \t\n", "\u200b\u2060"])
@pytest.mark.parametrize("name", DECLARATION)
async def test_a_required_field_that_is_absent_empty_or_blank(
    rest: Client, name: str, value: object
) -> None:
    body = {**DECLARATION, name: value}
    if value is ...:
        del body[name]

    answer = await rest.post(body)

    assert answer.status == 400
    assert answer.json == {"error": "Missing required field(s)", "missing": [name]}


async def test_all_missing_fields_are_named(rest: Client) -> None:
    answer = await rest.post({"colour": "red"})

    assert answer.json == {"error": "Missing required field(s)", "missing": list(DECLARATION)}


@pytest.mark.parametrize("severity", ["Critical", "high", " High", 3, ["High"], {}])
async def test_a_severity_that_is_not_one_of_ours(rest: Client, severity: object) -> None:
    incident = await rest.declares()
    refusal = {
        "error": "Invalid severity",
        "message": "Severity must be ['Low', 'Medium', 'High']",
    }

    declared = await rest.post({**DECLARATION, "severity": severity})
    changed = await rest.patch(incident["id"], {"severity": severity})

    assert (declared.status, declared.json) == (400, refusal)
    assert (changed.status, changed.json) == (400, refusal)


@pytest.mark.parametrize("status", ["Closed", "open", "", None, 1, ["Open"]])
async def test_a_status_that_is_not_one_of_ours(rest: Client, status: object) -> None:
    incident = await rest.declares()

    answer = await rest.patch(incident["id"], {"status": status})

    assert answer.status == 400
    assert answer.json == {
        "error": "Invalid status",
        "message": "Status must be ['Open', 'In Progress', 'Resolved']",
    }


@pytest.mark.parametrize(
    "incident_id", ["999999999", "0", "abc", "-1", "1.0", "INC-1", "9" * 40, "%00", "٣", "1%20"]
)
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
async def test_an_id_that_does_not_exist_or_is_no_number(
    rest: Client, method: str, incident_id: str
) -> None:
    body = {"status": "Open"} if method == "PATCH" else None

    answer = await rest.ask(method, f"/incidents/{incident_id}", body)

    assert (answer.status, answer.json) == (404, NOT_FOUND)


@pytest.mark.parametrize("body", [None, "{}", "no json", '{"status": "Closed"}'])
async def test_an_id_that_is_no_number_is_not_found_whatever_the_body_is(
    rest: Client, body: str | None
) -> None:
    answer = await rest.patch("abc", body)

    assert (answer.status, answer.json) == (404, NOT_FOUND)


@pytest.mark.parametrize("title", [None, "", 7])
async def test_a_status_that_is_not_one_of_ours_goes_before_a_wrong_title(
    rest: Client, title: object
) -> None:
    incident = await rest.declares()

    answer = await rest.patch(incident["id"], {"title": title, "status": "Closed"})

    assert answer.is_refused(400, "Invalid status")


async def test_fields_that_a_declaration_does_not_know_are_ignored(rest: Client) -> None:
    incident = await rest.declares(status="Resolved", colour="red")

    assert incident["status"] == "Open"
    assert "colour" not in incident
