"""Who may use the API: with tokens, and without."""

import pytest

from tests.rest.client import CI, DECLARATION, GRAFANA, JSON, PAGE, ROUTES, Client, bearer

OPEN = ["/healthz", "/readyz", "/openapi.json", *PAGE]


@pytest.mark.parametrize(("token", "name"), [(CI, "ci"), (GRAFANA, "grafana")])
async def test_the_name_of_the_token_is_who_did_it(
    behind_tokens: Client, token: str, name: str
) -> None:
    incident = (await behind_tokens.ask("POST", "/incidents", DECLARATION, bearer(token))).json

    path = f"/incidents/{incident['id']}"
    await behind_tokens.ask("PATCH", path, {"status": "Resolved"}, bearer(token))

    timeline = (await behind_tokens.ask("GET", f"{path}/timeline", None, bearer(token))).json
    assert [entry["actor"] for entry in timeline["timeline"]] == [name, name]


async def test_without_tokens_it_was_the_api(rest: Client) -> None:
    incident = await rest.declares()

    assert [entry["actor"] for entry in await rest.timeline(incident["id"])] == ["api"]


async def test_the_word_bearer_may_be_written_in_any_case(behind_tokens: Client) -> None:
    answer = await behind_tokens.ask(
        "GET", "/incidents", None, {"Authorization": f"bearer {CI}"}, limit="1"
    )

    assert answer.status == 200


@pytest.mark.parametrize("path", OPEN)
async def test_health_and_documents_are_open(behind_tokens: Client, path: str) -> None:
    answer = await behind_tokens.ask("GET", path, None, {"Host": "bot.example"})

    assert answer.status == 200


async def test_with_tokens_the_bot_may_have_any_name(behind_tokens: Client) -> None:
    headers = {**dict(bearer(CI)), "Host": "bot.example", "Origin": "https://grafana.example"}

    assert (await behind_tokens.ask("GET", "/incidents", None, headers, limit="1")).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "bot.example",
        "localhost.example",
        "127.0.0.1.example",
        "192.168.0.7",
        "[::2]",
        "",
        "0.0.0.0",  # noqa: S104 - a name in a header, nothing listens there
    ],
)
@pytest.mark.parametrize("path", ["/incidents", "/docs", "/openapi.json"])
async def test_without_tokens_the_host_has_to_be_this_machine(
    rest: Client, path: str, host: str
) -> None:
    answer = await rest.ask("GET", path, None, {"Host": host})

    assert answer.is_refused(403, "Host must be a loopback name")


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:5000", "127.0.0.1", "127.1.2.3:80", "[::1]:1"]
)
async def test_this_machine_has_several_names(rest: Client, host: str) -> None:
    assert (await rest.ask("GET", "/openapi.json", None, {"Host": host})).status == 200


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:1", "http://127.0.0.1", "", "x"]
)
@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_without_tokens_no_web_page_gets_in(
    rest: Client, method: str, path: str, origin: str
) -> None:
    answer = await rest.ask(method, path, None, {**JSON, "Origin": origin})

    assert answer.is_refused(403, "Origin is another site's")


async def test_its_own_page_gets_in(rest: Client) -> None:
    headers = {**JSON, "Origin": rest.url}

    assert (await rest.ask("POST", "/incidents", DECLARATION, headers)).status == 201


async def test_health_is_open_to_all(rest: Client) -> None:
    headers = {"Host": "bot.example", "Origin": "https://evil.example"}

    assert (await rest.ask("GET", "/healthz", None, headers)).json == {"status": "alive"}
    assert (await rest.ask("GET", "/readyz", None, headers)).status == 200


@pytest.mark.parametrize(
    ("headers", "is_told"),
    [
        (bearer(CI), True),
        (bearer(), False),
        (bearer("6fKq-wrong-token"), False),
        ([("Authorization", CI)], False),
    ],
    ids=["token", "none", "wrong", "malformed"],
)
async def test_why_messages_failed_is_told_to_those_with_a_token_alone(
    behind_tokens: Client, headers: list[tuple[str, str]], *, is_told: bool
) -> None:
    answer = await behind_tokens.ask("GET", "/readyz", None, headers)

    assert answer.status == 200
    assert ("outbox" in answer.json, "failures" in answer.json) == (True, is_told)


async def test_whoever_guesses_tokens_where_all_may_ask_is_slowed_down_too(
    behind_tokens: Client,
) -> None:
    for number in range(20):
        await behind_tokens.ask("GET", "/readyz", None, bearer(f"guess-{number}"))

    guess = await behind_tokens.ask("GET", "/incidents", None, bearer("guess-20"))
    right = await behind_tokens.ask("GET", "/readyz", None, bearer(CI))

    assert guess.status == 429
    assert (right.status, "failures" in right.json) == (200, True)


@pytest.mark.parametrize(
    "headers", [{"Host": "bot.example"}, {"Origin": "https://evil.example"}, {"Via": "1.1 proxy"}]
)
async def test_without_tokens_why_messages_failed_is_told_to_this_machine_alone(
    rest: Client, headers: dict[str, str]
) -> None:
    assert "failures" in (await rest.ask("GET", "/readyz")).json
    assert "failures" not in (await rest.ask("GET", "/readyz", None, headers)).json


@pytest.mark.parametrize("name", ["Forwarded", "Via", "X-Forwarded-For"])
async def test_without_tokens_nobody_gets_in_through_a_proxy(rest: Client, name: str) -> None:
    answer = await rest.ask("GET", "/incidents", None, {name: "8.8.8.8"})

    assert answer.is_refused(403, "A proxy lets others in")
