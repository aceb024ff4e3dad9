"""What comes in the name of Slack, signed, forged or malformed: nothing ends in a 500."""

import asyncio
import json
import time
from collections.abc import Mapping
from urllib.parse import urlencode

import aiohttp
import pytest

from incident_bot.sandbox.faults import Fault
from incident_bot.sandbox.http_mode import sign
from tests.rest.client import connected
from tests.slack_people import Json, Slack
from tests.story import BOTH, SOCKET, story

CANARY = "the body must not be in the log"
_FORM = "application/x-www-form-urlencoded"


@story
@pytest.mark.parametrize("skew", [-280, 0, 280])
async def test_what_slack_has_signed_lately_is_let_in(slack: Slack, skew: int) -> None:
    status, _ = await _send(slack, _command(slack), skew=skew)

    assert status == 200


@story
@pytest.mark.parametrize("skew", [-100_000, -320, 320, 100_000])
async def test_what_was_signed_too_long_ago_or_in_the_future_is_refused(
    slack: Slack, skew: int
) -> None:
    status, words = await _send(slack, _command(slack), skew=skew)

    assert (status, words) == (401, "signature wrong or too old")
    assert CANARY not in slack.bot.output


@story
@pytest.mark.parametrize(
    "headers",
    [
        {"X-Slack-Request-Timestamp": "", "X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0="},
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": sign("another secret", "1", b"")},
    ],
    ids=["none", "empty", "zeros", "another's"],
)
async def test_a_forged_or_missing_signature_changes_nothing(
    slack: Slack, headers: dict[str, str]
) -> None:
    form = await slack.ana.opens(f"/incident new {CANARY}", in_="incidents")
    await slack.ana.submits(description="By Ana", severity="Low")
    incident = await slack.ana.is_told_of_own_incident(CANARY)
    await slack.announcement(incident)
    sent = slack.last_payload("view_submission")
    sent["view"]["id"] = f"{form.id}X"
    body = _form(sent)
    before = slack.rows("incidents")

    status, _ = await _post(slack, body, _signed(slack, body) | headers)

    assert status == 401
    assert slack.rows("incidents") == before
    assert CANARY not in slack.bot.output


@story
async def test_a_signature_of_another_body_is_none(slack: Slack) -> None:
    signed = _signed(slack, _command(slack))

    status, words = await _post(slack, _command(slack) + b"&text=resolve", signed)

    assert (status, words) == (401, "signature wrong or too old")


@story
async def test_a_replay_within_the_window_changes_nothing(slack: Slack) -> None:
    await slack.ana.opens("/incident new Once", in_="incidents")
    await slack.ana.submits(description="And only once", severity="Low")
    incident = await slack.ana.is_told_of_own_incident("Once")
    announcement = await slack.announcement(incident)
    declared = slack.last_payload("view_submission")
    pressed = slack.press_payload(slack.ana, announcement.button("Resolve"))
    await slack.delivers("block_actions", pressed)
    await announcement.hears("resolved")
    before = slack.rows("incidents"), slack.rows("timeline_entries")

    for kind, payload in [("view_submission", declared), ("block_actions", pressed)] * 2:
        assert (await slack.delivers(kind, payload)).status == 200

    await slack.bot.is_quiet()
    assert (slack.rows("incidents"), slack.rows("timeline_entries")) == before
    assert len(slack.announcements(incident)) == len(announcement.thread) == 1


@story
async def test_the_very_same_bytes_again_change_nothing(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    body = _form(slack.press_payload(slack.ana, announcement.button("Acknowledge")))
    signed = _signed(slack, body)

    statuses = [(await _post(slack, body, signed))[0] for _ in range(3)]

    assert statuses == [200, 200, 200]
    await announcement.hears("acknowledged")
    await slack.bot.is_quiet()
    assert len(announcement.thread) == 1


@story
@pytest.mark.parametrize(
    "headers",
    [
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
async def test_odd_headers_are_refused(slack: Slack, headers: dict[str, str]) -> None:
    body = _command(slack)

    status, _ = await _post(slack, body, _signed(slack, body) | headers)

    assert status == 401
    assert CANARY not in slack.bot.output
    assert "Traceback" not in slack.bot.output


@story
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


@story
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
    body = _form(ours | payload)

    status, _ = await _send(slack, body)

    assert status < 500


@story(modes=BOTH)
async def test_after_a_malformed_payload_the_bot_goes_on(slack: Slack) -> None:
    incident = await slack.cara.declares(in_="incidents")
    announcement = await slack.announcement(incident)
    nobodys = slack.press_payload(slack.ana, announcement.button("Resolve"))
    del nobodys["user"]

    delivering = asyncio.create_task(slack.delivers("block_actions", nobodys))
    await slack.bot.says("a malformed payload was refused")
    slack.hosted.puts_clocks_forward(10)  # Slack waits for nothing

    assert not (await delivering).ok
    await slack.ana.presses("Acknowledge", on=announcement)
    await announcement.shows("In Progress")


@story
async def test_an_oversized_body_is_refused_before_it_is_read(slack: Slack) -> None:
    answer = await _raw(slack, f"Content-Length: {1024 * 1024 + 1}\r\n".encode(), b"")

    assert answer.startswith(b"HTTP/1.1 413")


@story
async def test_an_oversized_body_without_a_length_is_refused(slack: Slack) -> None:
    answer = await _raw(
        slack,
        b"Transfer-Encoding: chunked\r\n",
        b"10000\r\n" + b"x" * 0x10000 + b"\r\n",
        times=32,
    )

    assert answer.startswith(b"HTTP/1.1 413")


@story
@pytest.mark.parametrize("length", ["-1", "1e3", "99999999999999999999", "٣"])
async def test_an_odd_length_is_refused(slack: Slack, length: str) -> None:
    answer = await _raw(slack, f"Content-Length: {length}\r\n".encode(), b"x")

    assert answer.split(b" ")[1] in {b"400", b"413"}


@story
async def test_a_body_that_comes_too_slowly_is_not_waited_for(slack: Slack) -> None:
    answering = asyncio.create_task(_raw(slack, b"Content-Length: 100\r\n", b"x"))
    while not answering.done():
        slack.hosted.puts_clocks_forward(0.5)
        await asyncio.wait({answering}, timeout=0.02)

    answer = await answering
    assert answer.startswith(b"HTTP/1.1 408")


@story
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"type":"url_verification","challenge":"x"}', "application/json"),
        (b"ssl_check=1&token=x", _FORM),
    ],
    ids=["url_verification", "ssl_check"],
)
async def test_what_is_not_signed_is_refused_whatever_it_asks(
    slack: Slack, body: bytes, content_type: str
) -> None:
    status, words = await _post(slack, body, {"Content-Type": content_type})

    assert (status, words) == (401, "signature missing or malformed")


@story
async def test_other_ways_to_ask_are_refused(slack: Slack) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{slack.bot.url}/slack/events") as response:
            assert response.status == 405
        for path in ("/", "/slack", "/slack/events/", "/slack/oauth_redirect"):
            async with session.get(f"{slack.bot.url}{path}") as response:
                assert response.status == 404


@story(modes=SOCKET)
async def test_over_socket_mode_nothing_is_taken_over_http(slack: Slack) -> None:
    status, _ = await _post(slack, b"payload={}", {})

    assert status == 404


@story
async def test_what_is_meant_for_another_workspace_or_app_is_refused(slack: Slack) -> None:
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


@story(own_bot=True)
async def test_the_app_is_compared_even_when_slack_did_not_say_at_the_start_which_it_is(
    slack: Slack,
) -> None:
    slack.breaks(Fault(method="bots.info", kind="down", times=1))
    await slack.bot.starts()
    await slack.bot.says("the app's own ID is not known")
    await slack.time_passes(60)
    incident = await slack.cara.declares(in_="incidents")
    post = await slack.announcement(incident)
    await slack.until(lambda: len(slack.calls("bots.info")) == 2, "the app's ID is asked again")
    right = slack.press_payload(slack.ben, post.button("Acknowledge"))

    await slack.delivers("block_actions", right | {"api_app_id": "A0OTHER"})

    await slack.bot.says("a request for another workspace or app was refused")
    assert slack.ben.told == []


def _command(slack: Slack) -> bytes:
    directory = slack.sandbox.workspace.directory
    person, channel = directory.users["U0ANA"], directory.channels["C0GENERAL"]
    payload = slack.sandbox.payloads.command(person, channel, "/incident", f"help {CANARY}")
    return urlencode(payload).encode()


def _form(payload: Json) -> bytes:
    return urlencode({"payload": json.dumps(payload)}).encode()


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
    async with connected(slack.bot.url) as (reader, writer):
        writer.write(b"POST /slack/events HTTP/1.1\r\nHost: bot\r\n" + header + b"\r\n")
        for _ in range(times):
            writer.write(body)
        async with asyncio.timeout(60):
            return await reader.readline()
