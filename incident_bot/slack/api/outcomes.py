"""What a failed call to Slack means for the message that it was to send."""

import json
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from incident_bot.delivery.outcome import (
    AccessLost,
    ChannelClosed,
    NotSent,
    Outcome,
    RateLimited,
    Refused,
    Unknown,
)

_RATE_LIMITED: Final = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_PASSING: Final = frozenset({"service_unavailable", "team_added_to_org", "request_timeout"})
# "Some aspect of the operation may have succeeded" (Slack, chat.postMessage, errors).
_UNKNOWN: Final = frozenset({"internal_error", "fatal_error"})
# What Slack says of a message, or of whom it is for, that no further try changes.
_FINAL: Final = frozenset(
    {
        "as_user_not_supported",
        "attachment_payload_limit_exceeded",
        "bad_timestamp",
        "block_mismatch",
        "cannot_dm_bot",
        "cannot_reply_to_message",
        "cant_update_message",
        "edit_window_closed",
        "invalid_attachments",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "markdown_text_conflict",
        "message_not_found",
        "messages_tab_disabled",
        "metadata_must_be_sent_from_app",
        "metadata_too_large",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "thread_not_found",
        "too_many_attachments",
        "user_disabled",
        "user_not_found",
        "user_not_visible",
    }
)
# The token itself is worth nothing any more.
_TOKEN: Final = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)
_ACCESS: Final = _TOKEN | {
    "ekm_access_denied",
    "missing_scope",
    "not_allowed_token_type",
}
_CHANNEL: Final = {
    "access_denied": "the workspace does not let the bot into the channel",
    "channel_not_found": "the channel does not exist, or the bot is not in it",
    "is_archived": "the channel is archived",
    "is_inactive": "the channel is archived",
    # Slack: "make sure your app is a member of the conversation".
    "no_permission": "the bot may not post in the channel: invite it there with /invite",
    "not_in_channel": "the bot is not in the channel: invite it there with /invite",
    "restricted_action": "the workspace does not let the bot post in this channel",
    "restricted_action_read_only_channel": "the channel is read-only",
    "restricted_action_thread_only_channel": "the channel takes only replies in threads",
    "restricted_action_non_threadable_channel": "the channel takes no replies in threads",
}
RESTRICTED: Final = "restricted_action"
"""Part of all reasons that say that a channel does not let the bot post; see `_CHANNEL`."""
_DEFAULT_REST: Final = 30.0
_SERVER_ERROR: Final = 500
_TOO_MANY_REQUESTS: Final = 429

# What the client may raise for what Slack or the network do.
CALL_ERRORS: Final = (
    SlackClientError,
    aiohttp.ClientError,
    OSError,
    TimeoutError,
    json.JSONDecodeError,
    UnicodeDecodeError,
)


def outcome_of(error: Exception, method: str) -> Outcome:
    """Sort what was raised by what has to follow; `method` is what was to be called in the end."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return NotSent(f"Slack cannot be reached: {error}", method)
    if isinstance(error, SlackApiError):
        return _of_answer(error, method)
    reason = f"no usable answer to {method}: {type(error).__name__} {error}".strip()
    return Unknown(reason, method)


def outcome_of_step(error: Exception, method: str) -> Outcome:
    """The same for what is done to a single channel: a refusal of that says nothing of others."""
    outcome, name = outcome_of(error, method), error_name(error)
    if isinstance(outcome, ChannelClosed) or (
        isinstance(outcome, AccessLost) and name not in _TOKEN
    ):
        words = outcome.reason if name == "missing_scope" else f"{method} answered {name}"
        return ChannelClosed(words)
    return outcome


def error_name(error: Exception) -> str | None:
    """Slack's name for what is wrong, if Slack said one."""
    if not isinstance(error, SlackApiError) or not isinstance(error.response, AsyncSlackResponse):
        return None
    data = error.response.data
    name = data.get("error") if isinstance(data, dict) else None
    return name if isinstance(name, str) else None


def _of_answer(error: SlackApiError, method: str) -> Outcome:
    response, name = error.response, error_name(error)
    method = _method_of(response) or method
    status = getattr(response, "status_code", None) or getattr(response, "status", None)
    if status == _TOO_MANY_REQUESTS or name in _RATE_LIMITED:
        return RateLimited(method, _retry_after(response))
    if name is None or name in _UNKNOWN or (status is not None and status >= _SERVER_ERROR):
        words = name or "something unreadable"
        return Unknown(f"{method} answered {words}, HTTP status {status}", method)
    if name in _PASSING:
        return NotSent(f"{method} answered {name}", method)
    if name in _ACCESS:
        words = _access_words(error, name)
        # Where no look-up is needed, nothing is lost by the lack of its scope.
        is_all_lost = name != "missing_scope" or method.startswith("chat.")
        return AccessLost(words, _needed(error)) if is_all_lost else ChannelClosed(words)
    if name in _CHANNEL:
        return ChannelClosed(f"{_CHANNEL[name]} ({name})")
    reason = f"{method} answered {name}"
    # Slack may say more than it documents, and what it says for the first time may pass.
    is_final = name in _FINAL or not method.startswith("chat.")
    return Refused(reason) if is_final else NotSent(reason, method)


def _method_of(response: object) -> str | None:
    """The call that failed: on the way to a post there may be others, such as a look-up."""
    url = getattr(response, "api_url", None)
    return url.rpartition("/")[2] if isinstance(url, str) else None


def _needed(error: SlackApiError) -> str | None:
    """The scope that is lacking, if Slack names one."""
    needed = error.response.get("needed")
    return needed if isinstance(needed, str) else None


def _access_words(error: SlackApiError, name: str) -> str:
    needed = error.response.get("needed")
    if name == "missing_scope":
        return f"the bot token lacks the scope {needed}: add it and install the app again"
    return f"Slack does not accept SLACK_BOT_TOKEN ({name})"


def _retry_after(response: AsyncSlackResponse) -> float:
    """Seconds to rest; Slack sends whole seconds, proxies on the way may send anything."""
    headers = getattr(response, "headers", None) or {}
    given = next((headers[name] for name in headers if name.lower() == "retry-after"), "")
    try:
        seconds = float(given)
    except ValueError:
        return _DEFAULT_REST
    return seconds if 0 <= seconds < float("inf") else _DEFAULT_REST
