"""`/outbox`: what is not sent is shown, tried again, discarded."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.bots.bot import Bot
from tests.rest.client import JSON, Client, Json


async def listed(rest: Client, **query: str) -> list[Json]:
    answer = await rest.get("/outbox", **query)
    assert answer.status == 200, answer.text
    messages: list[Json] = answer.json["messages"]
    return messages


async def test_what_waits_is_listed(own: Bot, client_of: Callable[[Bot], Client]) -> None:
    rest = client_of(own)
    incident = await rest.declares()
    await rest.patch(incident["id"], {"severity": "Low"})

    answer = await rest.get("/outbox")

    [post, told] = answer.json["messages"]
    shown = ("id", "incident_id", "operation", "entry_kind", "state")
    assert {name: post[name] for name in shown} == {
        "id": 1,
        "incident_id": incident["id"],
        "operation": "announcement",
        "entry_kind": None,
        "state": "pending",
    }
    assert (told["operation"], told["entry_kind"]) == ("notification", "severity changed")
    assert (answer.json["next_cursor"], answer.json["process_id"]) == (None, own.pid)


async def test_a_message_is_discarded_once(own: Bot, client_of: Callable[[Bot], Client]) -> None:
    rest = client_of(own)
    await rest.declares()

    first = await rest.ask("POST", "/outbox/discard", {"ids": [1, 7]})
    again = await rest.ask("POST", "/outbox/discard", {"ids": [1]})

    assert first.json == {"done": [1], "refused": [{"id": 7, "state": None}]}
    assert again.json == {"done": [], "refused": [{"id": 1, "state": "discarded"}]}
    assert await listed(rest) == []
    [message] = await listed(rest, all="true")
    assert (message["state"], message["reason"]) == ("discarded", "discarded by an operator")
    assert await listed(rest, all="true", cursor="1") == []


async def test_the_largest_number_that_json_tells_exactly_may_be_asked_for(rest: Client) -> None:
    answer = await rest.ask("POST", "/outbox/retry", {"ids": [2**53 - 1]})

    assert answer.json == {"done": [], "refused": [{"id": 2**53 - 1, "state": None}]}


async def test_a_message_that_waits_can_be_retried(
    own: Bot, client_of: Callable[[Bot], Client]
) -> None:
    rest = client_of(own)
    await rest.declares()

    answer = await rest.ask("POST", "/outbox/retry", {"ids": [1, 1]})

    assert (answer.status, answer.json) == (200, {"done": [1], "refused": []})


async def test_many_messages_come_in_pages(own: Bot, client_of: Callable[[Bot], Client]) -> None:
    rest = client_of(own)
    await rest.declares()
    with own.opened_database() as database:
        database.execute(
            "INSERT INTO outbox (incident_id, operation, destination, lane, dedupe_key, state, "
            "attempts, is_uncertain, created_at, due_at) WITH RECURSIVE n(i) AS (SELECT 1 UNION "
            "ALL SELECT i + 1 FROM n WHERE i < 500) SELECT 1, 'announcement', 'c', 'c', 'k' || i, "
            "'pending', 0, 0, '2026-11-22 12:00:00', '2026-11-22 12:00:00' FROM n"
        )

    first = (await rest.get("/outbox")).json
    second = (await rest.get("/outbox", cursor=first["next_cursor"])).json

    assert [len(page["messages"]) for page in (first, second)] == [500, 1]
    assert second["next_cursor"] is None


@pytest.mark.parametrize(
    "body",
    [
        {"ids": []},
        {"ids": [0]},
        {"ids": ["1"]},
        {"ids": [True]},
        {"ids": [1.5]},
        {"ids": [2**53]},
        {"ids": 1},
        {"ids": list(range(1, 502))},
        {"all": True},
        {"ids": [1], "all": True},
    ],
)
@pytest.mark.parametrize("how", ["retry", "discard"])
async def test_a_body_that_does_not_name_messages_is_refused(
    rest: Client, how: str, body: dict[str, Any]
) -> None:
    answer = await rest.ask("POST", f"/outbox/{how}", body)

    assert answer.is_refused(400, "ids")


@pytest.mark.parametrize("query", [{"all": "yes"}, {"cursor": "-1"}, {"state": "failed"}])
async def test_a_parameter_that_is_not_known_is_refused(
    rest: Client, query: dict[str, str]
) -> None:
    answer = await rest.get("/outbox", **query)

    assert answer.is_refused(400, next(iter(query)))


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/outbox"), ("POST", "/outbox/retry"), ("POST", "/outbox/discard")]
)
async def test_nobody_else_may(rest: Client, behind_tokens: Client, method: str, path: str) -> None:
    from_the_web = {**JSON, "Origin": "https://example.org"}

    without_token = await behind_tokens.ask(method, path, {"ids": [1]})
    by_a_page = await rest.ask(method, path, {"ids": [1]}, from_the_web)

    assert without_token.is_refused(401, "Unauthorized")
    assert by_a_page.is_refused(403, "Forbidden")
