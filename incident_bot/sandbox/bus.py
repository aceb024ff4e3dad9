"""What has changed in the workspace, told at once to all who listen (pages, Slack's events)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from incident_bot.sandbox.cast import Channel
from incident_bot.sandbox.jsontypes import JsonList, JsonObject
from incident_bot.sandbox.messages import Message
from incident_bot.sandbox.views import View


@dataclass(frozen=True)
class MessagePosted:
    message: Message


@dataclass(frozen=True)
class MessageChanged:
    """Also told of a thread's first message when its replies change, of reactions and pins."""

    message: Message
    is_edit: bool = False


@dataclass(frozen=True)
class MessageDeleted:
    message: Message


@dataclass(frozen=True)
class Reacted:
    message: Message
    name: str
    user_id: str
    added: bool


@dataclass(frozen=True)
class ChannelChanged:
    """`user_id` joined, left or did it; `by_id` is who invited or removed that person."""

    channel: Channel
    what: Literal["created", "renamed", "archived", "unarchived", "joined", "left", "changed"]
    user_id: str | None = None
    by_id: str | None = None


@dataclass(frozen=True)
class ChannelMoved:
    """It has another ID than before."""

    channel: Channel
    old_id: str


@dataclass(frozen=True)
class ChannelRead:
    channel: Channel
    user_id: str


@dataclass(frozen=True)
class ViewChanged:
    user_id: str
    action: Literal["open", "update", "close", "errors"]
    view: View | None = None
    view_id: str | None = None
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class HomeChanged:
    user_id: str
    view: View | None


@dataclass(frozen=True)
class TrafficRecorded:
    entry: JsonObject


@dataclass(frozen=True)
class FaultsChanged:
    faults: JsonList


@dataclass(frozen=True)
class BotChanged:
    bot: JsonObject


Change = (
    MessagePosted
    | MessageChanged
    | MessageDeleted
    | Reacted
    | ChannelChanged
    | ChannelMoved
    | ChannelRead
    | ViewChanged
    | HomeChanged
    | TrafficRecorded
    | FaultsChanged
    | BotChanged
)


class Bus:
    def __init__(self) -> None:
        self._listeners: list[Callable[[Change], None]] = []

    def tell(self, change: Change) -> None:
        for listener in list(self._listeners):
            listener(change)

    def listen(self, listener: Callable[[Change], None]) -> None:
        self._listeners.append(listener)

    @contextmanager
    def listening(self, listener: Callable[[Change], None]) -> Iterator[None]:
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)
