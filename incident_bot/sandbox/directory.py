"""Who and what there is: people and channels, who is in which, who may see which."""

import re

from incident_bot.sandbox.bus import Bus, ChannelChanged
from incident_bot.sandbox.cast import BOT_USER_ID, Bookmark, Channel, User
from incident_bot.sandbox.clock import Clock
from incident_bot.sandbox.errors import SlackError

# Slack, conversations.create: lower case, digits, hyphens and underscores, at most 80.
_CHANNEL_NAME = re.compile(r"[\w-]+")
_NAME_LIMIT = 80


class Directory:
    def __init__(self, bus: Bus, clock: Clock) -> None:
        self._bus = bus
        self._clock = clock
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}

    def fill(self, users: list[User], channels: list[Channel]) -> None:
        self.users = {user.id: user for user in users}
        self.channels = {channel.id: channel for channel in channels}
        for user in users:
            if not user.is_bot and not user.is_external:
                self.dm_with_bot(user)

    def dm_with_bot(self, user: User) -> Channel:
        channel_id = f"D{user.id[1:]}"
        if channel_id not in self.channels:
            members = [user.id, BOT_USER_ID]
            self.channels[channel_id] = Channel(
                id=channel_id, name="", kind="dm", members=members, dm_user_id=user.id
            )
        return self.channels[channel_id]

    def named(self, name: str) -> Channel | None:
        wanted = name.removeprefix("#")
        found = (c for c in self.channels.values() if c.kind != "dm" and c.name == wanted)
        return next(found, None)

    def may_see(self, user_id: str, channel: Channel) -> bool:
        """Members of the team see every public channel; guests and outsiders only their own."""
        user = self.users[user_id]
        is_open = channel.kind == "channel" and not user.is_guest and not user.is_external
        return is_open or user_id in channel.members

    def visible_to(self, user_id: str) -> list[Channel]:
        return [c for c in self.channels.values() if self.may_see(user_id, c)]

    def create(self, name: str, *, is_private: bool, members: list[str]) -> Channel:
        check_channel_name(name)
        if self.named(name):
            raise SlackError("name_taken")
        kind = "private" if is_private else "channel"
        created = int(self._clock.now())
        channel = Channel(
            id=self._free_id(name),
            name=name,
            kind=kind,
            members=members,
            created=created,
            creator=members[0] if members else "",
        )
        self.channels[channel.id] = channel
        self._bus.tell(ChannelChanged(channel, "created", members[0] if members else None))
        return channel

    def join(self, channel: Channel, user_id: str, inviter_id: str | None = None) -> bool:
        """Whether anything changed: false for who is in it already."""
        if user_id in channel.members:
            return False
        channel.members.append(user_id)
        self._bus.tell(ChannelChanged(channel, "joined", user_id, inviter_id))
        return True

    def leave(self, channel: Channel, user_id: str, remover_id: str | None = None) -> None:
        if user_id in channel.members:
            channel.members.remove(user_id)
            self._bus.tell(ChannelChanged(channel, "left", user_id, remover_id))

    def set_archived(self, channel: Channel, user_id: str, *, is_archived: bool) -> None:
        if channel.is_archived != is_archived:
            channel.is_archived = is_archived
            self._bus.tell(
                ChannelChanged(channel, "archived" if is_archived else "unarchived", user_id)
            )

    def rename(self, channel: Channel, name: str) -> None:
        if channel.name == name:
            return
        check_channel_name(name)
        if self.named(name):
            raise SlackError("name_taken")
        channel.name = name
        self._bus.tell(ChannelChanged(channel, "renamed"))

    def give_new_id(self, channel: Channel) -> None:
        """It keeps its place among the others."""
        old, new = channel.id, self._free_id(channel.name)
        channel.id = new
        self.channels = {new if id_ == old else id_: one for id_, one in self.channels.items()}

    def set_topic(self, channel: Channel, topic: str) -> None:
        channel.topic = topic
        self._bus.tell(ChannelChanged(channel, "changed"))

    def pin(self, channel: Channel, ts: str) -> None:
        channel.pins.append(ts)
        self._bus.tell(ChannelChanged(channel, "changed"))

    def add_bookmark(self, channel: Channel, bookmark: Bookmark) -> None:
        channel.bookmarks.append(bookmark)
        self._bus.tell(ChannelChanged(channel, "changed"))

    def _free_id(self, name: str) -> str:
        stem = "C0" + re.sub(r"[^A-Z0-9]", "", name.upper())[:20]
        number = 2
        channel_id = stem
        while channel_id in self.channels:
            channel_id = f"{stem}{number}"
            number += 1
        return channel_id


def check_channel_name(name: str) -> None:
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > _NAME_LIMIT:
        raise SlackError("invalid_name_maxlength")
    if name != name.lower() or not _CHANNEL_NAME.fullmatch(name):
        raise SlackError("invalid_name_specials")
    if not name.strip("-_"):
        raise SlackError("invalid_name_punctuation")
