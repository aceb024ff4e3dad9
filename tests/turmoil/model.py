"""What an incident must have become: a model of one page, which the bot is held to.

It knows nothing of the bot's own rules: written anew, from the drawing in docs/architecture.md.
"""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final, Protocol

VERBS: Final = {
    "acknowledge": ({"Open"}, "In Progress"),
    "resolve": ({"Open", "In Progress"}, "Resolved"),
    "reopen": ({"Resolved"}, "In Progress"),
}
"""From where each step leads, and where to."""

STATUSES: Final = ("Open", "In Progress", "Resolved")
SEVERITIES: Final = ("Low", "Medium", "High")


@dataclass(frozen=True)
class Entry:
    """A line of the timeline."""

    kind: str
    actor: str
    before: str | None = None
    after: str | None = None


Entries = tuple[Entry, ...]


@dataclass(frozen=True)
class State:
    """What is known of an incident; `status_since` is the version that brought the status."""

    severity: str
    status: str = "Open"
    lead: str | None = None
    version: int = 1
    status_since: int = 1

    def after(self, entries: Entries) -> "State":
        state = self
        for entry in entries:
            state = state._after(entry)
        return state

    def _after(self, entry: Entry) -> "State":
        version = self.version + 1
        if entry.kind == "severity changed":
            return replace(self, version=version, severity=str(entry.after))
        if entry.kind == "lead changed":
            return replace(self, version=version, lead=entry.after)
        return replace(self, version=version, status=str(entry.after), status_since=version)


class Act(Protocol):
    """What somebody wants to do to an incident."""

    def on(self, state: State) -> Entries:
        """What it adds to the timeline: nothing when it is to be refused, or changes nothing."""


@dataclass(frozen=True)
class Go:
    """A step of the life cycle; by a button, that of the version that was `seen`."""

    actor: str
    verb: str
    seen: int | None = None

    def on(self, state: State) -> Entries:
        sources, status = VERBS[self.verb]
        is_stale = self.seen is not None and state.status_since > self.seen
        return () if is_stale or state.status not in sources else _to(state, status, self.actor)


@dataclass(frozen=True)
class Regrade:
    """Another severity."""

    actor: str
    severity: str

    def on(self, state: State) -> Entries:
        if self.severity == state.severity:
            return ()
        return (Entry("severity changed", self.actor, state.severity, self.severity),)


@dataclass(frozen=True)
class Put:
    """Any status, as REST lets its users do."""

    actor: str
    status: str

    def on(self, state: State) -> Entries:
        return () if self.status == state.status else _to(state, self.status, self.actor)


def _to(state: State, status: str, actor: str) -> Entries:
    entry = Entry(_kind(state.status, status), actor, state.status, status)
    if status == "In Progress" and state.lead is None and is_person(actor):
        return entry, Entry("lead changed", actor, None, actor)
    return (entry,)


def _kind(before: str, after: str) -> str:
    if after == "Resolved":
        return "resolved"
    if before == "Resolved":
        return "reopened"
    return "acknowledged" if after == "In Progress" else "set back"


def is_person(actor: str) -> bool:
    return actor.startswith("U0")


class Fate(Enum):
    """What is known of an attempt from outside."""

    DONE = auto()
    """The person was told that it is done."""
    REFUSED = auto()
    """The person was told that it cannot be done."""
    EXCUSED = auto()
    """The person was told that nothing was changed, for a passing reason."""
    ACCEPTED = auto()
    """It was acknowledged; what the answer was is not known."""
    UNKNOWN = auto()
    """It was not acknowledged: it may be done or not."""


@dataclass(frozen=True)
class Attempt:
    """An act that was tried, and what was heard of it."""

    act: Act
    fate: Fate


def outcomes(state: State, attempts: Iterable[Attempt]) -> set[Entries]:
    """All that may have been added, in whatever order the attempts were carried out."""
    return {added for order in itertools.permutations(attempts) for added in _added(state, order)}


def _added(state: State, order: tuple[Attempt, ...]) -> Iterator[Entries]:
    if not order:
        yield ()
        return
    first, *others = order
    for entries in _choices(state, first):
        for more in _added(state.after(entries), tuple(others)):
            yield entries + more


def _choices(state: State, attempt: Attempt) -> tuple[Entries, ...]:
    """What one attempt may have added; no choice at all when what was heard cannot be so."""
    entries = attempt.act.on(state)
    match attempt.fate:
        case Fate.DONE:
            return (entries,) if entries else ()
        case Fate.REFUSED:
            return () if entries else ((),)
        case Fate.EXCUSED:
            return ((),)
        case Fate.ACCEPTED:
            return (entries,)
        case Fate.UNKNOWN:
            return (entries, ())


def told(entries: Iterable[Entry], reference: str) -> list[str]:
    """What the thread must have heard, in its order: words of each notification."""
    notified: list[str] = []
    before: Entry | None = None
    for entry in entries:
        # Who acknowledges takes the lead: one thing to people, told once.
        is_told = not (entry.kind == "lead changed" and before and before.kind == "acknowledged")
        if is_told and entry.kind != "declared":
            notified.append(_sentence(entry, reference))
        before = entry
    return notified


def _sentence(entry: Entry, reference: str) -> str:
    who = _mention(entry.actor)
    match entry.kind:
        case "acknowledged":
            return f"{who} acknowledged {reference}"
        case "resolved":
            return f"{who} resolved *{reference}*"
        case "reopened":
            return f"{who} reopened {reference}: {entry.after}"
        case "set back":
            return f"{who} set {reference} back to Open"
        case "severity changed":
            return (
                f"{who} changed the severity of {reference} from {entry.before} to *{entry.after}*"
            )
        case "lead changed":
            return f"{_mention(str(entry.after))} leads {reference} now"
    raise AssertionError(f"nobody did that: {entry}")


def _mention(actor: str) -> str:
    return f"<@{actor}>" if is_person(actor) else actor
