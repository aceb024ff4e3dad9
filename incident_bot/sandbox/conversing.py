"""What a person says among people: messages and reactions."""

import re
import uuid

from incident_bot.sandbox.cast import Channel, User
from incident_bot.sandbox.errors import RefusedError
from incident_bot.sandbox.messages import Message
from incident_bot.sandbox.people import channel_seen_by, message_seen_by, person
from incident_bot.sandbox.text import rich_text_of, typed_message
from incident_bot.sandbox.workspace import Workspace

LONGEST = 12_000  # what Slack's client lets a person send at once
_EMOJI = re.compile(r"[a-z0-9_+'-]{1,100}")


class Conversing:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def say(self, user_id: str, channel_id: str, text: str, thread_ts: str | None) -> Message:
        channel = self._writable(person(self._workspace, user_id), channel_id)
        if not text.strip():
            raise RefusedError("There is nothing to send.")
        if len(text) > LONGEST:
            raise RefusedError(f"A message has at most {LONGEST} characters.")
        if thread_ts:
            parent = message_seen_by(self._workspace, user_id, channel, thread_ts)
            thread_ts = parent.thread_ts or parent.ts
        typed = typed_message(text, self._workspace.directory, user_id)
        return self._workspace.posting.post(
            channel,
            user_id,
            text=typed,
            blocks=rich_text_of(typed),
            thread_ts=thread_ts,
            client_msg_id=str(uuid.uuid4()),
        )

    def react(self, user_id: str, channel_id: str, ts: str, name: str, *, add: bool) -> None:
        channel = self._writable(person(self._workspace, user_id), channel_id, is_reaction=True)
        message = message_seen_by(self._workspace, user_id, channel, ts)
        if message.ephemeral_to:
            raise RefusedError("Nobody else can see this message.")
        if not _EMOJI.fullmatch(name):
            raise RefusedError("That is not the name of an emoji.")
        self._workspace.posting.react(message, name, user_id, add=add)

    def _writable(self, user: User, channel_id: str, *, is_reaction: bool = False) -> Channel:
        channel = channel_seen_by(self._workspace, user.id, channel_id)
        if channel.is_archived:
            raise RefusedError("This channel is archived.")
        if user.id not in channel.members:
            raise RefusedError("Join the channel first.", 403)
        home = self._workspace.manifest.features.app_home
        if channel.kind == "dm" and home.messages_tab_read_only_enabled and not is_reaction:
            raise RefusedError("This app takes no messages.", 403)
        return channel
