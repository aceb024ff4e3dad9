"""Sends what the outbox holds: announcements, their edits, notifications in their threads."""

import uuid
from collections.abc import Awaitable, Callable
from typing import Any, Final

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from incident_bot.delivery.outcome import ChannelClosed, NotSent, Outcome, Refused, Sent, Unwelcome
from incident_bot.domain.severity import Severities
from incident_bot.slack.channels import ChannelMissing, Channels, is_channel_id
from incident_bot.slack.messages.announcement import announcement
from incident_bot.slack.messages.notification import notification
from incident_bot.slack.outcomes import CALL_ERRORS, error_name, outcome_of
from incident_bot.slack.tasks import Tasks
from incident_bot.slack.words import Block
from incident_bot.store.outbox import Content, Delivery, DeliveryKind, Outbox

log = structlog.get_logger(__name__)

_POST: Final = "chat.postMessage"
_UPDATE: Final = "chat.update"
_EVENT_TYPE: Final = "incident_bot_delivery"
_NAMESPACE: Final = uuid.UUID("5f0c2a52-6c0e-4b1b-9b0a-7b9d6c1f3e11")
_MESSAGE_GONE: Final = frozenset({"message_not_found", "cant_update_message"})
_THREAD_GONE: Final = frozenset({"thread_not_found", "cannot_reply_to_message"})
# A message may carry an earlier time than the try that posted it, clocks being what they are.
_LOOK_BACK: Final = 60
_HISTORY_PAGE: Final = 100
_MOST_PAGES: Final = 10


class SlackSender:
    """Renders and sends one delivery; says how it went."""

    def __init__(
        self,
        client: AsyncWebClient,
        outbox: Outbox,
        channels: Channels,
        severities: Severities,
        announcement_channel: str,
        tasks: Tasks,
    ) -> None:
        self._client = client
        self._outbox = outbox
        self._channels = channels
        self._severities = severities
        self._announcement_channel = announcement_channel
        self._tasks = tasks
        self._can_look = True

    def method(self, delivery: Delivery) -> str:
        return _POST if delivery.is_post else _UPDATE

    async def send(self, delivery: Delivery) -> Outcome:
        content = await self._outbox.content(delivery)
        if content is None:
            return Refused("it is announced there no longer")
        try:
            outcome = await self._send(delivery, content)
        except ChannelMissing as error:
            outcome = ChannelClosed(str(error))
        except CALL_ERRORS as error:
            outcome = outcome_of(error, self.method(delivery))
        if isinstance(outcome, ChannelClosed):
            return await self._closed(delivery, content, outcome)
        if isinstance(outcome, Sent) and outcome.message_ts != content.message_ts:
            self._tasks.start(self._keep_permalink(delivery, outcome))
        return outcome

    async def _closed(
        self, delivery: Delivery, content: Content, outcome: ChannelClosed
    ) -> Outcome:
        """The announcement channel is waited for; where it was declared is a courtesy."""
        self._channels.forget(delivery.destination)
        is_name = not is_channel_id(delivery.destination)
        if delivery.destination != self._announcement_channel and not is_name:
            return Unwelcome(outcome.reason)
        if content.channel_id is not None and await self._has_moved(delivery, content.channel_id):
            await self._outbox.forget_place(delivery)
            return NotSent("another channel has the name now: it is announced there anew")
        return outcome

    async def _has_moved(self, delivery: Delivery, channel_id: str) -> bool:
        """Whether the channel's name belongs to another channel now."""
        try:
            return await self._channels.id_of(delivery.destination) != channel_id
        except (*CALL_ERRORS, ChannelMissing):
            return False

    async def _send(self, delivery: Delivery, content: Content) -> Outcome:
        channel_id = content.channel_id or await self._channels.id_of(delivery.destination)
        if delivery.kind is DeliveryKind.NOTIFICATION:
            return await self._notify(delivery, content, channel_id)
        text, blocks = announcement(content.incident, self._severities)
        if content.message_ts is not None:
            edited = await self._edit(channel_id, content.message_ts, text, blocks)
            if edited is not None:
                return edited
        if content.incident.is_deleted:
            return Refused("the incident was deleted, and its announcement too")
        return await self._post(delivery, channel_id, text, blocks)

    async def _notify(self, delivery: Delivery, content: Content, channel_id: str) -> Outcome:
        if content.entry is None or content.incident.is_deleted:
            return Refused("the incident was deleted before this was sent")
        message = notification(content.incident, content.entry)
        thread: dict[str, Any] = {}
        if content.message_ts is not None:
            thread = {"thread_ts": content.message_ts, "reply_broadcast": message.is_broadcast}
        try:
            return await self._post(delivery, channel_id, message.text, message.blocks, **thread)
        except SlackApiError as error:
            if error_name(error) not in _THREAD_GONE:
                raise
            return await self._post(delivery, channel_id, message.text, message.blocks)

    async def _edit(
        self, channel_id: str, message_ts: str, text: str, blocks: tuple[Block, ...]
    ) -> Sent | None:
        """Edit a message; None when it is there no longer."""
        try:
            await _with_blocks_if_taken(
                lambda **shape: self._client.chat_update(
                    channel=channel_id, ts=message_ts, text=text, **shape
                ),
                blocks,
            )
        except SlackApiError as error:
            if error_name(error) in _MESSAGE_GONE:
                return None
            raise
        return Sent(channel_id, message_ts)

    async def _post(
        self,
        delivery: Delivery,
        channel_id: str,
        text: str,
        blocks: tuple[Block, ...],
        **thread: Any,  # noqa: ANN401 - thread_ts and reply_broadcast
    ) -> Sent:
        """Post, unless an earlier try has done so already."""
        if delivery.is_uncertain:
            message_ts = await self._find(delivery, channel_id, thread.get("thread_ts"))
            if message_ts is not None:
                return Sent(channel_id, message_ts)
        answer = await _with_blocks_if_taken(
            lambda **shape: self._client.chat_postMessage(
                channel=channel_id,
                text=text,
                metadata={"event_type": _EVENT_TYPE, "event_payload": {"delivery": delivery.key}},
                client_msg_id=str(uuid.uuid5(_NAMESPACE, delivery.key)),
                unfurl_links=False,
                unfurl_media=False,
                **shape,
                **thread,
            ),
            blocks,
        )
        return Sent(answer.get("channel") or channel_id, answer["ts"])

    async def _find(self, delivery: Delivery, channel_id: str, thread_ts: str | None) -> str | None:
        """Where an earlier try has put the message; None when it is not in the channel."""
        if not self._can_look:
            return None
        try:
            return await self._search(delivery, channel_id, thread_ts)
        except SlackApiError as error:
            if error_name(error) in _THREAD_GONE:
                return None
            if error_name(error) not in ("missing_scope", "unknown_method"):
                raise
            self._can_look = False
            log.warning(
                "the bot may not read the channel's history: after a lost reply it posts again, "
                "which may show a message twice",
                scope=error.response.get("needed"),
            )
            return None

    async def _search(
        self, delivery: Delivery, channel_id: str, thread_ts: str | None
    ) -> str | None:
        where: dict[str, Any] = {
            "channel": channel_id,
            "oldest": f"{delivery.first_tried_at.timestamp() - _LOOK_BACK:.6f}",
            "include_all_metadata": True,
            "limit": _HISTORY_PAGE,
        }
        cursor = ""
        for _ in range(_MOST_PAGES):
            answer = await self._page(where, thread_ts, cursor)
            for message in answer["messages"]:
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                if payload.get("delivery") == delivery.key:
                    found: str = message["ts"]
                    return found
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return None

    async def _page(
        self, where: dict[str, Any], thread_ts: str | None, cursor: str
    ) -> AsyncSlackResponse:
        if thread_ts is None:
            return await self._client.conversations_history(**where, cursor=cursor)
        return await self._client.conversations_replies(**where, ts=thread_ts, cursor=cursor)

    async def _keep_permalink(self, delivery: Delivery, sent: Sent) -> None:
        """Keep the link to a new announcement; lists do without one when this fails."""
        if delivery.kind is not DeliveryKind.ANNOUNCEMENT:
            return
        try:
            answer = await self._client.chat_getPermalink(
                channel=sent.channel_id, message_ts=sent.message_ts
            )
        except CALL_ERRORS as error:
            log.info("no permalink", delivery=delivery.id, error=str(error))
            return
        await self._outbox.keep_permalink(delivery, answer["permalink"])


async def _with_blocks_if_taken(
    call: Callable[..., Awaitable[AsyncSlackResponse]], blocks: tuple[Block, ...]
) -> AsyncSlackResponse:
    """Send blocks; should Slack not take them, the text alone says all that they say."""
    try:
        return await call(blocks=blocks)
    except SlackApiError as error:
        if error_name(error) not in ("invalid_blocks", "msg_blocks_too_long"):
            raise
        log.warning("Slack refused the blocks of a message", details=error.response.get("errors"))
        return await call(blocks=[])
