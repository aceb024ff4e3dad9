"""Everything that is said: posting, changing, deleting, reacting, and what each person has read."""

from collections import defaultdict

from incident_bot.sandbox.block_kit import with_block_ids
from incident_bot.sandbox.bus import (
    Bus,
    ChannelRead,
    MessageChanged,
    MessageDeleted,
    MessagePosted,
    Reacted,
)
from incident_bot.sandbox.cast import Channel
from incident_bot.sandbox.directory import Directory
from incident_bot.sandbox.errors import SlackError
from incident_bot.sandbox.ids import Ids
from incident_bot.sandbox.jsontypes import JsonObject
from incident_bot.sandbox.messages import Edit, Message, MessageLog, Reaction
from incident_bot.sandbox.text import parsed_blocks


class Posting:
    def __init__(self, bus: Bus, ids: Ids, directory: Directory) -> None:
        self._bus = bus
        self._directory = directory
        self._ids = ids
        self.logs: defaultdict[str, MessageLog] = defaultdict(MessageLog)

    def get(self, channel_id: str, ts: str) -> Message | None:
        return self.logs[channel_id].get(ts)

    def every(self) -> list[Message]:
        return [message for log in self.logs.values() for message in log]

    def restore(self, messages: list[Message]) -> None:
        for message in messages:
            self.logs[message.channel_id].add(message)
            self._ids.go_on_after(message.ts)

    def move(self, old_id: str, new_id: str) -> None:
        """The channel of these messages has another ID."""
        self.logs[new_id] = self.logs.pop(old_id, MessageLog())
        for message in self.logs[new_id]:
            message.channel_id = new_id

    def post(self, channel: Channel, user_id: str, **content: object) -> Message:
        """`content` is any of a message's other fields."""
        message = Message.model_validate(
            {
                **content,
                "ts": self._ids.message_ts(),
                "channel_id": channel.id,
                "user_id": user_id,
            }
        )
        message.blocks = with_block_ids(parsed_blocks(message.blocks, self._directory), self._ids)
        self.logs[channel.id].add(message)
        if message.ephemeral_to is None:
            channel.read_until[user_id] = message.ts
        self._bus.tell(MessagePosted(message))
        self._tell_of_thread(message)
        return message

    def change(
        self, message: Message, user_id: str, *, is_marked: bool = True, **content: object
    ) -> Message:
        """`content` is any of a message's fields; `is_marked`: people see that it was edited."""
        changed = message.model_copy(update=content)
        blocks = parsed_blocks(changed.blocks, self._directory)
        changed.blocks = with_block_ids(blocks, self._ids, before=message.blocks)
        if is_marked:
            changed.edited = Edit(user_id=user_id, ts=self._ids.message_ts())
        log = self.logs[message.channel_id]
        log.remove(message)
        log.add(changed)
        self._bus.tell(MessageChanged(changed, is_edit=True))
        return changed

    def delete(self, message: Message) -> None:
        """A message with replies stays as a stone for them, as in Slack."""
        if self.thread_facts(message):
            gone = {"subtype": "tombstone", "text": "This message was deleted."}
            nothing: JsonObject = {"blocks": [], "metadata": None}
            self.change(message, message.user_id, is_marked=False, **gone, **nothing)
            return
        self.logs[message.channel_id].remove(message)
        self._bus.tell(MessageDeleted(message))
        self._tell_of_thread(message)

    def react(self, message: Message, name: str, user_id: str, *, add: bool) -> None:
        has_it = any(r.name == name and user_id in r.users for r in message.reactions)
        if has_it == add:
            raise SlackError("already_reacted" if add else "no_reaction")
        reaction = next((r for r in message.reactions if r.name == name), None)
        if reaction is None:
            reaction = Reaction(name=name, users=[])
            message.reactions.append(reaction)
        if add:
            reaction.users.append(user_id)
        else:
            reaction.users.remove(user_id)
        message.reactions = [r for r in message.reactions if r.users]
        self._bus.tell(MessageChanged(message))
        self._bus.tell(Reacted(message, name, user_id, add))

    def unread(self, channel: Channel, user_id: str) -> int:
        since = channel.read_until.get(user_id, "0")
        new = self.logs[channel.id].oldest_first(after=since)
        return sum(1 for m in new if m.user_id != user_id and m.is_seen_by(user_id))

    def mark_read(self, channel: Channel, user_id: str) -> None:
        last_ts = self.logs[channel.id].last_ts()
        if last_ts and channel.read_until.get(user_id) != last_ts:
            channel.read_until[user_id] = last_ts
            self._bus.tell(ChannelRead(channel, user_id))

    def thread_facts(self, message: Message) -> JsonObject:
        """The count and the people of a thread, as its first message carries them."""
        replies = [
            r for r in self.logs[message.channel_id].replies(message.ts) if not r.ephemeral_to
        ]
        if not replies:
            return {}
        people = list(dict.fromkeys(reply.user_id for reply in replies))
        return {
            "reply_count": len(replies),
            "reply_users_count": len(people),
            "reply_users": people,
            "latest_reply": replies[-1].ts,
        }

    def _tell_of_thread(self, message: Message) -> None:
        if not message.is_reply or message.ephemeral_to or not message.thread_ts:
            return
        parent = self.get(message.channel_id, message.thread_ts)
        if parent:
            self._bus.tell(MessageChanged(parent))
