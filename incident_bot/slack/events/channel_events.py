"""What people do to channels by hand: noticed, so that what the bot believes of them is so."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final

import structlog

from incident_bot.slack.api.channels import Channels, is_shared
from incident_bot.slack.api.outcomes import CALL_ERRORS
from incident_bot.slack.api.people import People
from incident_bot.slack.api.standing import NotLookedUp
from incident_bot.slack.api.workspace import Workspace
from incident_bot.slack.payloads import ChannelEvent, ChannelIdChanged
from incident_bot.store.channels import IncidentChannels
from incident_bot.store.engine.database import DatabaseAway

log = structlog.get_logger(__name__)

EVENTS: Final = (
    "channel_archive",
    "channel_deleted",
    "channel_left",
    "channel_rename",
    "channel_unarchive",
    "group_archive",
    "group_deleted",
    "group_left",
    "group_rename",
    "group_unarchive",
    "member_joined_channel",
    "member_left_channel",
)
"""Slack's names; the manifest subscribes to each."""

_SOMEBODY: Final = "Somebody"


class ChannelEvents:
    """Follows events. `opened` is told the ID of a channel that may take messages now.

    `closed` is told of one that takes none any more. `moved` is told the old and the new ID of
    one, and its name if known; it says whether that is the announcement channel.

    An event may come late, again or after a younger one. Who is in the channel of a private
    incident sees that incident, so there Slack is asked who is in it now.
    """

    def __init__(
        self,
        incident_channels: IncidentChannels,
        channels: Channels,
        people: People,
        workspace: Workspace,
        opened: Callable[[str], Awaitable[None]],
        closed: Callable[[str], Awaitable[None]],
        *,
        moved: Callable[[str, str, str | None], bool],
    ) -> None:
        self._incident_channels = incident_channels
        self._channels = channels
        self._people = people
        self._workspace = workspace
        self._opened = opened
        self._closed = closed
        self._moved = moved

    async def follow(self, event: ChannelEvent) -> bool:
        """Note what has happened; False: ask again later."""
        return await self._followed(event.kind, self._note(event))

    async def follow_id(self, event: ChannelIdChanged) -> bool:
        """Note that a channel has another ID; False: ask again later."""
        moving = self._move(event.old_channel_id, event.new_channel_id)
        return await self._followed("channel_id_changed", moving)

    async def _followed(self, kind: str, noting: Coroutine[Any, Any, None]) -> bool:
        try:
            await noting
        except (*CALL_ERRORS, DatabaseAway, NotLookedUp) as error:
            log.warning("an event could not be followed", kind=kind, error=str(error))
            return False
        return True

    async def _note(self, event: ChannelEvent) -> None:
        channel_id, actor = event.channel_id, event.user_id or _SOMEBODY
        is_bot = event.user_id == self._workspace.bot_user_id
        match event.kind:
            case "channel_archive":
                await self._close(channel_id, actor)
            case "channel_deleted":
                await self._close(channel_id, actor, "the channel was deleted")
            case "channel_left":
                await self._close(channel_id, actor, "the bot is not in it any more")
            case "channel_unarchive":
                await self._open(channel_id, actor)
            case "channel_rename" if event.name is not None:
                await self._incident_channels.renamed(channel_id, event.name, actor)
            case "member_joined_channel" if is_bot:
                await self._open(channel_id, event.inviter_id or actor)
            case "member_joined_channel":
                await self._enter(channel_id, actor, event.inviter_id or actor)
            case "member_left_channel" if not is_bot:
                await self._leave(channel_id, actor)

    async def _enter(self, channel_id: str, user_id: str, actor: str) -> None:
        if not await self._incident_channels.is_private(channel_id):
            return  # nobody need be looked up
        if await self._people.is_foreign(user_id):
            return
        if await self._channels.has_member(channel_id, user_id):
            await self._incident_channels.entered(channel_id, user_id, actor)
            # They may have left meanwhile, and another process have found that they never came.
            if not await self._channels.has_member(channel_id, user_id):
                await self._incident_channels.left(channel_id, user_id)

    async def _leave(self, channel_id: str, user_id: str) -> None:
        if not await self._incident_channels.is_private(channel_id):
            return
        try:
            is_back = await self._channels.has_member(channel_id, user_id)
        except CALL_ERRORS as error:  # rather somebody too few than one too many
            log.info("whoever left is believed to be gone", error=str(error))
            is_back = False
        if not is_back:
            await self._incident_channels.left(channel_id, user_id)

    async def _move(self, old: str, new: str) -> None:
        """All goes on under the new ID, but people from elsewhere are told nothing by accident.

        Whoever configures the announcement channel means that channel, also when it is shared.
        """
        channel = await self._channels.find(new)
        is_for_others = channel is None or is_shared(channel)
        if self._moved(old, new, None if channel is None else channel["name"]):
            if is_for_others:
                log.warning("another organisation may read the announcements", channel_id=new)
            is_for_others = False
        await self._incident_channels.moved(old, new, is_shared=is_for_others)
        log.info("a channel has another ID", old=old, new=new, is_told_nothing=is_for_others)
        if channel is None or is_for_others:
            return
        if channel.get("is_member") is not False and not channel.get("is_archived"):
            await self._open(new, _SOMEBODY)

    async def _open(self, channel_id: str, actor: str) -> None:
        if await self._stays_closed(channel_id):
            return
        await self._incident_channels.opened(channel_id, actor)
        await self._opened(channel_id)

    async def _stays_closed(self, channel_id: str) -> bool:
        """Whether it was closed because people from elsewhere may read it, and they still may."""
        if not await self._incident_channels.is_closed_as_shared(channel_id):
            return False
        channel = await self._channels.find(channel_id)
        return channel is None or is_shared(channel)

    async def _close(self, channel_id: str, actor: str, reason: str | None = None) -> None:
        await self._incident_channels.closed(channel_id, actor, reason)
        await self._closed(channel_id)
