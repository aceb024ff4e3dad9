"""What tests ask and change in their own process: the bot's calls, people, channels."""

from typing import Literal

from pydantic import BaseModel

from incident_bot.sandbox.cast import BOT_USER_ID, TEAM_ID, Channel, User
from incident_bot.sandbox.jsontypes import JsonList
from incident_bot.sandbox.traffic import Traffic
from incident_bot.sandbox.workspace import Workspace


class UserChange(BaseModel):
    id: str
    name: str = ""
    real_name: str = ""
    role: str = ""
    tz: str = "UTC"
    team_id: str = TEAM_ID
    is_bot: bool = False
    is_guest: bool = False
    is_deleted: bool = False


class ChannelChange(BaseModel):
    """Only what is given changes; a channel that does not exist is made."""

    id: str = ""
    name: str | None = None
    kind: Literal["channel", "private"] = "channel"
    members: list[str] | None = None
    has_bot: bool | None = None
    is_archived: bool | None = None
    is_ext_shared: bool | None = None


class Control:
    def __init__(self, workspace: Workspace, traffic: Traffic) -> None:
        self._workspace = workspace
        self._traffic = traffic

    def calls(self, method: str = "", after: int = 0) -> JsonList:
        """The bot's calls in their order, each as an entry of the traffic."""
        entries = self._traffic.after(after, direction="to_slack", kind=method)
        return [entry.shown() for entry in entries]

    def change_user(self, change: UserChange) -> User:
        known = self._workspace.directory.users.get(change.id)
        base = known.model_dump() if known else {"name": change.id.lower(), "real_name": change.id}
        user = User.model_validate(base | change.model_dump(exclude_unset=True))
        self._workspace.directory.users[user.id] = user
        if not user.is_external and not user.is_bot:
            self._workspace.directory.dm_with_bot(user)
        return user

    def change_channel(self, change: ChannelChange, *, by: str = "U0ANA") -> Channel:
        directory = self._workspace.directory
        channel = directory.channels.get(change.id)
        if channel is None:
            is_private = change.kind == "private"
            channel = directory.create(
                change.name or "", is_private=is_private, members=change.members or [by]
            )
        if change.name:
            directory.rename(channel, change.name)
        if change.is_ext_shared and not channel.is_ext_shared:
            self._workspace.share(channel)
        elif change.is_ext_shared is not None:
            channel.is_ext_shared = change.is_ext_shared
        self._change_members(channel, change, by)
        if change.is_archived is not None:
            directory.set_archived(channel, by, is_archived=change.is_archived)
        return channel

    def _change_members(self, channel: Channel, change: ChannelChange, by: str) -> None:
        directory = self._workspace.directory
        wanted = set(channel.members if change.members is None else change.members)
        if change.members is not None and change.has_bot is None and channel.has_bot:
            wanted.add(BOT_USER_ID)
        if change.has_bot is not None:
            wanted = wanted | {BOT_USER_ID} if change.has_bot else wanted - {BOT_USER_ID}
        for user_id in [user_id for user_id in channel.members if user_id not in wanted]:
            directory.leave(channel, user_id, by)
        for user_id in sorted(wanted - set(channel.members)):
            directory.join(channel, user_id, by)
