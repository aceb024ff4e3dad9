"""`POST /slack/events`: nothing gets in that Slack did not sign, and nothing ends in a 500."""

import asyncio
import json
import time
from collections.abc import Mapping
from urllib.parse import urlencode

import aiohttp
import pytest

from incident_bot.sandbox.http_mode import sign
from tests.slack_people import Slack
from tests.story import story

CANARY = "the body must not be in the log"
_FORM = "application/x-www-form-urlencoded"


@story(modes=["http"])
@pytest.mark.parametrize("skew", [-299, 0, 299])
async def test_what_slack_has_signed_lately_is_let_in(slack: Slack, skew: int) -> None:
    status, _ = await _send(slack, _command(slack), skew=skew)

    assert status == 200


@story(modes=["http"])
@pytest.mark.parametrize("skew", [-100_000, -302, 302, 100_000])
async def test_what_was_signed_too_long_ago_or_in_the_future_is_refused(
    slack: Slack, skew: int
) -> None:
    status, words = await _send(slack, _command(slack), skew=skew)

    assert (status, words) == (401, "signature wrong or too old")
    assert CANARY not in slack.bot.output


@story(modes=["http"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": "v0="},
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0=é"},
        {"X-Slack-Signature": "v1=" + "0" * 64},
        {"X-Slack-Signature": "v0=" + "F" * 64},
        {"X-Slack-Signature": "v0=" + "0" * 5000},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "abc"},
        {"X-Slack-Request-Timestamp": "-1"},
        {"X-Slack-Request-Timestamp": "1e9"},
        {"X-Slack-Request-Timestamp": "٣" * 10},
        {"X-Slack-Request-Timestamp": "9" * 5000},
    ],
    ids=lambda headers: str(headers)[:50].encode("unicode-escape").decode(),
)
async def test_odd_missing_and_forged_signatures_are_refused(
    slack: Slack, headers: dict[str, str]
) -> None:
    signed = _signed(slack, _command(slack)) if headers else {}

    status, _ = await _post(slack, _command(slack), signed | headers)

    assert status == 401
    assert CANARY not in slack.bot.output
    assert "Traceback" not in slack.bot.output


@story(modes=["http"])
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{", "application/json"),
        (b"[1,2]", "application/json"),
        (b"null", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"a":' * 100_000, "application/json; charset=utf-8"),
        (b"\xff\xfe", "application/json"),
        (b"payload=[1,2]", _FORM),
        (b"payload=null", _FORM),
        (b"payload=%7B", _FORM),
        (b"payload=" + b"%5B" * 100_000, _FORM),
        (b"text=\xff", _FORM),
        (b"&".join(b"a%d=1" % n for n in range(5000)), _FORM),
    ],
    ids=lambda part: str(part)[:30],
)
async def test_a_malformed_body_is_refused_signed_or_not(
    slack: Slack, body: bytes, content_type: str
) -> None:
    by_stranger, _ = await _post(slack, body, {"Content-Type": content_type})
    signed = _signed(slack, body) | {"Content-Type": content_type}
    by_slack, _ = await _post(slack, body, signed)
    forged, _ = await _post(slack, body, signed | {"X-Slack-Signature": "v0=" + "0" * 64})

    assert (by_stranger, forged) == (401, 401)
    assert 400 <= by_slack < 500
    assert "Traceback" not in slack.bot.output


@story(modes=["http"])
@pytest.mark.parametrize(
    "payload",
    [
        {"type": "block_actions"},
        {"type": "view_submission", "view": {}},
        {"type": "view_submission", "view": {"state": {"values": [1]}}, "user": {"id": None}},
        {"type": "event_callback", "event": {"type": "app_home_opened"}},
        {"type": "event_callback", "event": {"type": "member_joined_channel", "channel": {}}},
        {"type": "something new"},
        {"type": []},
    ],
    ids=str,
)
async def test_a_payload_that_is_not_as_slack_documents_it_is_no_fault_of_ours(
    slack: Slack, payload: dict[str, object]
) -> None:
    ours = {"team": {"id": "T0SANDBOX"}, "team_id": "T0SANDBOX", "api_app_id": "A0INCIDENTBOT"}
    body = urlencode({"payload": json.dumps(ours | payload)}).encode()

    status, _ = await _send(slack, body)

    assert status < 500


@story(modes=["http"])
async def test_an_oversized_body_is_refused_before_it_is_read(slack: Slack) -> None:
    answer = await _raw(slack, f"Content-Length: {1024 * 1024 + 1}\r\n".encode(), b"")

    assert answer.startswith(b"HTTP/1.1 413")


@story(modes=["http"])
async def test_an_oversized_body_without_a_length_is_refused(slack: Slack) -> None:
    answer = await _raw(
        slack,
        b"Transfer-Encoding: chunked\r\n",
        b"10000\r\n" + b"x" * 0x10000 + b"\r\n",
        times=32,
    )

    assert answer.startswith(b"HTTP/1.1 413")


@story(modes=["http"])
@pytest.mark.parametrize("length", ["-1", "1e3", "99999999999999999999", "٣"])
async def test_an_odd_length_is_refused(slack: Slack, length: str) -> None:
    answer = await _raw(slack, f"Content-Length: {length}\r\n".encode(), b"x")

    assert answer.split(b" ")[1] in {b"400", b"413"}


@story(modes=["http"])
async def test_a_repeated_request_counts_once(slack: Slack) -> None:
    post = await slack.some_message()
    payload = slack.press_payload(slack.ana, post.button("Update"))
    body = urlencode({"payload": json.dumps(payload)}).encode()
    signed = _signed(slack, body)

    statuses = [(await _post(slack, body, signed))[0] for _ in range(3)]

    assert statuses == [200, 200, 200]


@story(modes=["http"])
async def test_other_ways_to_ask_are_refused(slack: Slack) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{slack.bot.url}/slack/events") as response:
            assert response.status == 405
        for path in ("/", "/slack", "/slack/events/", "/slack/oauth_redirect"):
            async with session.get(f"{slack.bot.url}{path}") as response:
                assert response.status == 404


@story(modes=["socket"])
async def test_over_socket_mode_nothing_is_taken_over_http(slack: Slack) -> None:
    status, _ = await _post(slack, b"payload={}", {})

    assert status == 404


def _command(slack: Slack) -> bytes:
    directory = slack.sandbox.workspace.directory
    person, channel = directory.users["U0ANA"], directory.channels["C0GENERAL"]
    payload = slack.sandbox.payloads.command(person, channel, "/incident", f"help {CANARY}")
    return urlencode(payload).encode()


def _signed(slack: Slack, body: bytes, skew: int = 0) -> dict[str, str]:
    timestamp = str(int(time.time()) + skew)
    secret = slack.sandbox.workspace.credentials.signing_secret
    return {
        "Content-Type": _FORM,
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": sign(secret, timestamp, body),
    }


async def _send(slack: Slack, body: bytes, skew: int = 0) -> tuple[int, str]:
    return await _post(slack, body, _signed(slack, body, skew))


async def _post(slack: Slack, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
    url = f"{slack.bot.url}/slack/events"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=body, headers=headers) as response,
    ):
        return response.status, await response.text()


async def _raw(slack: Slack, header: bytes, body: bytes, times: int = 1) -> bytes:
    """What is answered to a request that no HTTP client would send."""
    host, port = slack.bot.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(b"POST /slack/events HTTP/1.1\r\nHost: bot\r\n" + header + b"\r\n")
        for _ in range(times):
            writer.write(body)
        async with asyncio.timeout(10):
            return await reader.readline()
    finally:
        writer.close()
