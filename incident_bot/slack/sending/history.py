"""Which messages are in a channel already: each post carries marks by which it is found again."""

import uuid
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from incident_bot.delivery.outcome import Sent
from incident_bot.slack.api.channels import is_channel_id
from incident_bot.slack.api.outcomes import error_name
from incident_bot.slack.api.workspace import Workspace
from incident_bot.store.outbox.deliveries import Delivery

THREAD_GONE: Final = frozenset({"thread_not_found", "cannot_reply_to_message"})
"""Slack's names for a thread whose first message was deleted."""

_EVENT_TYPE: Final = "incident_bot_delivery"
_NAMESPACE: Final = uuid.UUID("5f0c2a52-6c0e-4b1b-9b0a-7b9d6c1f3e11")
# Seconds. The clock may have been put right since the try that posted the message.
_LOOK_BACK: Final = 2 * 3600
# As many as Slack recommends at most (conversations.history, "limit").
_PAGE: Final = 200


def marks(delivery: Delivery) -> dict[str, Any]:
    """What names a delivery in its post: metadata, and an ID that Slack itself may compare."""
    return {
        "metadata": {"event_type": _EVENT_TYPE, "event_payload": {"delivery": delivery.key}},
        "client_msg_id": str(uuid.uuid5(_NAMESPACE, delivery.key)),
    }


class History:
    """What has been posted."""

    def __init__(self, client: AsyncWebClient, workspace: Workspace) -> None:
        self._client = client
        self._workspace = workspace

    async def find(self, delivery: Delivery, channel_id: str, thread_ts: str | None) -> Sent | None:
        """Where an earlier try has put the message; None when it is not in channel or thread.

        `channel_id` is a user's ID for a direct message, as in posting; what is found is named by
        its channel, as it is needed for edits.
        None also when the bot may not look. Raises SlackApiError and what calls raise.
        """
        try:
            return await self._search(delivery, channel_id, thread_ts)
        except SlackApiError as error:
            if error_name(error) in THREAD_GONE:
                return None
            if error_name(error) not in ("missing_scope", "unknown_method"):
                raise
            self._workspace.note_blindness(str(error.response.get("needed")))
            return None

    async def _search(
        self, delivery: Delivery, channel_id: str, thread_ts: str | None
    ) -> Sent | None:
        readable_id = await self._readable(channel_id)
        where: dict[str, Any] = {
            "channel": readable_id,
            "oldest": f"{delivery.first_tried_at.timestamp() - _LOOK_BACK:.6f}",
            "include_all_metadata": True,
            "limit": _PAGE,
        }
        cursor = ""
        while True:  # back to `oldest`, however much people have written since
            response = await self._page(where, thread_ts, cursor)
            for message in response["messages"]:
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                if payload.get("delivery") == delivery.key:
                    return Sent(readable_id, message["ts"])
            cursor = (response.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None

    async def _readable(self, channel_id: str) -> str:
        """The ID by which it can be read: a direct message can be posted by its reader's ID."""
        if is_channel_id(channel_id):
            return channel_id
        response = await self._client.conversations_open(users=channel_id)
        found: str = response["channel"]["id"]
        return found

    async def _page(
        self, where: dict[str, Any], thread_ts: str | None, cursor: str
    ) -> AsyncSlackResponse:
        if thread_ts is None:
            return await self._client.conversations_history(**where, cursor=cursor)
        return await self._client.conversations_replies(**where, ts=thread_ts, cursor=cursor)
