"""What strangers try over REST: without a token, by guessing, by odd words and methods."""

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incident_bot.rest.wrong_tokens import MOST_TRIES, WINDOW
from tests.bots.bot import Bot
from tests.rest.client import CI, DECLARATION, GRAFANA, ROUTES, Client, bearer


@pytest.mark.parametrize(
    "headers",
    [
        [],
        bearer(""),
        bearer("*"),
        bearer("wrong"),
        bearer(CI[:-1]),
        bearer(CI + "x"),
        bearer(CI.upper()),
        bearer(f"ci:{CI}"),
        bearer(f"{CI},{GRAFANA}"),
        bearer(CI, CI),
        bearer(CI, "wrong"),
        bearer(f"Bearer {CI}"),
        bearer("x" * 8_000),
        [("Authorization", CI)],
        [("Authorization", f"Basic {CI}")],
        [("Authorization", f"Bearer{CI}")],
        [("X-Api-Key", CI)],
        [("Cookie", f"token={CI}")],
    ],
)
@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_without_a_right_token_nobody_gets_in(
    behind_tokens: Client, method: str, path: str, headers: list[tuple[str, str]]
) -> None:
    answer = await behind_tokens.ask(method, path, None, headers)

    assert answer.is_refused(401, "Unauthorized")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="incident-bot"'


@pytest.mark.parametrize("name", ["token", "access_token", "api_key", "authorization"])
async def test_a_token_in_the_address_is_no_token(behind_tokens: Client, name: str) -> None:
    answer = await behind_tokens.ask("GET", "/incidents", None, {}, **{name: CI})

    assert answer.is_refused(401)


async def test_another_method_in_a_header_is_not_obeyed(rest: Client) -> None:
    incident = await rest.declares()

    await rest.post(DECLARATION, X_HTTP_Method_Override="DELETE")
    answer = await rest.ask(
        "GET", f"/incidents/{incident['id']}", None, {"X-HTTP-Method-Override": "DELETE"}
    )

    assert answer.json == incident


async def test_another_method_in_a_header_opens_nothing(behind_tokens: Client) -> None:
    headers = {"X-HTTP-Method-Override": "OPTIONS", "Content-Type": "application/json"}

    assert (await behind_tokens.ask("POST", "/incidents", DECLARATION, headers)).is_refused(401)


async def test_what_was_refused_is_not_in_the_log(behind_tokens: Client, guarded: Bot) -> None:
    await behind_tokens.ask("GET", "/incidents", None, bearer("hunter2"), token="hunter3")

    line = await guarded.says("a request without a right token was refused")
    assert "hunter" not in line
    assert CI not in guarded.output


async def test_who_guesses_tokens_has_to_wait(behind_tokens: Client) -> None:
    guesses = [
        await behind_tokens.ask("GET", "/incidents/1", None, bearer(f"guess-{number}"))
        for number in range(MOST_TRIES)
    ]
    waiting = [
        await behind_tokens.ask(method, path, None, bearer("guess")) for method, path in ROUTES
    ]

    assert {answer.status for answer in guesses} == {401}
    for answer in waiting:
        assert answer.is_refused(429, "Too many wrong tokens")
        assert 1 <= int(answer.headers["Retry-After"]) <= WINDOW


async def test_who_guesses_through_a_proxy_has_to_wait_whatever_addresses_they_claim(
    behind_tokens: Client,
) -> None:
    for number in range(MOST_TRIES):
        claimed = {**dict(bearer("guess")), "X-Forwarded-For": f"192.0.2.{number}"}
        assert (await behind_tokens.ask("GET", "/incidents", None, claimed)).status == 401

    claimed = {**dict(bearer("guess")), "X-Forwarded-For": "198.51.100.1"}
    assert (await behind_tokens.ask("GET", "/incidents", None, claimed)).status == 429


async def test_a_right_token_is_let_in_whoever_else_guesses_from_its_address(
    behind_tokens: Client,
) -> None:
    for _ in range(MOST_TRIES):
        await behind_tokens.ask("GET", "/incidents", None, bearer("guess"))

    answer = await behind_tokens.ask("GET", "/incidents", None, bearer(CI), limit="1")

    assert answer.status == 200


async def test_others_are_let_in_meanwhile(behind_tokens: Client, guarded: Bot) -> None:
    for _ in range(MOST_TRIES):
        await behind_tokens.ask("GET", "/incidents", None, bearer("guess"))

    elsewhere = {**dict(bearer(CI)), "X-Forwarded-For": "192.0.2.1"}
    answer = await behind_tokens.ask("GET", "/incidents", None, elsewhere, limit="1")

    assert answer.status == 200
    assert guarded.is_running


async def test_requests_without_any_token_hold_nobody_up(behind_tokens: Client) -> None:
    for _ in range(MOST_TRIES + 1):
        await behind_tokens.ask("GET", "/incidents", None, {})

    assert (await behind_tokens.ask("GET", "/healthz")).status == 200
    answer = await behind_tokens.ask("GET", "/incidents", None, bearer(CI), limit="1")
    assert answer.status == 200


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "1000000000"},
        {"limit": "9" * 5000},
        {"cursor": "9" * 5000},
        {"limit": "1", "offset": "1000000"},
    ],
    ids=lambda query: str(query)[:40],
)
async def test_no_page_is_larger_or_deeper_than_is_offered(
    rest: Client, query: dict[str, str]
) -> None:
    assert (await rest.get("/incidents", **query)).is_refused(400)


async def test_a_cursor_beyond_all_incidents_is_an_empty_page_or_a_bounded_one(
    rest: Client,
) -> None:
    first = await rest.get("/incidents", cursor="1")
    last = await rest.get("/incidents", cursor="9" * 18)

    assert first.json["incidents"] == []
    assert len(last.json["incidents"]) <= 50


@pytest.mark.parametrize(
    "q",
    [
        *(
            '"',
            '""',
            'a"b',
            "*",
            "a*",
            "NEAR(",
            "NEAR(a b, 2)",
            "%",
            "_",
            "a\0b",
            "\0",
            "x" * 8_000,
        ),
        *(
            "AND",
            "a AND",
            "NOT a",
            "title:a",
            "-a",
            "a^2",
            "(",
            "{a}",
            "'; DROP TABLE incidents; --",
        ),
        *("\U0001f525", "\u0301", "\ufeff", "\U0001e900", "a " * 100),
    ],
)
@pytest.mark.parametrize("limit", [{}, {"limit": "1"}])
async def test_no_search_is_a_fault(rest: Client, q: str, limit: dict[str, str]) -> None:
    answer = await rest.get("/incidents", q=q, **limit)

    assert answer.status in (200, 400), answer.text
    if answer.status == 400:
        assert answer.is_refused(400, "Invalid q")


@given(q=st.text(min_size=1, max_size=60))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_whatever_is_searched_for_gets_an_answer(rest: Client, q: str) -> None:
    answer = await rest.get(f"/incidents?limit=1&q={quote(q)}")

    assert answer.status in (200, 400), (q, answer.text)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/incidents", "GET, POST, HEAD"),
        ("DELETE", "/incidents", "GET, POST, HEAD"),
        ("OPTIONS", "/incidents", "GET, POST, HEAD"),
        ("TRACE", "/incidents/1", "DELETE, GET, PATCH, HEAD"),
        ("POST", "/incidents/1", "DELETE, GET, PATCH, HEAD"),
        ("PATCH", "/healthz", "GET, HEAD"),
        ("POST", "/docs", "GET, HEAD"),
    ],
)
async def test_a_method_that_the_path_does_not_have(
    rest: Client, method: str, path: str, allowed: str
) -> None:
    answer = await rest.ask(method, path)

    assert (answer.status, answer.json) == (405, {"error": "Method not allowed"})
    assert answer.headers["Allow"] == allowed


@pytest.mark.parametrize("path", ["/incidents", "/healthz", "/readyz", "/docs", "/openapi.json"])
async def test_head_is_get_without_the_body(rest: Client, path: str) -> None:
    head, get = await rest.ask("HEAD", path), await rest.get(path)

    assert (head.status, head.text) == (get.status, "")
    assert head.headers["Content-Type"] == get.headers["Content-Type"]


@pytest.mark.parametrize("path", ["/incidents", "/nothing", "/healthz", "/docs", "/incidents/0"])
async def test_browsers_guess_nothing(rest: Client, path: str) -> None:
    answer = await rest.get(path)

    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Server" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/metrics", "/debug", "/console", "/redoc", "/docs/oauth2-redirect", "/.env", "/admin"]
)
async def test_there_is_nothing_that_nobody_asked_for(rest: Client, path: str) -> None:
    answer = await rest.get(path)

    assert answer.is_refused(404)
    assert "Traceback" not in answer.text
