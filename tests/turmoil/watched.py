"""An incident that is watched: what REST says of it is held against what people were told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.slack_people import DeclaredIncident
from tests.turmoil.model import Attempt, Entries, Entry, Fate, State, outcomes


@dataclass
class Watched:
    """`fate` is that of its declaration; `attempts` are those not looked for in REST yet.

    It has no `id` while nobody knows whether it was declared. `gone_since` is the version in
    which its announcement was deleted; `channel` is where it was declared.
    """

    title: str
    severity: str
    reporter: str
    channel: str = "incidents"
    fate: Fate = Fate.UNKNOWN
    id: int | None = None
    entries: Entries = ()
    attempts: list[Attempt] = field(default_factory=list)
    gone_since: int | None = None

    def __str__(self) -> str:
        return self.title

    @property
    def reference(self) -> str:
        return f"INC-{self.id}"

    @property
    def announced(self) -> DeclaredIncident:
        """As the stories know it."""
        assert self.id is not None
        return DeclaredIncident(self.reference, self.id, self.title)

    @property
    def state(self) -> State:
        return State(self.severity).after(self.entries[1:])

    def is_found(self, listed: Sequence[dict[str, Any]]) -> None:
        """Take its ID from what REST lists under its title: once, or not at all."""
        ids = [incident["id"] for incident in listed if incident["title"] == self.title]
        assert len(ids) <= 1, f"{self.title} was declared {len(ids)} times"
        assert ids or self.fate is Fate.UNKNOWN, f"{self.title} is lost"
        assert not self.id or ids == [self.id]
        self.id = ids[0] if ids else None

    def has_timeline(self, timeline: Sequence[dict[str, Any]]) -> None:
        """Take over REST's timeline, if it may have become so by what was attempted."""
        entries = tuple(
            Entry(line["kind"], line["actor"], line["before"], line["after"]) for line in timeline
        )
        assert [line["version"] for line in timeline] == list(range(1, len(timeline) + 1))
        declared = self.entries or (Entry("declared", self.reporter),)
        assert entries[: len(declared)] == declared, "history was rewritten"
        state = State(self.severity).after(declared[1:])
        added, allowed = entries[len(declared) :], outcomes(state, self.attempts)
        assert added in allowed, (
            f"{self.reference} was {state}; attempted: {self.attempts}; added: {added}"
        )
        self.entries = entries
        self.attempts.clear()
