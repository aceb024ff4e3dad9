"""📌 on a message in the thread of an announcement puts that message into the timeline.

Nobody is answered: the reaction itself shows. What cannot be done is in the log.
"""

import asyncio
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from pydantic import BaseModel, ConfigDict
from slack_sdk.web.async_client import AsyncWebClient

from incident_bot.domain.errors import NotAllowed, RepeatedRequest
from incident_bot.domain.note import NOTE_LIMIT, PinnedMessage
from incident_bot.slack.api.channels import Channels
from incident_bot.slack.api.outcomes import CALL_ERRORS
from incident_bot.slack.api.people import People
from incident_bot.slack.api.standing import NotLookedUp
from incident_bot.slack.api.workspace import Workspace
from incident_bot.slack.payloads import Reaction
from incident_bot.slack.text.mrkdwn import cut
from incident_bot.slack.text.speech import SaidMessage, words_of
from incident_bot.store.engine.database import DatabaseAway
from incident_bot.store.notes import Timelines

log = structlog.get_logger(__name__)

PIN: Final = "pushpin"
"""Slack's name for 📌."""

# Seconds. Slack asks again when the whole takes long, so that it may.
_NAMES_WITHIN: Final = 5.0


class _Emoji(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    name: str
    users: tuple[str, ...] = ()


class _Message(SaidMessage):
    """A message as Slack shows it now (conversations.replies)."""

    reactions: tuple[_Emoji, ...] = ()

    @property
    def pinned_by(self) -> tuple[str, ...]:
        return tuple(user for emoji in self.reactions if emoji.name == PIN for user in emoji.users)


class Pins:
    """Keeps the timelines in line with the 📌 that Slack shows."""

    def __init__(
        self,
        client: AsyncWebClient,
        timelines: Timelines,
        people: People,
        channels: Channels,
        workspace: Workspace,
    ) -> None:
        self._client = client
        self._timelines = timelines
        self._people = people
        self._channels = channels
        self._workspace = workspace
        # What is looked at last has to be written last.
        self._one_by_one = asyncio.Lock()

    async def follow(self, reaction: Reaction) -> bool:
        """Pin or unpin a message, if the reaction is about that; False: ask again later.

        An event says only that something has changed, and one may overtake another: what counts
        is the message as it is now.
        """
        if reaction.name != PIN or reaction.channel_id is None or reaction.message_ts is None:
            return True
        try:
            async with self._one_by_one:
                if reaction.is_added:
                    await self._pin(reaction, reaction.channel_id, reaction.message_ts)
                else:
                    await self._unpin(reaction.channel_id, reaction.message_ts)
        except RepeatedRequest:
            log.info("a reaction came again", user_id=reaction.user_id)
        except (*CALL_ERRORS, DatabaseAway, NotLookedUp) as error:
            log.warning(
                "a message could not be pinned or unpinned",
                channel_id=reaction.channel_id,
                message_ts=reaction.message_ts,
                error=str(error),
            )
            return False
        except NotAllowed as error:
            log.warning(
                "a change was refused",
                user_id=reaction.user_id,
                action="reaction pushpin",
                reason=str(error),
            )
        return True

    async def _pin(self, reaction: Reaction, channel_id: str, message_ts: str) -> None:
        if self._is_ours(reaction.author_id) or not await self._timelines.has_incident_in(
            channel_id
        ):
            return
        message = await self._look_at(channel_id, message_ts)
        if message is None or self._is_ours(message.user):
            return
        if reaction.user_id not in message.pinned_by:
            return
        await self._people.refuse_change(reaction.user_id)
        pinned = PinnedMessage(
            channel_id=channel_id,
            message_ts=message_ts,
            author=message.author,
            text=await self._words(message),
            posted_at=datetime.fromtimestamp(float(message_ts), UTC),
            permalink=await self._permalink(channel_id, message_ts),
        )
        if await self._timelines.pin(reaction.request, pinned, message.thread_ts):
            # It may have been taken back meanwhile, and another process have found no pin yet.
            await self._unpin(channel_id, message_ts)

    async def _unpin(self, channel_id: str, message_ts: str) -> None:
        if not await self._timelines.is_pinned(channel_id, message_ts):
            return
        message = await self._look_at(channel_id, message_ts)
        if message is None or not await self._is_pinned_by_any(message.pinned_by):
            await self._timelines.unpin(channel_id, message_ts)

    async def _words(self, message: _Message) -> str:
        words = await words_of(message, self._people, self._channels, _NAMES_WITHIN)
        return cut(words, NOTE_LIMIT) or "a message without words"

    async def _is_pinned_by_any(self, user_ids: tuple[str, ...]) -> bool:
        """Whether somebody pins it who may; of whom Slack says nothing, that is believed."""
        for user_id in user_ids:
            try:
                await self._people.refuse_change(user_id)
            except NotLookedUp:
                return True
            except NotAllowed:
                continue
            return True
        return False

    def _is_ours(self, user_id: str | None) -> bool:
        """The timeline has what the bot tells already."""
        return user_id is not None and user_id == self._workspace.bot_user_id

    async def _look_at(self, channel_id: str, message_ts: str) -> _Message | None:
        """None when it is not there any more. Slack may give its thread's first message, too."""
        response = await self._client.conversations_replies(
            channel=channel_id,
            ts=message_ts,
            oldest=message_ts,
            latest=message_ts,
            inclusive=True,
            limit=10,
        )
        found: list[dict[str, Any]] = response["messages"]
        [message, *_] = [*(one for one in found if one.get("ts") == message_ts), None]
        return None if message is None else _Message.model_validate(message)

    async def _permalink(self, channel_id: str, message_ts: str) -> str:
        response = await self._client.chat_getPermalink(channel=channel_id, message_ts=message_ts)
        link: str = response["permalink"]
        return link
