"""What a failed call means for the message that it was to send."""

import json
import ssl
from typing import Any

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from incident_bot.delivery.outcome import (
    AccessLost,
    ChannelClosed,
    NotSent,
    RateLimited,
    Refused,
    Unknown,
)
from incident_bot.slack.api.outcomes import CALL_ERRORS, error_name, outcome_of

POST = "chat.postMessage"
KEY = ConnectionKey(
    "slack.com", 443, is_ssl=True, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None
)


def api_error(response: object) -> SlackApiError:
    return SlackApiError("refused", response)  # type: ignore[no-untyped-call]


def answered(
    data: Any,  # noqa: ANN401 - whatever came instead of an object
    status: int = 200,
    headers: dict[str, str] | None = None,
    method: str = POST,
) -> SlackApiError:
    """What slack_sdk raises for this answer of Slack's."""
    response = AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url=f"https://slack.com/api/{method}",
        req_args={},
        data=data,
        headers=headers or {},
        status_code=status,
    )
    return api_error(response)


def named(name: str, method: str = POST, **more: str) -> SlackApiError:
    return answered({"ok": False, "error": name, **more}, method=method)


@pytest.mark.parametrize(
    "error",
    [
        aiohttp.ClientConnectorError(KEY, OSError(111, "Connection refused")),
        aiohttp.ClientConnectorDNSError(KEY, OSError(-2, "Name or service not known")),
        aiohttp.ClientConnectorSSLError(KEY, ssl.SSLError("handshake failure")),
        aiohttp.ClientConnectorCertificateError(KEY, ssl.CertificateError("not trusted")),
    ],
)
def test_what_never_reached_slack_was_not_sent(error: Exception) -> None:
    outcome = outcome_of(error, POST)

    assert isinstance(outcome, NotSent)
    assert outcome.reason.startswith("Slack cannot be reached: ")


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError(),
        aiohttp.ServerTimeoutError(),
        aiohttp.ServerDisconnectedError(),
        aiohttp.ClientOSError(104, "Connection reset by peer"),
        aiohttp.ClientPayloadError("cut"),
        ConnectionResetError(),
        json.JSONDecodeError("no JSON", "<html>", 0),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no"),
        SlackClientError("something else"),
    ],
)
def test_what_broke_on_the_way_may_have_been_sent(error: Exception) -> None:
    assert isinstance(error, CALL_ERRORS)
    assert isinstance(outcome_of(error, POST), Unknown)


@pytest.mark.parametrize("name", ["internal_error", "fatal_error"])
def test_slack_says_that_part_may_have_succeeded(name: str) -> None:
    assert isinstance(outcome_of(named(name), POST), Unknown)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("data", [{}, "upstream error", {"ok": False, "error": "odd"}])
def test_a_server_error_may_have_been_sent(status: int, data: object) -> None:
    assert isinstance(outcome_of(answered(data, status), POST), Unknown)


@pytest.mark.parametrize("data", [{}, {"ok": False}, "text", {"ok": False, "error": 7}])
def test_an_answer_that_nobody_can_read_may_have_been_sent(data: object) -> None:
    assert isinstance(outcome_of(answered(data), POST), Unknown)


class UnreadResponse:
    """aiohttp's answer, which slack_sdk hands on as it is when there is no JSON in it."""

    def __init__(self, status: int, headers: dict[str, str]) -> None:
        self.status = status
        self.headers = headers


@pytest.mark.parametrize("status", [200, 404, 503])
def test_an_answer_without_json_may_have_been_sent(status: int) -> None:
    error = api_error(UnreadResponse(status, {}))

    assert isinstance(outcome_of(error, POST), Unknown)
    assert error_name(error) is None


def test_a_rate_limit_without_json_is_one() -> None:
    error = api_error(UnreadResponse(429, {"retry-after": "7"}))

    assert outcome_of(error, POST) == RateLimited(POST, 7)


@pytest.mark.parametrize("name", ["service_unavailable", "team_added_to_org", "request_timeout"])
def test_what_passes_was_not_sent(name: str) -> None:
    assert outcome_of(named(name), POST) == NotSent(f"chat.postMessage answered {name}", POST)


@pytest.mark.parametrize("name", ["ratelimited", "rate_limited"])
def test_a_rate_limit_may_come_as_a_name(name: str) -> None:
    assert outcome_of(named(name), POST) == RateLimited(POST, 30)


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("5", 5),
        ("1.5", 1.5),
        ("0", 0),
        (" 12 ", 12),
        ("", 30),
        ("soon", 30),
        ("-5", 30),
        ("nan", 30),
        ("inf", 30),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 30),
    ],
)
@pytest.mark.parametrize("header", ["Retry-After", "retry-after", "RETRY-AFTER"])
def test_a_rate_limit_says_how_long(header: str, given: str, seconds: float) -> None:
    error = answered({"ok": False, "error": "ratelimited"}, 429, {header: given})

    assert outcome_of(error, POST) == RateLimited(POST, seconds)


def test_a_rate_limit_need_not_say_how_long() -> None:
    assert outcome_of(answered({}, 429), POST) == RateLimited(POST, 30)


def test_a_rate_limit_is_of_the_method_that_was_called() -> None:
    error = answered({}, 429, method="conversations.history")

    assert outcome_of(error, POST) == RateLimited("conversations.history", 30)


@pytest.mark.parametrize(
    "name",
    ["invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"],
)
def test_a_token_that_is_not_accepted_is_access_lost(name: str) -> None:
    assert outcome_of(named(name), POST) == AccessLost(
        f"Slack does not accept SLACK_BOT_TOKEN ({name})"
    )


def test_a_look_up_that_lacks_its_scope_stops_no_other_channel() -> None:
    error = named("missing_scope", method="conversations.list", needed="channels:read")

    assert outcome_of(error, POST) == ChannelClosed(
        "the bot token lacks the scope channels:read: add it and install the app again"
    )


def test_a_missing_scope_is_named() -> None:
    error = named("missing_scope", needed="chat:write", provided="commands")

    assert outcome_of(error, POST) == AccessLost(
        "the bot token lacks the scope chat:write: add it and install the app again", "chat:write"
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("access_denied", "does not let the bot into the channel"),
        ("no_permission", "invite it there with /invite"),
        ("channel_not_found", "the channel does not exist, or the bot is not in it"),
        ("not_in_channel", "invite it there with /invite"),
        ("is_archived", "the channel is archived"),
        ("restricted_action", "does not let the bot post"),
        ("restricted_action_read_only_channel", "the channel is read-only"),
        ("restricted_action_thread_only_channel", "only replies in threads"),
        ("restricted_action_non_threadable_channel", "no replies in threads"),
    ],
)
def test_a_channel_that_does_not_take_it_is_closed_in_words(name: str, words: str) -> None:
    outcome = outcome_of(named(name), POST)

    assert isinstance(outcome, ChannelClosed)
    assert words in outcome.reason
    assert outcome.reason.endswith(f"({name})")


@pytest.mark.parametrize(
    "name",
    [
        "invalid_blocks",
        "msg_too_long",
        "msg_blocks_too_long",
        "metadata_too_large",
        "no_text",
        "user_disabled",
    ],
)
def test_what_no_further_try_changes_is_a_refusal_for_good(name: str) -> None:
    assert outcome_of(named(name), POST) == Refused(f"chat.postMessage answered {name}")


def test_a_name_that_nobody_knows_may_pass() -> None:
    assert outcome_of(named("new_one"), POST) == NotSent("chat.postMessage answered new_one", POST)


def test_a_name_that_nobody_knows_ends_a_step_in_a_channel() -> None:
    error = named("new_one", method="pins.add")

    assert outcome_of(error, "pins.add") == Refused("pins.add answered new_one")


def test_slacks_name_for_it_is_read() -> None:
    assert error_name(named("is_archived")) == "is_archived"
    assert error_name(TimeoutError()) is None


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=20), st.sampled_from([200, 429, 500]))
def test_whatever_comes_as_retry_after_is_no_fault(given_: str, status: int) -> None:
    error = answered({"ok": False, "error": "ratelimited"}, status, {"Retry-After": given_})

    outcome = outcome_of(error, POST)

    assert isinstance(outcome, RateLimited)
    assert 0 <= outcome.retry_after < float("inf")
