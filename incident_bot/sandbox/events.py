"""Which change in the workspace is which event of Slack's, and whether the bot asked for it."""

from incident_bot.sandbox.bus import (
    Change,
    ChannelChanged,
    ChannelMoved,
    MessagePosted,
    Reacted,
)
from incident_bot.sandbox.cast import BOT_USER_ID, TEAM_ID, Channel
from incident_bot.sandbox.dispatch import Dispatcher
from incident_bot.sandbox.jsontypes import JsonObject
from incident_bot.sandbox.messages import Message
from incident_bot.sandbox.payloads import Payloads
from incident_bot.sandbox.slack_json import message_json
from incident_bot.sandbox.workspace import Workspace

_CHANNEL_EVENT = {"archived": "archive", "unarchived": "unarchive", "renamed": "rename"}


class Events:
    """Listens to the workspace and sends what the manifest subscribes to."""

    def __init__(self, workspace: Workspace, payloads: Payloads, dispatcher: Dispatcher) -> None:
        self._workspace = workspace
        self._payloads = payloads
        self._dispatcher = dispatcher

    def home_opened(self, user_id: str, channel: Channel) -> None:
        view = self._workspace.views.homes.get(user_id)
        inner: JsonObject = {
            "type": "app_home_opened",
            "user": user_id,
            "channel": channel.id,
            "tab": "home",
            "event_ts": self._workspace.ids.message_ts(),
        }
        if view:
            inner["view"] = view.as_slack_sends_it()
        self._send("app_home_opened", inner)

    def notice(self, change: Change) -> None:
        match change:
            case MessagePosted(message):
                self._posted(message)
            case Reacted():
                self._reacted(change)
            case ChannelChanged():
                self._channel_changed(change)
            case ChannelMoved():
                self._moved(change)
            case _:
                pass

    def _posted(self, message: Message) -> None:
        """Slack, "app_mention": not in direct messages, where all that is said is to the bot."""
        channel = self._channel(message)
        is_heard = channel.has_bot and channel.kind != "dm" and not message.ephemeral_to
        if is_heard and f"<@{BOT_USER_ID}>" in message.text and message.user_id != BOT_USER_ID:
            said = message_json(self._workspace, message, with_metadata=True)
            about = {"type": "app_mention", "channel": channel.id, "event_ts": message.ts}
            self._send("app_mention", said | about, channel)

    def _reacted(self, change: Reacted) -> None:
        channel = self._channel(change.message)
        if not channel.has_bot:
            return
        kind = "reaction_added" if change.added else "reaction_removed"
        inner = {
            "type": kind,
            "user": change.user_id,
            "reaction": change.name,
            "item": {"type": "message", "channel": channel.id, "ts": change.message.ts},
            "item_user": change.message.user_id,
            "event_ts": self._workspace.ids.message_ts(),
        }
        self._send(kind, inner, channel)

    def _channel_changed(self, change: ChannelChanged) -> None:
        channel = change.channel
        event_ts = self._workspace.ids.message_ts()
        if change.what in {"joined", "left"}:
            self._came_or_went(change, event_ts)
        elif change.what in _CHANNEL_EVENT and self._hears_of(channel):
            self._happened_to(change, event_ts)

    def _came_or_went(self, change: ChannelChanged, event_ts: str) -> None:
        channel = change.channel
        if change.what == "left" and change.user_id == BOT_USER_ID:
            self._bot_left(change, event_ts)
            return
        if not channel.has_bot or not self._may_read(channel):
            return
        kind = f"member_{change.what}_channel"
        user = self._workspace.directory.users.get(change.user_id or "")
        inner = {
            "type": kind,
            "user": change.user_id,
            "channel": channel.id,
            "channel_type": "G" if channel.kind == "private" else "C",
            "team": user.team_id if user else TEAM_ID,
            "event_ts": event_ts,
        }
        if change.what == "joined" and change.by_id:
            inner["inviter"] = change.by_id
        self._send(kind, inner, channel)

    def _bot_left(self, change: ChannelChanged, event_ts: str) -> None:
        """Slack tells who leaves by another event than those who stay."""
        kind = f"{_prefix(change.channel)}_left"
        inner = {"type": kind, "channel": change.channel.id, "event_ts": event_ts}
        self._send(kind, inner | {"actor_id": change.by_id or BOT_USER_ID}, change.channel)

    def _moved(self, change: ChannelMoved) -> None:
        """Slack, "channel_id_changed": sent for private channels that the app is in."""
        if change.channel.has_bot and self._may_read(change.channel):
            inner: JsonObject = {
                "type": "channel_id_changed",
                "old_channel_id": change.old_id,
                "new_channel_id": change.channel.id,
                "event_ts": self._workspace.ids.message_ts(),
            }
            self._send("channel_id_changed", inner, change.channel)

    def _hears_of(self, channel: Channel) -> bool:
        """Of each public channel, as Slack's clients do; of a private one as a member."""
        return self._may_read(channel) and (channel.kind == "channel" or channel.has_bot)

    def _may_read(self, channel: Channel) -> bool:
        """Slack, "Events API": an event comes only with the scope that it needs."""
        scope = "groups:read" if channel.kind == "private" else "channels:read"
        return scope in self._workspace.manifest.bot_scopes

    def _happened_to(self, change: ChannelChanged, event_ts: str) -> None:
        kind = f"{_prefix(change.channel)}_{_CHANNEL_EVENT[change.what]}"
        inner: JsonObject = {"type": kind, "channel": change.channel.id, "event_ts": event_ts}
        if change.what == "renamed":
            # As it comes; the reference shows only ID, name and when it was made.
            inner["channel"] = {
                "id": change.channel.id,
                "is_channel": change.channel.kind == "channel",
                "is_mpim": False,
                "name": change.channel.name,
                "name_normalized": change.channel.name,
                "created": change.channel.created,
            }
        else:
            inner["user"] = change.user_id
        if change.what == "archived":
            inner["is_moved"] = 0
        self._send(kind, inner, change.channel)

    def _send(self, name: str, inner: JsonObject, channel: Channel | None = None) -> None:
        if name in self._workspace.manifest.bot_events:
            self._dispatcher.send_event(self._payloads.event(inner, channel))

    def _channel(self, message: Message) -> Channel:
        return self._workspace.directory.channels[message.channel_id]


def _prefix(channel: Channel) -> str:
    return "group" if channel.kind == "private" else "channel"
