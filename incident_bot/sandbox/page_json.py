"""How the page is told of people, channels, messages and views: as one person may see them."""

from incident_bot.sandbox.cast import (
    APP_ID,
    BOT_ID,
    BOT_USER_ID,
    TEAM_ID,
    TEAM_NAME,
    Channel,
    User,
)
from incident_bot.sandbox.jsontypes import JsonObject
from incident_bot.sandbox.messages import Message
from incident_bot.sandbox.workspace import Workspace


def user_for_page(user: User) -> JsonObject:
    shown = user.model_dump(exclude={"is_deleted"})
    return shown | {"is_external": user.is_external}


def pinned_in(workspace: Workspace, channel: Channel) -> list[Message]:
    """The pinned messages that are still there, the last pinned first."""
    found = (workspace.posting.get(channel.id, ts) for ts in reversed(channel.pins))
    return [message for message in found if message and not message.is_stone]


def channel_for_page(workspace: Workspace, channel: Channel, user_id: str) -> JsonObject:
    is_member = user_id in channel.members
    log = workspace.posting.logs[channel.id]
    newest = next((m for m in log.newest_first() if m.is_seen_by(user_id)), None)
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "is_ext_shared": channel.is_ext_shared,
        "is_archived": channel.is_archived,
        "is_general": channel.is_general,
        "is_member": is_member,
        "members": channel.members,
        "has_bot": channel.has_bot,
        "topic": channel.topic,
        "pins": [message.ts for message in pinned_in(workspace, channel)],
        "bookmarks": [bookmark.model_dump() for bookmark in channel.bookmarks],
        "unread": workspace.posting.unread(channel, user_id) if is_member else 0,
        "last_ts": newest.ts if newest else None,
        "dm_user_id": channel.dm_user_id,
    }


def message_for_page(workspace: Workspace, message: Message) -> JsonObject:
    shown: JsonObject = {
        "ts": message.ts,
        "channel": message.channel_id,
        "user": message.user_id,
        "text": message.text,
        "reactions": [
            {"name": r.name, "count": len(r.users), "users": list(r.users)}
            for r in message.reactions
        ],
        "ephemeral": message.ephemeral_to is not None,
        "broadcast": message.is_broadcast,
        "pinned": message.ts in workspace.directory.channels[message.channel_id].pins,
        **workspace.posting.thread_facts(message),
    }
    edited = message.edited and {"ts": message.edited.ts}
    is_by_bot = message.user_id == BOT_USER_ID
    pairs = {
        "bot_id": BOT_ID if is_by_bot else None,
        # Of what people typed the text has the styles.
        "blocks": message.blocks if is_by_bot else None,
        "thread_ts": message.thread_ts,
        "edited": edited,
        "subtype": message.subtype,
    }
    return shown | {key: value for key, value in pairs.items() if value}


def state_for_page(workspace: Workspace, user: User) -> JsonObject:
    """All that the page needs to begin, but for what the server alone knows of the bot."""
    manifest, directory = workspace.manifest, workspace.directory
    channels = directory.visible_to(user.id)
    modal = workspace.views.modals.get(user.id)
    return {
        "team": {"id": TEAM_ID, "name": TEAM_NAME},
        "me": user_for_page(user),
        "users": [user_for_page(other) for other in directory.users.values()],
        "channels": [channel_for_page(workspace, channel, user.id) for channel in channels],
        "app": {
            "id": APP_ID,
            "name": manifest.bot_name,
            "bot_user_id": BOT_USER_ID,
            "home_tab": manifest.features.app_home.home_tab_enabled,
            "messages_tab_read_only": manifest.features.app_home.messages_tab_read_only_enabled,
        },
        "commands": [
            command.model_dump(include={"command", "description", "usage_hint"})
            for command in manifest.features.slash_commands
        ],
        "shortcuts": [shortcut.model_dump() for shortcut in manifest.features.shortcuts],
        "view": modal and modal.as_slack_sends_it(),
        "now": workspace.clock.now(),
    }
