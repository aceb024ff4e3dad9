"""A message, and the log of one channel: found by its timestamp at once, read in pages."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from pydantic import BaseModel

from incident_bot.sandbox.jsontypes import JsonList, JsonObject


class Reaction(BaseModel):
    name: str
    users: list[str]


class Edit(BaseModel):
    user_id: str
    ts: str


class Message(BaseModel):
    ts: str
    channel_id: str
    user_id: str
    text: str = ""
    blocks: JsonList = []
    thread_ts: str | None = None
    is_broadcast: bool = False
    ephemeral_to: str | None = None
    metadata: JsonObject | None = None
    client_msg_id: str | None = None
    subtype: str | None = None
    edited: Edit | None = None
    reactions: list[Reaction] = []

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def is_stone(self) -> bool:
        """What Slack leaves of a deleted message that has replies; it is nobody's to edit."""
        return self.subtype == "tombstone"

    @property
    def is_in_channel(self) -> bool:
        """Seen in the channel itself, not in a thread alone."""
        return not self.is_reply or self.is_broadcast

    def is_seen_by(self, user_id: str) -> bool:
        return self.ephemeral_to in {None, user_id}


class MessageLog:
    """Timestamps are text of one length, so that their order as text is their order in time."""

    def __init__(self) -> None:
        self._by_ts: dict[str, Message] = {}
        self._in_channel: list[str] = []
        self._replies: dict[str, list[str]] = {}

    def __iter__(self) -> Iterator[Message]:
        return iter(self._by_ts.values())

    def add(self, message: Message) -> None:
        self._by_ts[message.ts] = message
        if message.is_in_channel:
            _insert(self._in_channel, message.ts)
        if message.is_reply and message.thread_ts:
            _insert(self._replies.setdefault(message.thread_ts, []), message.ts)

    def get(self, ts: str) -> Message | None:
        return self._by_ts.get(ts)

    def remove(self, message: Message) -> None:
        del self._by_ts[message.ts]
        if message.is_in_channel:
            _delete(self._in_channel, message.ts)
        if message.is_reply and message.thread_ts:
            _delete(self._replies[message.thread_ts], message.ts)

    def newest_first(self, before: str | None = None) -> Iterator[Message]:
        """What the channel itself shows, from `before` (not included) backwards."""
        end = len(self._in_channel) if before is None else bisect_left(self._in_channel, before)
        for position in range(end - 1, -1, -1):
            yield self._by_ts[self._in_channel[position]]

    def oldest_first(self, after: str) -> Iterator[Message]:
        for position in range(bisect_right(self._in_channel, after), len(self._in_channel)):
            yield self._by_ts[self._in_channel[position]]

    def replies(self, thread_ts: str) -> list[Message]:
        return [self._by_ts[ts] for ts in self._replies.get(thread_ts, [])]

    def last_ts(self) -> str | None:
        return self._in_channel[-1] if self._in_channel else None


def _insert(order: list[str], ts: str) -> None:
    order.insert(bisect_left(order, ts), ts)


def _delete(order: list[str], ts: str) -> None:
    del order[bisect_left(order, ts)]
