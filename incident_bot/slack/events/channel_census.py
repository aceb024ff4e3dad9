"""What was done to incidents' channels while no event of it came: found out by looking at them."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import structlog

from incident_bot.domain.incident import SHARED
from incident_bot.slack.api.channels import Channels, is_shared
from incident_bot.slack.api.outcomes import CALL_ERRORS, RESTRICTED
from incident_bot.slack.api.workspace import Workspace
from incident_bot.slack.events.channel_events import ChannelEvents
from incident_bot.slack.payloads import ChannelEvent
from incident_bot.store.channels import IncidentChannels, KnownChannel

log = structlog.get_logger(__name__)

# Slack, "Rate limits": conversations.info may be called 50 times a minute; others look, too.
_REST: Final = 2.0


@dataclass(frozen=True)
class SeenChannel:
    """A channel as Slack shows it; `members` are user IDs, the bot not among them.

    `is_shared` says that people of another organisation may read it.
    """

    name: str
    is_archived: bool
    has_bot: bool
    members: frozenset[str] = frozenset()
    is_shared: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the bot can say something there."""
        return self.has_bot and not self.is_archived


class ChannelCensus:
    """Compares, one after the other, what is believed of incidents' channels with what is so.

    What differs is followed like the event that has not come.
    """

    def __init__(
        self,
        incident_channels: IncidentChannels,
        channels: Channels,
        events: ChannelEvents,
        workspace: Workspace,
    ) -> None:
        self._incident_channels = incident_channels
        self._channels = channels
        self._events = events
        self._workspace = workspace

    async def take(self) -> None:
        """Look at all, once Slack is reached; what it does not show now is seen the next time."""
        await self._workspace.becomes_known()
        for known in await self._incident_channels.known():
            try:
                seen = await self._look_at(known)
            except CALL_ERRORS as error:
                log.info("a channel was not looked at", channel_id=known.id, error=str(error))
            else:
                await self._follow(known, seen)
            await asyncio.sleep(_REST)

    async def _look_at(self, known: KnownChannel) -> SeenChannel | None:
        """None: it is gone, or hidden from the bot; raises what calls raise."""
        channel = await self._channels.find(known.id)
        if channel is None:
            return None
        seen = SeenChannel(
            name=channel["name"],
            is_archived=channel.get("is_archived", False),
            has_bot=channel.get("is_member") is not False,
            is_shared=is_shared(channel),
        )
        if not known.incident.is_private or not seen.is_open:
            return seen
        members = frozenset([who async for who in self._channels.members(known.id)])
        return replace(seen, members=members - {self._workspace.bot_user_id})

    async def _follow(self, known: KnownChannel, seen: SeenChannel | None) -> None:
        # What happened while Slack was asked came as an event.
        newest = await self._incident_channels.known(known.id)
        for event in (missed for now in newest for missed in missed_events(now, seen)):
            log.info("an event has not come", channel_id=known.id, kind=event.kind)
            await self._events.follow(event)


def missed_events(known: KnownChannel, seen: SeenChannel | None) -> Iterator[ChannelEvent]:
    """What would have told that a channel has become as it is `seen`; None: it cannot be seen."""
    if seen is not None and seen.name != known.incident.channel_name:
        yield _event("channel_rename", known, name=seen.name)
    if seen is None or not seen.is_open:
        if known.is_open:
            is_archived = seen is not None and seen.is_archived
            yield _event("channel_archive" if is_archived else "channel_left", known)
        return
    is_kept_closed = known.closed_for == SHARED and seen.is_shared
    if not known.is_open and not is_kept_closed:
        # Where Slack lets the bot say nothing, as it restricts who may post, nobody opened it.
        if RESTRICTED not in (known.closed_for or ""):
            yield _event("channel_unarchive", known)
        return  # its people are being invited now
    if known.incident.is_private:
        yield from _people_missed(known, seen.members)


def _people_missed(known: KnownChannel, members: frozenset[str]) -> Iterator[ChannelEvent]:
    """Who has left, and who has come."""
    # They were never there, so they haven't left.
    not_there_yet = known.uninvited | known.being_invited
    for responder in known.responders:
        if responder.user_id not in members | not_there_yet:
            yield _event("member_left_channel", known, user_id=responder.user_id)
    for user_id in sorted(members):
        is_let_in_after_all = user_id in known.uninvited
        if is_let_in_after_all or not known.incident.concerns(user_id, known.responders):
            yield _event("member_joined_channel", known, user_id=user_id)


def _event(
    kind: str, known: KnownChannel, *, name: str | None = None, user_id: str | None = None
) -> ChannelEvent:
    return ChannelEvent(kind=kind, channel_id=known.id, name=name, user_id=user_id)
