"""Who has seen what: everything that the bot has shown to anybody, and who could read it then."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from incident_bot.sandbox.bus import Change, MessageChanged, MessagePosted, ViewChanged
from incident_bot.sandbox.cast import BOT_USER_ID
from incident_bot.sandbox.messages import Message
from incident_bot.sandbox.views import View
from incident_bot.sandbox.workspace import Workspace

# It says no more than was asked for.
_UNKNOWN: Final = re.compile(r"There is no incident `INC-\d+`")
_REFERENCE: Final = re.compile(r"\bINC-(\d+)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Sight:
    """Words that were shown in a channel or to one person; `readers` is None for everybody."""

    number: int
    place: str
    readers: frozenset[str] | None
    words: str

    def names(self, incident_id: int, title: str) -> bool:
        is_titled = re.search(rf"{re.escape(title)}(?! \()", self.words)  # not another form's
        return bool(is_titled) or str(incident_id) in _REFERENCE.findall(self.words)

    def __str__(self) -> str:
        words = re.sub(r"\s+", " ", self.words)[:400]
        return f"{self.place} showed {sorted(self.readers or ['everybody'])}: {words}"


@dataclass
class Secret:
    """A private incident; `people` are those who may see it, `put_out` since which sight not."""

    incident_id: int
    title: str
    channel_id: str
    people: set[str]
    put_out: dict[str, int] = field(default_factory=dict)

    def is_for(self, user_id: str, number: int) -> bool:
        last = self.put_out.get(user_id)
        return user_id in self.people and (last is None or number <= last)


class Witness:
    """Listens to the workspace, and remembers."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._sights: list[Sight] = []
        self.secrets: list[Secret] = []
        workspace.bus.listen(self._notice)

    def puts_out(self, secret: Secret, user_id: str) -> None:
        """From now on this person is to see nothing more of it."""
        secret.put_out[user_id] = len(self._sights)

    @property
    def number_of_sights(self) -> int:
        return len(self._sights)

    def looks_at_homes(self) -> None:
        """As they are in the end: one that was read before may be shown after somebody was put out.

        The next, which comes within seconds, puts that right.
        """
        for user_id, view in self._workspace.views.homes.items():
            self._keep_view("the Home tab", user_id, view)

    def betrayals(self) -> Iterator[Sight]:
        """What of a private incident somebody has seen who may not see it."""
        for secret in self.secrets:
            for sight in self._sights:
                if sight.names(secret.incident_id, secret.title) and not _is_fine(sight, secret):
                    yield sight

    def seen_in(self, channel_id: str, *, but: set[int]) -> Iterator[Sight]:
        """What all in a channel have seen of other incidents than these."""
        for sight in self._sights:
            named = {int(one) for one in _REFERENCE.findall(sight.words)}
            if sight.place == channel_id and named - but:
                yield sight

    def _notice(self, change: Change) -> None:
        match change:
            case MessagePosted(message) | MessageChanged(message, is_edit=True):
                if message.user_id == BOT_USER_ID:
                    self._keep_message(message)
            case ViewChanged(user_id, view=view) if view:
                self._keep_view("a view", user_id, view)
            case _:
                pass

    def _keep_view(self, place: str, user_id: str, view: View) -> None:
        words = view.model_dump_json(include={"title", "blocks"})
        self._keep(place, frozenset({user_id}), words)

    def _keep_message(self, message: Message) -> None:
        channel = self._workspace.directory.channels[message.channel_id]
        words = json.dumps([message.text, message.blocks], ensure_ascii=False)
        if message.ephemeral_to is not None:
            self._keep("a reply", frozenset({message.ephemeral_to}), words)
        elif channel.kind == "dm":
            self._keep("a direct message", frozenset({str(channel.dm_user_id)}), words)
        else:
            readers = None if channel.kind == "channel" else frozenset(channel.members)
            self._keep(channel.id, readers, words)

    def _keep(self, place: str, readers: frozenset[str] | None, words: str) -> None:
        words = _UNKNOWN.sub("", words)
        self._sights.append(Sight(len(self._sights) + 1, place, readers, words))


def _is_fine(sight: Sight, secret: Secret) -> bool:
    if sight.place == secret.channel_id:
        return True
    return sight.readers is not None and all(
        secret.is_for(reader, sight.number) for reader in sight.readers
    )
