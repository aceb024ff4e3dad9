"""`POST /slack/events`: what is let in, and what is answered to what is not."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import Response

from incident_bot.slack.transport.http_mode import BODY_LIMIT, HttpMode
from tests.factories import NOON, Clock
from tests.movable_time import put_forward, turns
from tests.slack.bolt import bolt_app
from tests.slack.payloads import command_payload, press_payload
from tests.web_api import Json

SECRET = "8f7e"
FORM = "application/x-www-form-urlencoded"
STAMP = str(int(NOON.timestamp()))


@pytest.fixture
def dispatched() -> list[Json]:
    """What was given to Bolt."""
    return []


@pytest.fixture
def app(client: AsyncWebClient, dispatched: list[Json]) -> AsyncApp:
    """Its only listener answers each command with what is typed."""
    app = bolt_app(client)

    @app.middleware
    async def let_in(next: Callable[[], Awaitable[BoltResponse]]) -> BoltResponse:  # noqa: A002 - Bolt's name
        return await next()

    @app.command("/incident")
    async def listen(ack: AsyncAck, body: Json) -> None:
        dispatched.append(body)
        await ack(text=body["text"], response_type="ephemeral")

    return app


@pytest.fixture
def http_mode(app: AsyncApp, clock: Clock) -> HttpMode:
    return HttpMode(app, SECRET, clock)


def signed(body: bytes, stamp: str = STAMP, secret: str = SECRET) -> dict[str, str]:
    """Slack's headers for a body."""
    digest = hmac.new(secret.encode(), b":".join((b"v0", stamp.encode(), body)), hashlib.sha256)
    return {
        "content-type": FORM,
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": f"v0={digest.hexdigest()}",
    }


async def whole(body: bytes) -> AsyncIterator[Json]:
    yield {"type": "http.request", "body": body, "more_body": False}


def a_request(
    body: bytes, headers: dict[str, str], messages: AsyncIterator[Json] | None = None
) -> Request:
    stream = whole(body) if messages is None else messages

    async def receive() -> MutableMapping[str, Any]:
        return await anext(stream)

    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": raw}, receive)


async def sent(http_mode: HttpMode, body: bytes, **headers: str) -> Response:
    """The answer to a body that is signed, unless `headers` say something else."""
    return await http_mode.receive(a_request(body, signed(body) | headers))


def is_refused(response: Response, status: int, words: str) -> bool:
    return (response.status_code, response.body) == (status, words.encode())


async def test_a_command_is_given_to_bolt_and_answered(
    http_mode: HttpMode, dispatched: list[Json]
) -> None:
    payload = command_payload("new Tills & <scanners> ü+")

    response = await sent(http_mode, urlencode(payload).encode())

    assert response.status_code == 200
    assert json.loads(bytes(response.body)) == {
        "text": payload["text"],
        "response_type": "ephemeral",
    }
    assert response.headers["content-type"].startswith("application/json")
    assert dispatched == [payload]


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8"])
async def test_json_is_given_to_bolt(
    http_mode: HttpMode, dispatched: list[Json], content_type: str
) -> None:
    payload = command_payload("help")

    body = json.dumps(payload).encode()
    response = await sent(http_mode, body, **{"content-type": content_type})

    assert (response.status_code, dispatched) == (200, [payload])


async def test_the_json_in_a_form_is_given_to_bolt(http_mode: HttpMode) -> None:
    """Nobody listens to it here, which Bolt answers so."""
    payload = press_payload("ü")

    response = await sent(http_mode, b"payload=" + quote(json.dumps(payload)).encode())

    assert response.status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"x-slack-signature": ""},
        {"x-slack-signature": "v0=" + "A" * 64},
        {"x-slack-signature": "v0=" + "a" * 63},
        {"x-slack-signature": "v1=" + "a" * 64},
        {"x-slack-signature": "v0=" + "ä" * 64},
        {"x-slack-request-timestamp": ""},
        {"x-slack-request-timestamp": "now"},
        {"x-slack-request-timestamp": "1" * 13},
        {"x-slack-request-timestamp": f"{STAMP}.5"},
    ],
    ids=str,
)
async def test_a_signature_that_is_none_is_refused(
    http_mode: HttpMode, dispatched: list[Json], headers: dict[str, str]
) -> None:
    response = await sent(http_mode, b"text=help", **headers)

    assert is_refused(response, 401, "signature missing or malformed")
    assert dispatched == []


async def test_another_s_signature_is_refused(
    http_mode: HttpMode, dispatched: list[Json], logs: list[MutableMapping[str, Any]]
) -> None:
    body = urlencode(command_payload()).encode()

    response = await http_mode.receive(a_request(body, signed(body, secret="geheim")))
    other = await http_mode.receive(a_request(body + b"&x=1", signed(body)))

    assert is_refused(response, 401, "signature wrong or too old")
    assert is_refused(other, 401, "signature wrong or too old")
    assert dispatched == []
    assert logs[-1] == {
        "event": "a request to /slack/events was refused",
        "log_level": "warning",
        "reason": "signature wrong or too old",
    }


@pytest.mark.parametrize(("seconds", "status"), [(300, 200), (301, 401), (-300, 200), (-301, 401)])
async def test_a_signature_holds_for_five_minutes(
    http_mode: HttpMode, clock: Clock, seconds: int, status: int
) -> None:
    clock.advance(seconds)

    response = await sent(http_mode, urlencode(command_payload()).encode())

    assert response.status_code == status


async def test_a_signed_body_that_is_no_text_is_refused(http_mode: HttpMode) -> None:
    assert is_refused(await sent(http_mode, b"\xff"), 401, "body is not UTF-8")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"7", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"payload={", FORM),
        (b"payload=[]", FORM),
    ],
    ids=["cut", "list", "number", "deep", "form cut", "form list"],
)
async def test_what_cannot_be_parsed_is_refused(
    http_mode: HttpMode, body: bytes, content_type: str
) -> None:
    response = await sent(http_mode, body, **{"content-type": content_type})

    assert is_refused(response, 400, "body malformed")


@pytest.mark.parametrize(
    "length", [str(BODY_LIMIT + 1), "-1", "x", "", "9" * 5000, "²"], ids=lambda text: text[:8]
)
async def test_a_body_that_says_to_be_too_large_is_not_read(
    http_mode: HttpMode, length: str
) -> None:
    response = await sent(http_mode, b"text=help", **{"content-length": length})

    assert is_refused(response, 413, "body too large")


@pytest.mark.parametrize(("size", "status"), [(BODY_LIMIT, 404), (BODY_LIMIT + 1, 413)])
async def test_no_more_than_the_limit_is_read(http_mode: HttpMode, size: int, status: int) -> None:
    body = b"text=" + b"x" * (size - 5)

    async def parts() -> AsyncIterator[Json]:
        half = size // 2
        yield {"type": "http.request", "body": body[:half], "more_body": True}
        yield {"type": "http.request", "body": body[half:], "more_body": False}

    response = await http_mode.receive(a_request(body, signed(body), parts()))

    assert response.status_code == status


async def test_a_body_that_is_cut_is_refused(http_mode: HttpMode) -> None:
    async def cut() -> AsyncIterator[Json]:
        yield {"type": "http.request", "body": b"text", "more_body": True}
        yield {"type": "http.disconnect"}

    response = await http_mode.receive(a_request(b"", {}, cut()))

    assert is_refused(response, 400, "body cut")


async def test_a_body_is_waited_for_no_longer_than_five_seconds(http_mode: HttpMode) -> None:
    async def slow() -> AsyncIterator[Json]:
        yield {"type": "http.request", "body": b"text", "more_body": True}
        await asyncio.Event().wait()

    receiving = asyncio.create_task(http_mode.receive(a_request(b"", {}, slow())))
    await turns()
    put_forward(4.9)
    await turns()
    assert not receiving.done()
    put_forward(0.1)

    assert is_refused(await receiving, 408, "body too slow")


async def test_a_fault_that_bolt_leaves_to_us_has_a_reference(
    app: AsyncApp, http_mode: HttpMode, logs: list[MutableMapping[str, Any]]
) -> None:
    @app.error
    async def fail(error: Exception) -> None:
        raise error

    payload = command_payload()
    del payload["text"]

    response = await sent(http_mode, urlencode(payload).encode())

    fault = logs[-1]
    assert fault["event"] == "a fault"
    assert len(fault["reference"]) == 8
    assert is_refused(response, 500, f"fault {fault['reference']}")


def test_it_is_a_plain_route(http_mode: HttpMode) -> None:
    [route] = http_mode.router().routes

    assert (route.path, route.methods) == ("/slack/events", {"POST"})  # type: ignore[attr-defined]
