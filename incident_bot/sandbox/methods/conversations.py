"""conversations.* and reading what has been said."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field, StringConstraints

from incident_bot.sandbox.cast import BOT_USER_ID
from incident_bot.sandbox.errors import SlackError
from incident_bot.sandbox.ids import to_micros, to_ts
from incident_bot.sandbox.jsontypes import JsonObject
from incident_bot.sandbox.messages import Message
from incident_bot.sandbox.methods.call import Arguments, Method, Page
from incident_bot.sandbox.methods.lookup import (
    known_user,
    page_of,
    readable_channel,
    require_scope,
    visible_channel,
    with_cursor,
)
from incident_bot.sandbox.slack_json import channel_json, message_json
from incident_bot.sandbox.workspace import Workspace

Name = Annotated[str, StringConstraints(min_length=1)]

_TYPES = {
    "public_channel": ("channel", "channels:read"),
    "private_channel": ("private", "groups:read"),
    "im": ("dm", "im:read"),
    "mpim": ("group", "mpim:read"),
}


class List(Page):
    types: str = "public_channel"
    exclude_archived: bool = False


class Info(Arguments):
    channel: Name


class Members(Page):
    channel: Name


class History(Page):
    channel: Name
    oldest: str = "0"
    latest: str = ""
    inclusive: bool = False
    include_all_metadata: bool = False
    limit: int = Field(default=100, ge=1, le=999)

    def chosen(self, messages: Iterable[Message]) -> list[Message]:
        """What everybody may see between the two times; the times themselves if `inclusive`."""
        oldest, latest = to_micros(self.oldest), to_micros(self.latest or "9999999999")
        if oldest is None:
            raise SlackError("invalid_ts_oldest")
        if latest is None:
            raise SlackError("invalid_ts_latest")
        least, most = (oldest, latest) if self.inclusive else (oldest + 1, latest - 1)
        first, last = to_ts(max(least, 0)).zfill(17), to_ts(max(most, 0)).zfill(17)
        return [m for m in messages if m.ephemeral_to is None and first <= m.ts <= last]


class Replies(History):
    ts: Name
    limit: int = Field(default=1000, ge=1, le=1000)


class Open(Arguments):
    users: str = ""


class Join(Arguments):
    channel: Name


def list_channels(workspace: Workspace, call: List) -> JsonObject:
    kinds = _wanted_kinds(workspace, call.types)
    channels = [
        channel
        for channel in workspace.directory.channels.values()
        if channel.kind in kinds
        and (channel.kind == "channel" or channel.has_bot)
        and not (call.exclude_archived and channel.is_archived)
    ]
    names = [channel.id for channel in channels]
    page, next_cursor = page_of(channels, names, call.limit, call.cursor)
    return with_cursor({"channels": [channel_json(c) for c in page]}, next_cursor)


def _wanted_kinds(workspace: Workspace, types: str) -> set[str]:
    kinds = set()
    for name in filter(None, (part.strip() for part in types.split(","))):
        if name not in _TYPES:
            raise SlackError("invalid_types")
        kind, scope = _TYPES[name]
        require_scope(workspace, scope)
        kinds.add(kind)
    return kinds


def info(workspace: Workspace, call: Info) -> JsonObject:
    channel = readable_channel(workspace, call.channel, "read")
    return {"channel": channel_json(channel)}


def members(workspace: Workspace, call: Members) -> JsonObject:
    channel = readable_channel(workspace, call.channel, "read")
    page, next_cursor = page_of(channel.members, channel.members, call.limit, call.cursor)
    return with_cursor({"members": page}, next_cursor)


def history(workspace: Workspace, call: History) -> JsonObject:
    channel = readable_channel(workspace, call.channel, "history")
    found = call.chosen(workspace.posting.logs[channel.id].newest_first())
    return {**_messages(workspace, call, found), "pin_count": len(channel.pins)}


def replies(workspace: Workspace, call: Replies) -> JsonObject:
    channel = readable_channel(workspace, call.channel, "history")
    parent = workspace.posting.get(channel.id, call.ts)
    if parent is None or parent.ephemeral_to:
        raise SlackError("thread_not_found")
    found = call.chosen(workspace.posting.logs[channel.id].replies(parent.ts))
    return _messages(workspace, call, [parent, *found])


def _messages(workspace: Workspace, call: History, found: list[Message]) -> JsonObject:
    page, next_cursor = page_of(found, [m.ts for m in found], call.limit, call.cursor)
    shown = [message_json(workspace, m, with_metadata=call.include_all_metadata) for m in page]
    return with_cursor({"messages": shown, "has_more": bool(next_cursor)}, next_cursor)


def open_dm(workspace: Workspace, call: Open) -> JsonObject:
    user_ids = [part.strip() for part in call.users.split(",") if part.strip()]
    if len(user_ids) != 1:
        # Messages among several people are beyond this workspace.
        raise SlackError("users_list_not_supplied" if not user_ids else "method_not_supported")
    user = known_user(workspace, user_ids[0])
    if user.is_bot or user.is_external:
        raise SlackError("cannot_dm_bot" if user.is_bot else "user_not_visible")
    return {"channel": {"id": workspace.directory.dm_with_bot(user).id}}


def join(workspace: Workspace, call: Join) -> JsonObject:
    channel = visible_channel(workspace, call.channel)
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    changed = workspace.directory.join(channel, BOT_USER_ID)
    answer: JsonObject = {"channel": channel_json(channel)}
    return answer if changed else {**answer, "warning": "already_in_channel"}


_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
METHODS = [
    Method("conversations.list", List, list_channels, _READ),
    Method("conversations.info", Info, info, _READ),
    Method("conversations.members", Members, members, _READ),
    Method("conversations.history", History, history, _HISTORY),
    Method("conversations.replies", Replies, replies, _HISTORY),
    Method("conversations.open", Open, open_dm, ("im:write",)),
    Method("conversations.join", Join, join, ("channels:join",)),
]
