"""Finding what a call names, as far as the bot may see it, with Slack's errors."""

import base64
import binascii
from typing import TypeVar

from incident_bot.sandbox.cast import Channel, User
from incident_bot.sandbox.errors import SlackError
from incident_bot.sandbox.jsontypes import JsonObject
from incident_bot.sandbox.messages import Message
from incident_bot.sandbox.workspace import Workspace

T = TypeVar("T")

_KIND_SCOPE = {"channel": "channels", "private": "groups", "dm": "im"}


def require_scope(workspace: Workspace, needed: str) -> None:
    provided = workspace.manifest.bot_scopes
    if needed not in provided:
        raise SlackError("missing_scope", needed=needed, provided=",".join(provided))


def visible_channel(workspace: Workspace, channel_id: str) -> Channel:
    """By identifier only; a private channel without the bot does not exist for it."""
    channel = workspace.directory.channels.get(channel_id)
    if channel is None or (channel.kind != "channel" and not channel.has_bot):
        raise SlackError("channel_not_found")
    return channel


def readable_channel(workspace: Workspace, channel_id: str, right: str) -> Channel:
    """`right` is `history` or `read`: the scope depends on the kind of channel."""
    channel = visible_channel(workspace, channel_id)
    require_scope(workspace, f"{_KIND_SCOPE[channel.kind]}:{right}")
    if right == "history" and not channel.has_bot:
        raise SlackError("not_in_channel")
    return channel


def postable_channel(workspace: Workspace, name: str) -> Channel:
    """By identifier, by name, or the direct message with a person."""
    channel = _dm(workspace, name) or _named(workspace, name) or visible_channel(workspace, name)
    if channel.is_archived:
        raise SlackError("is_archived")
    is_allowed = channel.has_bot or "chat:write.public" in workspace.manifest.bot_scopes
    if not is_allowed:
        raise SlackError("not_in_channel")
    if channel.kind == "dm" and not workspace.manifest.features.app_home.messages_tab_enabled:
        raise SlackError("messages_tab_disabled")
    return channel


def _dm(workspace: Workspace, name: str) -> Channel | None:
    user = workspace.directory.users.get(name)
    if user is None or user.is_bot or user.is_external:
        return None
    return workspace.directory.dm_with_bot(user)


def _named(workspace: Workspace, name: str) -> Channel | None:
    channel = workspace.directory.named(name)
    return channel if channel and (channel.kind == "channel" or channel.has_bot) else None


def known_user(workspace: Workspace, user_id: str) -> User:
    user = workspace.directory.users.get(user_id)
    if user is None:
        raise SlackError("user_not_found")
    return user


def public_message(workspace: Workspace, channel: Channel, ts: str) -> Message:
    """Ephemeral messages are not to be found by any method."""
    message = workspace.posting.get(channel.id, ts)
    if message is None or message.ephemeral_to:
        raise SlackError("message_not_found")
    return message


def page_of(items: list[T], names: list[str], limit: int, cursor: str) -> tuple[list[T], str]:
    """One page, and the cursor of the next ("": there is none). `names` are the items' keys."""
    start = 0
    if cursor:
        start = _position(names, cursor)
    end = start + limit
    return items[start:end], _encode(names[end]) if end < len(names) else ""


def _encode(name: str) -> str:
    return base64.b64encode(f"next:{name}".encode()).decode()


def _position(names: list[str], cursor: str) -> int:
    try:
        name = base64.b64decode(cursor, validate=True).decode().removeprefix("next:")
        return names.index(name)
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise SlackError("invalid_cursor") from error


def with_cursor(body: JsonObject, next_cursor: str) -> JsonObject:
    return {**body, "response_metadata": {"next_cursor": next_cursor}}
