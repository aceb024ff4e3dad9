"""Sends what the outbox holds: announcements, notifications, replies, direct messages, edits."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from incident_bot import failpoints
from incident_bot.delivery.outcome import (
    AccessLost,
    ChannelClosed,
    ChannelMade,
    Done,
    NotSent,
    Outcome,
    RateLimited,
    Refused,
    Sent,
    TakenOver,
    Unknown,
    Unwelcome,
)
from incident_bot.domain.actors import is_user_id
from incident_bot.domain.incident import Incident
from incident_bot.domain.newer import known
from incident_bot.domain.reminder import ReminderKind
from incident_bot.domain.severity import Severities
from incident_bot.domain.timeline import EntryKind, TimelineEntry
from incident_bot.failpoints import Failpoint
from incident_bot.slack.api.channels import ChannelMissing, Channels, is_channel_id
from incident_bot.slack.api.outcomes import CALL_ERRORS, error_name, outcome_of
from incident_bot.slack.api.people import People
from incident_bot.slack.messages.announcement import announcement
from incident_bot.slack.messages.direct import direct
from incident_bot.slack.messages.notification import is_broadcast, notification, people_named
from incident_bot.slack.messages.origin import origin_reply
from incident_bot.slack.messages.trouble import trouble
from incident_bot.slack.sending.channel_steps import METHODS, ChannelSteps
from incident_bot.slack.sending.history import THREAD_GONE, History, marks
from incident_bot.slack.tasks import Tasks
from incident_bot.slack.text.mrkdwn import Block
from incident_bot.slack.text.parts import Message
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.outbox.contents import Content
from incident_bot.store.outbox.deliveries import Delivery
from incident_bot.store.outbox.operations import Operation
from incident_bot.store.outbox.queue import ClaimLost

log = structlog.get_logger(__name__)

_POST: Final = "chat.postMessage"
_UPDATE: Final = "chat.update"
_WHO_WE_ARE: Final = "auth.test"
# Seconds; what people are called is known as a rule, since they have just done something.
_NAMES_WITHIN: Final = 3.0
# Some seconds: a newer replica beside this one takes it meanwhile, and all behind it waits.
_TRIES_LEFT_TO_NEWER: Final = 4
# Said of one person it is no reason to write to nobody.
_NOT_TO_THEM: Final = frozenset({"access_denied", "no_permission"})
_BLOCKS_REFUSED: Final = frozenset({"invalid_blocks", "msg_blocks_too_long"})
_MESSAGE_GONE: Final = frozenset({"message_not_found", "cant_update_message"})


class SlackSender:
    """Renders and sends one delivery; says how it went."""

    def __init__(  # noqa: PLR0913 - the parts that it works with
        self,
        client: AsyncWebClient,
        outbox: Outbox,
        channels: Channels,
        history: History,
        severities: Severities,
        *,
        announcement_channel: str,
        tasks: Tasks,
        people: People,
        steps: ChannelSteps,
    ) -> None:
        self._client = client
        self._outbox = outbox
        self._messages = outbox.messages
        self._channels = channels
        self._history = history
        self._severities = severities
        self._announcement_channel = announcement_channel
        self._tasks = tasks
        self._people = people
        self._steps = steps

    def method(self, delivery: Delivery) -> str:
        if not delivery.operation.is_message:
            return METHODS[delivery.operation]
        return _POST if delivery.is_post else _UPDATE

    async def send(self, delivery: Delivery) -> Outcome:
        try:
            outcome = await self._sent(delivery)
        except ClaimLost:
            return TakenOver()
        if isinstance(outcome, AccessLost):
            return await self._verified(outcome, self.method(delivery))
        return outcome

    async def _verified(self, lost: AccessLost, method: str) -> Outcome:
        """Believe that nothing can be sent only if Slack does not know us by our token either.

        Or if it knows us, and the token lacks the scope to send anything.
        """
        try:
            response = await self._client.auth_test()
        except CALL_ERRORS as error:
            if isinstance(outcome_of(error, _WHO_WE_ARE), Unknown | NotSent | RateLimited):
                return NotSent(lost.reason, method)
            return AccessLost(f"Slack does not accept SLACK_BOT_TOKEN ({error_name(error)})")
        if lost.scope is not None:
            scopes = response.headers.get("x-oauth-scopes")
            if scopes is None or not set(lost.scope.split(",")) & set(scopes.split(",")):
                return lost
        reason = f"{method} was refused although {_WHO_WE_ARE} is accepted: {lost.reason}"
        return NotSent(reason, method)

    async def _sent(self, delivery: Delivery) -> Outcome:
        content = await self._messages.content(delivery)
        if content is None:
            return Refused("it is announced there no longer")
        if not _is_apt(content) or await self._is_for_nobody(delivery):
            return Done()
        if not delivery.operation.is_message:
            outcome = await self._steps.take(delivery, content)
            _note_success(outcome)
            return outcome
        try:
            outcome = await self._send(delivery, content)
        except ChannelMissing as error:
            outcome = ChannelClosed(str(error))
        except CALL_ERRORS as error:
            outcome = outcome_of(error, self.method(delivery))
            if delivery.operation.is_to_person and error_name(error) in _NOT_TO_THEM:
                outcome = Refused(f"Slack does not let the bot write to them ({error_name(error)})")
        if isinstance(outcome, ChannelClosed):
            return await self._closed(delivery, content, outcome)
        _note_success(outcome)
        if isinstance(outcome, Sent) and outcome.message_ts != content.message_ts:
            self._tasks.start(self._keep_permalink(delivery, outcome))
        return outcome

    async def _is_for_nobody(self, delivery: Delivery) -> bool:
        """Whether it is a direct message to somebody whose account is deactivated."""
        is_to_person = delivery.operation.is_to_person and delivery.is_post
        return is_to_person and bool(await self._people.deactivated([delivery.destination]))

    async def is_target_answering(self) -> bool:
        """Whether Slack answers at all: that proves nothing of its taking messages."""
        try:
            await self._client.auth_test()
        except CALL_ERRORS:
            return False
        return True

    async def who_asked(self, delivery: Delivery) -> str | None:
        """Who asked for it; or if they are gone, the lead or else who declared it.

        None where nobody may be told, or would want to know.
        """
        content = await self._messages.content(delivery)
        if content is None or content.trouble or _is_past(content.incident, delivery.operation):
            return None
        incident = content.incident
        asked = content.entry.actor if content.entry else incident.reporter_id
        if asked is None or not is_user_id(asked):
            return None
        people = [
            user_id
            for user_id in (asked, incident.lead, incident.reporter_id)
            if user_id is not None and is_user_id(user_id) and _may_see(user_id, content)
        ]
        gone = await self._people.deactivated(people)
        return next((user_id for user_id in people if user_id not in gone), None)

    async def _closed(
        self, delivery: Delivery, content: Content, outcome: ChannelClosed
    ) -> Outcome:
        """The announcement channel is waited for; where it was declared is a courtesy.

        Nobody can mend that a person takes no messages. Below the message from which it was
        declared there is no link then: who did it is told so.
        """
        if delivery.operation.is_to_person or delivery.operation is Operation.ORIGIN:
            return Refused(outcome.reason)
        self._channels.forget(delivery.destination)
        is_name = not is_channel_id(delivery.destination)
        if delivery.destination != self._announcement_channel and not is_name:
            return Unwelcome(outcome.reason)
        if content.channel_id is not None and await self._has_moved(delivery, content.channel_id):
            if delivery.is_edit_of_entry:
                return Refused(f"it is in an earlier channel of that name: {outcome.reason}")
            await self._messages.forget_place(delivery)
            return NotSent("another channel has the name now: it is announced there anew")
        return outcome

    async def _has_moved(self, delivery: Delivery, channel_id: str) -> bool:
        """Whether the channel's name belongs to another channel now."""
        try:
            return await self._channels.id_of(delivery.destination) != channel_id
        except (*CALL_ERRORS, ChannelMissing):
            return False

    async def _send(self, delivery: Delivery, content: Content) -> Outcome:
        if delivery.operation is Operation.ANNOUNCEMENT:
            return await self._announce(delivery, content)
        if delivery.operation is Operation.ORIGIN:
            return await self._reply(delivery, content)
        if content.trouble is not None:
            text = trouble(content.incident, content.trouble)
            return await self._post(delivery, delivery.destination, text, ())
        return await self._tell(delivery, content)

    async def _tell(self, delivery: Delivery, content: Content) -> Outcome:
        """Tell a timeline entry, or edit what tells it."""
        if content.entry is None or content.incident.is_deleted:
            return Refused("the incident was deleted before this was sent")
        if _is_for_newer(content.entry) and delivery.attempts <= _TRIES_LEFT_TO_NEWER:
            return NotSent("only a newer version of the bot has the words for it")
        message = await self._message(delivery, content, content.entry)
        if delivery.is_edit_of_entry:
            return await self._edit_told(delivery, content, message)
        if delivery.operation is Operation.DIRECT:
            return await self._post(delivery, delivery.destination, message.text, message.blocks)
        return await self._notify(delivery, content, content.entry, message)

    async def _announce(self, delivery: Delivery, content: Content) -> Outcome:
        channel_id = content.channel_id or await self._channels.id_of(delivery.destination)
        text, blocks = announcement(content.incident, self._severities, content.responders)
        if content.message_ts is not None:
            edited = await self._edit(delivery, channel_id, content.message_ts, text, blocks)
            if edited is not None:
                return edited
            if await self._messages.is_thread_in_doubt(delivery):
                return NotSent(
                    "what may be in the thread of the deleted message is looked for first"
                )
        if content.incident.is_deleted:
            return Refused("the incident was deleted, and its announcement too")
        if await self._is_announced_there_anyway(delivery, content):
            return Unwelcome("it is the announcement channel, where it is announced by name")
        return await self._post(delivery, channel_id, text, blocks)

    async def _is_announced_there_anyway(self, delivery: Delivery, content: Content) -> bool:
        """Whether the channel in which it was declared is the announcement channel.

        Slack does not tell the name of a private channel in which somebody does something, and
        the ID of the announcement channel may not have been known yet.
        """
        if delivery.destination in (self._announcement_channel, content.incident.channel_id):
            return False
        try:
            announced_in = await self._channels.id_of(self._announcement_channel)
        except ChannelMissing:
            return False
        return delivery.destination == announced_in

    async def _message(self, delivery: Delivery, content: Content, entry: TimelineEntry) -> Message:
        """What tells the entry, to a channel or to a person."""
        if delivery.operation is Operation.NOTIFICATION:
            return notification(
                content.incident,
                entry,
                items=content.action_items,
                names=await self._people.names_of(people_named(entry), _NAMES_WITHIN),
                can_be_undone=content.can_be_undone,
            )
        link = await self._messages.permalink(delivery, self._announcement_channel)
        items = content.action_items
        reader = delivery.destination
        return direct(content.incident, entry, self._severities, link, items, reader=reader)

    async def _notify(
        self, delivery: Delivery, content: Content, entry: TimelineEntry, message: Message
    ) -> Outcome:
        channel_id = content.channel_id or await self._channels.id_of(delivery.destination)
        thread: dict[str, Any] = {}
        # In its own channel an incident is what all talk about: nothing is put aside in a thread.
        is_aside = delivery.destination != content.incident.channel_id
        if is_aside and content.message_ts is not None:
            thread = {"thread_ts": content.message_ts, "reply_broadcast": is_broadcast(entry)}
        try:
            return await self._post(delivery, channel_id, message.text, message.blocks, **thread)
        except SlackApiError as error:
            if error_name(error) not in THREAD_GONE:
                raise
            return await self._post(delivery, channel_id, message.text, message.blocks)

    async def _edit_told(self, delivery: Delivery, content: Content, message: Message) -> Outcome:
        """Edit what tells an entry; where it is not, it is not posted anew."""
        if content.channel_id is None or content.message_ts is None:
            return Refused("what it edits was never posted")
        edited = await self._edit(
            delivery, content.channel_id, content.message_ts, message.text, message.blocks
        )
        return edited or Refused("somebody deleted the message that it edits")

    async def _reply(self, delivery: Delivery, content: Content) -> Outcome:
        """Below the message from which it was declared, with the link if it is known."""
        if content.incident.is_deleted:
            return Refused("the incident was deleted before this was sent")
        link = await self._messages.permalink(delivery, self._announcement_channel)
        if not delivery.is_post:
            link = link or await self._permalink(delivery)
        text, blocks = origin_reply(content.incident, self._announcement_channel, link)
        if not delivery.is_post:
            place = (delivery.destination, str(content.message_ts))
            edited = await self._edit(delivery, *place, text, blocks)
            return edited or Refused("the reply was deleted")
        try:
            return await self._post(
                delivery, delivery.destination, text, blocks, thread_ts=content.thread_ts
            )
        except SlackApiError as error:
            if error_name(error) not in THREAD_GONE:
                raise
            return Refused("that message takes no replies, or it is gone")

    async def _permalink(self, delivery: Delivery) -> str | None:
        """The link to the incident's announcement, as Slack gives it."""
        place = await self._messages.announced_at(delivery, self._announcement_channel)
        if place is None:
            return None
        channel_id, message_ts = place
        response = await self._client.chat_getPermalink(channel=channel_id, message_ts=message_ts)
        link: str = response["permalink"]
        return link

    async def _edit(
        self,
        delivery: Delivery,
        channel_id: str,
        message_ts: str,
        text: str,
        blocks: tuple[Block, ...],
    ) -> Sent | None:
        """Edit a message; None when it is there no longer."""
        try:
            await self._with_blocks_if_taken(
                delivery,
                blocks,
                lambda **shape: self._client.chat_update(
                    channel=channel_id, ts=message_ts, text=text, **shape
                ),
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
            found = await self._history.find(delivery, channel_id, thread.get("thread_ts"))
            if found is not None:
                return found
        response = await self._with_blocks_if_taken(
            delivery,
            blocks,
            lambda **shape: self._client.chat_postMessage(
                channel=channel_id,
                text=text,
                **marks(delivery),
                unfurl_links=False,
                unfurl_media=False,
                **shape,
                **thread,
            ),
        )
        return Sent(response.get("channel") or channel_id, response["ts"])

    async def _with_blocks_if_taken(
        self,
        delivery: Delivery,
        blocks: tuple[Block, ...],
        call: Callable[..., Awaitable[AsyncSlackResponse]],
    ) -> AsyncSlackResponse:
        """Send blocks; should Slack not take them, the text alone says all that they say."""
        await self._outbox.hold(delivery)
        try:
            return await call(blocks=() if delivery.is_text_alone else blocks)
        except SlackApiError as error:
            if error_name(error) not in _BLOCKS_REFUSED:
                raise
            refused = error.response.get("errors")
        log.warning("Slack refused the blocks of a message", details=refused)
        await self._outbox.hold(delivery)
        return await call(blocks=[])

    async def _keep_permalink(self, delivery: Delivery, sent: Sent) -> None:
        """Keep the link to a new announcement; lists do without one when this fails."""
        if delivery.operation is not Operation.ANNOUNCEMENT:
            return
        try:
            response = await self._client.chat_getPermalink(
                channel=sent.channel_id, message_ts=sent.message_ts
            )
        except CALL_ERRORS as error:
            log.info("no permalink", delivery=delivery.id, error=str(error))
            return
        await self._messages.keep_permalink(delivery, response["permalink"])


def _is_apt(content: Content) -> bool:
    """Of a reminder, whether what it asks for is still missing; of trouble, whether it lasts."""
    entry = content.entry
    if content.trouble is not None:
        return not (
            content.trouble.is_over or _is_past(content.incident, content.trouble.operation)
        )
    if entry is None or entry.kind is not EntryKind.REMINDED:
        return True
    if entry.is_reminder_of_items:
        return bool(content.action_items.shown)
    kind = known(ReminderKind, str(entry.text))
    return not isinstance(kind, ReminderKind) or kind.is_apt(content.incident)


def _is_for_newer(entry: TimelineEntry) -> bool:
    """Whether a replica that is newer than this one knows better how to tell it."""
    is_known = isinstance(entry.kind, EntryKind)
    if entry.kind is EntryKind.REMINDED:
        is_known = isinstance(known(ReminderKind, str(entry.text)), ReminderKind)
    return not is_known


def _is_past(incident: Incident, operation: Operation) -> bool:
    """Whether the incident was deleted: then only a channel that stays open is of interest."""
    return incident.is_deleted and operation is not Operation.ARCHIVING


def _may_see(user_id: str, content: Content) -> bool:
    incident = content.incident
    return not incident.is_private or incident.concerns(user_id, content.responders)


def _note_success(outcome: Outcome) -> None:
    if isinstance(outcome, Sent | Done | ChannelMade):
        failpoints.reached(Failpoint.AFTER_POST)
