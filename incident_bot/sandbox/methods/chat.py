"""chat.*: what the bot says, changes and takes back."""

import json
from typing import Annotated

from pydantic import StringConstraints

from incident_bot.sandbox.block_kit import validate_message
from incident_bot.sandbox.cast import BOT_USER_ID, Channel
from incident_bot.sandbox.errors import SlackError
from incident_bot.sandbox.jsontypes import JsonList, JsonObject
from incident_bot.sandbox.messages import Message
from incident_bot.sandbox.methods.call import (
    Arguments,
    Blocks,
    Metadata,
    Method,
)
from incident_bot.sandbox.methods.lookup import (
    known_user,
    postable_channel,
    public_message,
    visible_channel,
)
from incident_bot.sandbox.slack_json import message_json
from incident_bot.sandbox.workspace import Workspace

LONGEST_TEXT = 40_000  # Slack, chat.postMessage
# Slack publishes no limit for metadata. This one is safe, and known to work.
LARGEST_METADATA = 1_024

Name = Annotated[str, StringConstraints(min_length=1)]


class Content(Arguments):
    text: str = ""
    blocks: Blocks = None

    def checked(self) -> JsonObject:
        """The fields of a message, after all that Slack refuses has been refused."""
        if not (self.text.strip() or self.blocks):
            raise SlackError("no_text")
        if len(self.text) > LONGEST_TEXT:
            raise SlackError("msg_too_long")
        check_blocks(self.blocks or [])
        # Stricter than Slack, which takes blocks alone: phones and screen readers need the text.
        if self.blocks and not self.text.strip():
            raise SlackError("no_text")
        return {"text": self.text, "blocks": self.blocks or []}


class PostMessage(Content):
    channel: Name
    thread_ts: str | None = None
    reply_broadcast: bool = False
    metadata: Metadata = None
    client_msg_id: str | None = None


class Update(Content):
    channel: Name
    ts: Name
    metadata: Metadata = None


class Delete(Arguments):
    channel: Name
    ts: Name


class PostEphemeral(Content):
    channel: Name
    user: Name
    thread_ts: str | None = None


class GetPermalink(Arguments):
    channel: Name
    message_ts: Name


def check_blocks(blocks: JsonList) -> None:
    problems = validate_message(blocks)
    if problems:
        raise SlackError("invalid_blocks", messages=problems)


def post_message(workspace: Workspace, call: PostMessage) -> JsonObject:
    channel = postable_channel(workspace, call.channel)
    content = call.checked()
    thread_ts = _thread(workspace, channel, call.thread_ts)
    message = workspace.posting.post(
        channel,
        BOT_USER_ID,
        **content,
        thread_ts=thread_ts,
        is_broadcast=call.reply_broadcast and thread_ts is not None,
        metadata=_metadata(call.metadata),
        client_msg_id=call.client_msg_id,
    )
    return _said(workspace, message)


def update(workspace: Workspace, call: Update) -> JsonObject:
    message = _own_message(workspace, call.channel, call.ts, "cant_update_message")
    changes = _changes(call)
    # Slack, chat.update: only a message of text is marked as edited, one of blocks is not.
    changed = workspace.posting.change(
        message, BOT_USER_ID, is_marked=not changes.get("blocks"), **changes
    )
    return {**_said(workspace, changed), "text": changed.text}


def _changes(call: Update) -> JsonObject:
    """Slack, chat.update: text without blocks takes the place of the blocks there were."""
    changes: JsonObject = {}
    if call.text or call.blocks is not None:
        changes = call.checked()
    elif call.metadata is None:
        raise SlackError("no_text")
    if call.metadata is not None:
        changes["metadata"] = _metadata(call.metadata)
    return changes


def delete(workspace: Workspace, call: Delete) -> JsonObject:
    message = _own_message(workspace, call.channel, call.ts, "cant_delete_message")
    workspace.posting.delete(message)
    return {"channel": message.channel_id, "ts": message.ts}


def post_ephemeral(workspace: Workspace, call: PostEphemeral) -> JsonObject:
    channel = postable_channel(workspace, call.channel)
    user = known_user(workspace, call.user)
    if user.id not in channel.members:
        raise SlackError("user_not_in_channel")
    content = call.checked()
    thread_ts = _thread(workspace, channel, call.thread_ts)
    message = workspace.posting.post(
        channel, BOT_USER_ID, **content, thread_ts=thread_ts, ephemeral_to=user.id
    )
    return {"message_ts": message.ts}


def get_permalink(workspace: Workspace, call: GetPermalink) -> JsonObject:
    channel = visible_channel(workspace, call.channel)
    message = public_message(workspace, channel, call.message_ts)
    link = f"{workspace.address}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _own_message(workspace: Workspace, channel_id: str, ts: str, refusal: str) -> Message:
    channel = visible_channel(workspace, channel_id)
    message = public_message(workspace, channel, ts)
    if message.is_stone:
        raise SlackError("message_not_found")
    if message.user_id != BOT_USER_ID:
        raise SlackError(refusal)
    if channel.is_archived:
        raise SlackError("is_archived")
    return message


def _thread(workspace: Workspace, channel: Channel, thread_ts: str | None) -> str | None:
    if not thread_ts:
        return None
    parent = workspace.posting.get(channel.id, thread_ts)
    if parent is None or parent.ephemeral_to:
        raise SlackError("thread_not_found")
    if parent.is_reply:
        raise SlackError("cannot_reply_to_message")
    return thread_ts


def _metadata(value: object) -> JsonObject | None:
    if value is None or value == {}:
        return None
    if not isinstance(value, dict) or value.keys() - {"event_type", "event_payload", "entities"}:
        raise SlackError("invalid_metadata_format")
    is_right = isinstance(value.get("event_type"), str) and value["event_type"]
    if not is_right or not isinstance(value.get("event_payload"), dict):
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(value["event_payload"])) > LARGEST_METADATA:
        raise SlackError("metadata_too_large")
    return value


def _said(workspace: Workspace, message: Message) -> JsonObject:
    return {
        "channel": message.channel_id,
        "ts": message.ts,
        "message": message_json(workspace, message, with_metadata=True),
    }


_WRITE = ("chat:write",)
METHODS = [
    Method("chat.postMessage", PostMessage, post_message, _WRITE),
    Method("chat.update", Update, update, _WRITE),
    Method("chat.delete", Delete, delete, _WRITE),
    Method("chat.postEphemeral", PostEphemeral, post_ephemeral, _WRITE),
    Method("chat.getPermalink", GetPermalink, get_permalink, ()),
]
