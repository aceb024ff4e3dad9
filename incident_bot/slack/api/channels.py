"""Looks at channels: what ID the announcement channel's name stands for, and who is in one."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable
from typing import Any, Final

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from incident_bot.domain.text import one_line
from incident_bot.slack.api.outcomes import CALL_ERRORS, error_name
from incident_bot.slack.api.workspace import Workspace

log = structlog.get_logger(__name__)

# Names have no capitals.
_ID: Final = re.compile(r"[CGD][A-Z0-9]+")
_PAGE: Final = 1000
# In an organisation an app may be kept from listing a workspace's channels (conversations.list).
_NO_LIST: Final = frozenset(
    {"missing_argument", "team_access_not_granted", "enterprise_is_restricted", "team_not_found"}
)


def is_channel_id(destination: str) -> bool:
    """Whether it is an ID rather than a name."""
    return _ID.fullmatch(destination) is not None


def is_shared(channel: dict[str, Any]) -> bool:
    """Whether people of another organisation may read a channel, or are asked to join it.

    `channel` is as Slack describes it ("Conversation object").
    """
    return bool(channel.get("is_ext_shared") or channel.get("is_pending_ext_shared"))


class ChannelMissing(Exception):
    """No such channel is visible to the bot."""


class Channels:
    """Knows the IDs of channels that were asked for by name."""

    def __init__(self, client: AsyncWebClient, workspace: Workspace) -> None:
        self._client = client
        self._workspace = workspace
        self._ids: dict[str, str] = {}
        self._new_ids: dict[str, str] = {}
        self._interrupted: dict[str, str] = {}

    async def id_of(self, destination: str) -> str:
        """The ID of a channel given by ID or name; raises ChannelMissing and what calls raise."""
        if is_channel_id(destination):
            return self._new_ids.get(destination, destination)
        if destination not in self._ids:
            self._ids[destination] = (await self._find(destination))["id"]
        return self._ids[destination]

    def known_id(self, destination: str) -> str | None:
        """The ID, if it is known without asking Slack."""
        if is_channel_id(destination):
            return self._new_ids.get(destination, destination)
        return self._ids.get(destination)

    def follow(self, destination: str, channel_id: str) -> None:
        """A channel given by ID or name has this ID now, until the bot ends."""
        ids = self._new_ids if is_channel_id(destination) else self._ids
        ids[destination] = channel_id

    def forget(self, destination: str) -> None:
        """Look it up anew the next time: the name may belong to another channel by now."""
        self._ids.pop(destination, None)

    async def problem(self, destination: str) -> str | None:
        """What keeps the bot from posting there, in words; or None."""
        try:
            channel = await self._look_at(destination)
        except ChannelMissing as error:
            return str(error)
        if channel.get("is_archived"):
            return f"the channel {destination} is archived: unarchive it"
        if channel.get("is_member") is False:
            return f"the bot is not in the channel {destination}: type /invite @Incident Bot there"
        return None

    async def _look_at(self, destination: str) -> dict[str, Any]:
        if not is_channel_id(destination):
            channel = await self._find(destination)
            self._ids[destination] = channel["id"]
            return channel
        return await self._info(self._new_ids.get(destination, destination))

    async def name_of(self, channel_id: str) -> str:
        """Raises what calls raise."""
        return str((await self._info(channel_id))["name"])

    async def names_of(self, channel_ids: Iterable[str], within: float) -> dict[str, str]:
        """What public channels are called, as far as Slack says so within so many seconds.

        Names of private channels are not for everybody who reads the words that mention them.
        """
        asking = {one: asyncio.create_task(self._public_name(one)) for one in channel_ids}
        if not asking:
            return {}
        _, late = await asyncio.wait(asking.values(), timeout=within)
        for task in late:
            task.cancel()
        found = {one: task.result() for one, task in asking.items() if task not in late}
        return {one: name for one, name in found.items() if name is not None}

    async def _public_name(self, channel_id: str) -> str | None:
        try:
            channel = await self._info(channel_id)
        except CALL_ERRORS as error:
            log.info("a channel could not be looked up", channel_id=channel_id, error=str(error))
            return None
        return None if channel.get("is_private") else str(channel["name"])

    async def find(self, channel_id: str) -> dict[str, Any] | None:
        """A channel as Slack describes it; None if there is none, or it is hidden from the bot."""
        try:
            return await self._info(channel_id)
        except SlackApiError as error:
            if error_name(error) == "channel_not_found":
                return None
            raise

    async def _info(self, channel_id: str) -> dict[str, Any]:
        response = await self._client.conversations_info(channel=channel_id)
        found: dict[str, Any] = response["channel"]
        return found | {"name": one_line(str(found.get("name")))}

    async def every(self, sought: str) -> AsyncIterator[dict[str, Any]]:
        """The channels that the bot can see, as Slack describes them.

        Slack lists some 20,000 a minute ("Rate limits"): where there are more, it interrupts. When
        the same is `sought` again, it goes on there.
        """
        cursor = self._interrupted.pop(sought, "")
        while True:
            try:
                response = await self._client.conversations_list(
                    types="public_channel,private_channel",
                    limit=_PAGE,
                    cursor=cursor,
                    team_id=self._workspace.named_team_id,
                )
            except CALL_ERRORS as error:
                if error_name(error) != "invalid_cursor":
                    self._interrupted[sought] = cursor
                raise
            for channel in response["channels"]:
                yield channel
            cursor = (response.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    async def has_member(self, channel_id: str, user_id: str) -> bool:
        """Whether somebody is in a channel that the bot is in, too; raises what calls raise."""
        async for member in self.members(channel_id):
            if member == user_id:
                return True
        return False

    async def members(self, channel_id: str) -> AsyncIterator[str]:
        """The user IDs of all who are in a channel that the bot is in, too."""
        cursor = ""
        while True:
            response = await self._client.conversations_members(
                channel=channel_id, limit=_PAGE, cursor=cursor
            )
            for member in response["members"]:
                yield member
            cursor = (response.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    async def _find(self, name: str) -> dict[str, Any]:
        try:
            async for channel in self.every(name):
                if channel.get("name") == name:
                    return channel
        except SlackApiError as error:
            if error_name(error) not in _NO_LIST:
                raise
            raise ChannelMissing(
                f"Slack does not let the bot look up #{name} by its name ({error_name(error)}): "
                "set INCIDENT_BOT_CHANNEL to the channel's ID, which Slack shows in its details"
            ) from error
        raise ChannelMissing(
            f"there is no channel #{name} that the bot can see: create it, or set "
            "INCIDENT_BOT_CHANNEL; a private one shows once the bot is invited"
        )
