"""How Slack writes people, channels and messages in its answers and payloads."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from incident_bot.sandbox.cast import (
    APP_ID,
    BOT_ID,
    BOT_USER_ID,
    TEAM_DOMAIN,
    TEAM_ID,
    Bookmark,
    Channel,
    User,
)
from incident_bot.sandbox.jsontypes import JsonObject
from incident_bot.sandbox.messages import Message
from incident_bot.sandbox.workspace import Workspace


def user_json(workspace: Workspace, user: User) -> JsonObject:
    now = datetime.fromtimestamp(workspace.clock.now(), UTC)
    offset = now.astimezone(ZoneInfo(user.tz)).utcoffset()
    return {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.is_deleted,
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": {
            "real_name": user.real_name,
            "real_name_normalized": user.real_name,
            "display_name": user.real_name,
            "display_name_normalized": user.real_name,
            "team": user.team_id,
        },
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.is_guest,
        "is_ultra_restricted": False,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "is_stranger": user.is_external,
        "updated": 1_763_800_000,
        "is_email_confirmed": True,
    }


def channel_json(channel: Channel) -> JsonObject:
    """As the bot sees it: `is_member` is about the bot."""
    if channel.kind == "dm":
        return {
            "id": channel.id,
            "created": channel.created,
            "is_im": True,
            "is_org_shared": False,
            "is_archived": False,
            "context_team_id": TEAM_ID,
            "user": channel.dm_user_id,
            "is_user_deleted": False,
            "priority": 0,
        }
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": True,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.kind == "private",
        "created": channel.created,
        "creator": channel.creator,
        "is_archived": channel.is_archived,
        "is_general": channel.is_general,
        "unlinked": 0,
        "is_shared": channel.is_ext_shared,
        "is_org_shared": False,
        "is_ext_shared": channel.is_ext_shared,
        "is_pending_ext_shared": False,
        "context_team_id": TEAM_ID,
        "is_member": channel.has_bot,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
    }


def bookmark_json(channel: Channel, bookmark: Bookmark) -> JsonObject:
    nothing = dict.fromkeys(("emoji", "icon_url", "entity_id", "shortcut_id", "app_id"))
    return {
        "id": bookmark.id,
        "channel_id": channel.id,
        "title": bookmark.title,
        "link": bookmark.link,
        "type": "link",
        "date_created": bookmark.created,
        "date_updated": 0,
        "rank": "",
        "last_updated_by_user_id": BOT_USER_ID,
        "last_updated_by_team_id": TEAM_ID,
        **nothing,
    }


def message_json(
    workspace: Workspace, message: Message, *, with_metadata: bool = False
) -> JsonObject:
    user = workspace.directory.users.get(message.user_id)
    shown: JsonObject = {
        "type": "message",
        "user": message.user_id,
        "ts": message.ts,
        "text": message.text,
        "team": user.team_id if user else TEAM_ID,
    }
    if message.user_id == BOT_USER_ID:
        shown |= {"bot_id": BOT_ID, "app_id": APP_ID, "bot_profile": bot_profile(workspace)}
    shown |= _optional(message)
    if message.ts in workspace.directory.channels[message.channel_id].pins:
        shown["pinned_to"] = [message.channel_id]
    if message.is_broadcast:
        shown["subtype"] = "thread_broadcast"
    facts = workspace.posting.thread_facts(message)
    if facts:
        shown |= {"thread_ts": message.ts, "is_locked": False, "subscribed": True, **facts}
    if message.metadata and with_metadata:
        shown["metadata"] = message.metadata
    elif message.metadata:
        # Slack, conversations.history: the payload only with include_all_metadata.
        shown["metadata"] = {"event_type": message.metadata["event_type"]}
    return shown


def _optional(message: Message) -> JsonObject:
    edited = message.edited and {"user": message.edited.user_id, "ts": message.edited.ts}
    reactions = [
        {"name": r.name, "users": list(r.users), "count": len(r.users)} for r in message.reactions
    ]
    pairs = {
        "subtype": message.subtype,
        "blocks": message.blocks,
        "thread_ts": message.thread_ts,
        "client_msg_id": message.client_msg_id,
        "edited": edited,
        "reactions": reactions,
        "is_ephemeral": message.ephemeral_to is not None,
    }
    return {key: value for key, value in pairs.items() if value}


def bot_profile(workspace: Workspace) -> JsonObject:
    return {
        "id": BOT_ID,
        "app_id": APP_ID,
        "user_id": BOT_USER_ID,
        "name": workspace.manifest.bot_name,
        "icons": {},
        "deleted": False,
        "updated": 1_763_800_000,
        "team_id": TEAM_ID,
    }


def short_user(user: User) -> JsonObject:
    """The person, as interactive payloads name one."""
    return {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id}


def short_channel(channel: Channel) -> JsonObject:
    return {"id": channel.id, "name": channel_name(channel)}


def channel_name(channel: Channel) -> str:
    """Slack, "Slash commands": these two words stand for what has no public name."""
    special = {"dm": "directmessage", "private": "privategroup"}
    return special.get(channel.kind, channel.name)


def team() -> JsonObject:
    return {"id": TEAM_ID, "domain": TEAM_DOMAIN}
