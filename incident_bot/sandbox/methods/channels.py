"""What the bot does to channels: conversations.create and after, pins.add, bookmarks.*."""

from typing import Annotated

from pydantic import StringConstraints

from incident_bot.sandbox.bus import MessageChanged
from incident_bot.sandbox.cast import BOT_USER_ID, Bookmark, Channel
from incident_bot.sandbox.errors import SlackError
from incident_bot.sandbox.ids import to_micros
from incident_bot.sandbox.jsontypes import JsonObject
from incident_bot.sandbox.methods.call import Arguments, Method
from incident_bot.sandbox.methods.lookup import public_message, require_scope, visible_channel
from incident_bot.sandbox.slack_json import bookmark_json, channel_json
from incident_bot.sandbox.workspace import Workspace

Name = Annotated[str, StringConstraints(min_length=1)]

# Slack, "conversations.invite", "conversations.setTopic", "pins.add", "bookmarks.add".
_MOST_INVITED = 100
_LONGEST_TOPIC = 250
_MOST_PINS = 100
_MOST_BOOKMARKS = 100
_MANAGE = {"channel": "channels:manage", "private": "groups:write"}


class Create(Arguments):
    name: str = ""
    is_private: bool = False


class Invite(Arguments):
    channel: Name
    users: Name
    force: bool = False


class Topic(Arguments):
    channel: Name
    topic: str


class OneChannel(Arguments):
    channel: Name


class Rename(Arguments):
    channel: Name
    name: str = ""


class Pin(Arguments):
    channel: Name
    timestamp: str = ""


class AddBookmark(Arguments):
    channel_id: Name
    title: Name
    type: Name
    link: str = ""


class ListBookmarks(Arguments):
    channel_id: Name


def create(workspace: Workspace, call: Create) -> JsonObject:
    require_scope(workspace, _MANAGE["private" if call.is_private else "channel"])
    channel = workspace.directory.create(
        call.name, is_private=call.is_private, members=[BOT_USER_ID]
    )
    return {"channel": channel_json(channel)}


def invite(workspace: Workspace, call: Invite) -> JsonObject:
    """With `force` the others are invited although somebody cannot be."""
    channel = _own_channel(workspace, call.channel)
    user_ids = [part.strip() for part in call.users.split(",") if part.strip()]
    if not user_ids:
        raise SlackError("no_user")
    if len(user_ids) > _MOST_INVITED:
        raise SlackError("too_many_users")
    wrong = {user_id: _why_not(workspace, channel, user_id) for user_id in user_ids}
    errors = [{"user": user_id, "ok": False, "error": why} for user_id, why in wrong.items() if why]
    if errors and (len(errors) == len(user_ids) or not call.force):
        raise SlackError(str(errors[0]["error"]), errors=errors)
    for user_id, why in wrong.items():
        if why is None:
            workspace.directory.join(channel, user_id, BOT_USER_ID)
    answer: JsonObject = {"channel": channel_json(channel)}
    return {**answer, "errors": errors} if errors else answer


def _why_not(workspace: Workspace, channel: Channel, user_id: str) -> str | None:
    user = workspace.directory.users.get(user_id)
    if user is None or user.is_deleted:
        return "user_not_found"
    if user_id == BOT_USER_ID:
        return "cant_invite_self"
    if user_id in channel.members:
        return "already_in_channel"
    return "user_team_not_in_channel" if user.is_external else None


def set_topic(workspace: Workspace, call: Topic) -> JsonObject:
    channel = _own_channel(workspace, call.channel)
    if len(call.topic) > _LONGEST_TOPIC:
        raise SlackError("too_long")
    workspace.directory.set_topic(channel, call.topic)
    return {"channel": channel_json(channel)}


def archive(workspace: Workspace, call: OneChannel) -> JsonObject:
    channel = _managed(workspace, call.channel)
    if channel.is_archived:
        raise SlackError("already_archived")
    if channel.is_general:
        raise SlackError("cant_archive_general")
    workspace.directory.set_archived(channel, BOT_USER_ID, is_archived=True)
    return {}


def rename(workspace: Workspace, call: Rename) -> JsonObject:
    channel = _own_channel(workspace, call.channel)
    # Slack, conversations.rename: only who made the channel, or an administrator.
    if channel.creator != BOT_USER_ID:
        raise SlackError("not_authorized")
    workspace.directory.rename(channel, call.name)
    return {"channel": channel_json(channel)}


def pin(workspace: Workspace, call: Pin) -> JsonObject:
    channel = _member_of(visible_channel(workspace, call.channel))
    if not call.timestamp:
        raise SlackError("no_item_specified")
    if to_micros(call.timestamp) is None:
        raise SlackError("bad_timestamp")
    message = public_message(workspace, channel, call.timestamp)
    if call.timestamp in channel.pins:
        raise SlackError("already_pinned")
    if len(channel.pins) >= _MOST_PINS:
        raise SlackError("not_pinnable")
    workspace.directory.pin(channel, call.timestamp)
    workspace.bus.tell(MessageChanged(message))
    return {}


def add_bookmark(workspace: Workspace, call: AddBookmark) -> JsonObject:
    channel = _member_of(visible_channel(workspace, call.channel_id))
    if call.type != "link":
        raise SlackError("invalid_bookmark_type")
    if not call.link.startswith(("http://", "https://")):
        raise SlackError("invalid_link")
    if len(channel.bookmarks) >= _MOST_BOOKMARKS:
        raise SlackError("too_many_bookmarks")
    bookmark = Bookmark(
        id=workspace.ids.new("Bk"),
        title=call.title,
        link=call.link,
        created=int(workspace.clock.now()),
    )
    workspace.directory.add_bookmark(channel, bookmark)
    return {"bookmark": bookmark_json(channel, bookmark)}


def list_bookmarks(workspace: Workspace, call: ListBookmarks) -> JsonObject:
    channel = visible_channel(workspace, call.channel_id)
    if not channel.has_bot:
        raise SlackError("not_in_channel")
    return {"bookmarks": [bookmark_json(channel, bookmark) for bookmark in channel.bookmarks]}


def _own_channel(workspace: Workspace, channel_id: str) -> Channel:
    channel = _managed(workspace, channel_id)
    if channel.is_archived:
        raise SlackError("is_archived")
    return channel


def _managed(workspace: Workspace, channel_id: str) -> Channel:
    channel = visible_channel(workspace, channel_id)
    if channel.kind not in _MANAGE:
        raise SlackError("method_not_supported_for_channel_type")
    require_scope(workspace, _MANAGE[channel.kind])
    if not channel.has_bot:
        raise SlackError("not_in_channel")
    return channel


def _member_of(channel: Channel) -> Channel:
    if not channel.has_bot:
        raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")
    return channel


_EITHER = tuple(_MANAGE.values())
METHODS = [
    Method("conversations.create", Create, create, _EITHER),
    Method("conversations.invite", Invite, invite, _EITHER),
    Method("conversations.setTopic", Topic, set_topic, _EITHER),
    Method("conversations.archive", OneChannel, archive, _EITHER),
    Method("conversations.rename", Rename, rename, _EITHER),
    Method("pins.add", Pin, pin, ("pins:write",)),
    Method("bookmarks.add", AddBookmark, add_bookmark, ("bookmarks:write",)),
    Method("bookmarks.list", ListBookmarks, list_bookmarks, ("bookmarks:read",)),
]
