"""Refusals: what cannot be done, as facts. Whatever else is raised is a fault.

`str` puts the facts into a plain sentence: what is wrong, and the way out if it is everybody's.
Surfaces add what only their readers can use, such as commands and mentions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

from incident_bot.domain.reference import reference

if TYPE_CHECKING:
    from incident_bot.domain.status import Status
    from incident_bot.domain.timeline import TimelineEntry


class IncidentError(Exception):
    """What was asked cannot be done. Each reason is a class of its own, with its facts."""

    sentence: ClassVar[str] = "This cannot be done."
    """In which `{fact}` stands for each."""

    def __init__(self) -> None:
        """Takes no text: that is made from facts."""
        super().__init__()

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        return self.sentence.format_map(self.facts)

    @property
    def facts(self) -> Mapping[str, Any]:
        return vars(self)


@dataclass(eq=False)
class OfIncident(IncidentError):
    """A refusal that concerns one incident; a fact of it is the incident's `name`."""

    incident_id: int

    @property
    def name(self) -> str:
        return reference(self.incident_id)

    @property
    def facts(self) -> Mapping[str, Any]:
        return {**vars(self), "name": self.name}


class OfPerson(IncidentError):
    """A refusal because of what somebody is or does: the sentence begins with them."""

    user_id: str

    def __str__(self) -> str:
        return f"{self.user_id} {self.words}"


class NotAllowed(IncidentError):
    """This person may not do this."""


class NothingToChange(IncidentError):
    """What was asked for is how it is."""


class WrongMoment(IncidentError):
    """Nothing of the incident can have happened at that time."""


class IncidentNotFound(OfIncident):
    """No such incident, or it was deleted. 0 stands for any number that no incident can have."""

    sentence = "There is no incident {name}."

    @property
    def name(self) -> str:
        return super().name if self.incident_id else "with that number"


@dataclass(eq=False)
class UnknownName(IncidentError):
    """A name that is not among the configured ones; `nearest` is what may have been meant."""

    text: str
    allowed: Sequence[str]
    nearest: str | None = None
    sentence = "“{shown}” is not a {one}.{guess} {many} are {all}."
    nouns: ClassVar[tuple[str, str]]

    @property
    def facts(self) -> Mapping[str, Any]:
        one, many = self.nouns
        guess = f" Did you mean {self.nearest}?" if self.nearest else ""
        shown, allowed = _short(self.text), ", ".join(self.allowed)
        return {"shown": shown, "one": one, "guess": guess, "many": many, "all": allowed}


class UnknownSeverity(UnknownName):
    nouns = ("severity", "Severities")


class UnknownRole(UnknownName):
    nouns = ("role", "Roles")


@dataclass(eq=False)
class AlreadyResponds(OfPerson, OfIncident):
    """This person responds already, in a role if they have one."""

    user_id: str
    role: str | None = None

    @property
    def words(self) -> str:
        does = f"is {self.role} of" if self.role else "responds to"
        return f"{does} {self.name} already."


class AlreadyLeads(AlreadyResponds):
    @property
    def words(self) -> str:
        return f"leads {self.name} already."


@dataclass(eq=False)
class CannotSeeIncident(OfPerson, OfIncident):
    """This person does not know of the incident, which is private."""

    user_id: str
    sentence = "is not one of the people of {name}, which is private."


@dataclass(eq=False)
class AlreadyInStatus(OfIncident):
    """The incident has the status that was asked for; `entry` says who set it and when."""

    status: "Status"
    entry: "TimelineEntry | None"
    sentence = "{name} is already {status}."


@dataclass(eq=False)
class ChangedMeanwhile(OfIncident):
    """Somebody else changed what the person was looking at; `entry` says who, when and what."""

    entry: "TimelineEntry"
    sentence = "{name} changed while you looked: {entry.kind}."


@dataclass(eq=False)
class IllegalTransition(OfIncident):
    """The life cycle has no such step from the status that the incident has."""

    status: "Status"
    steps: Sequence[str]

    @property
    def words(self) -> str:
        steps = " or ".join(self.steps)
        return f"{self.name} is {self.status}. What can be done now: {steps}."


class JoinedTooLate(OfIncident):
    sentence = "{name} is Resolved. Reopen it if there is something left to do."


class SummarizedTooSoon(OfIncident):
    sentence = "{name} was reopened; resolve it before you add a summary."


@dataclass(eq=False)
class NotTheSummarizer(OfPerson, OfIncident, NotAllowed):
    """Only this person, who resolved the incident, and its lead may sum it up."""

    user_id: str
    sentence = "resolved {name}: ask them, or its lead, for a summary."


class MayNotDelete(OfIncident, NotAllowed):
    sentence = "Only who reported {name} or leads it may delete it."


class MayNotEditUpdate(OfIncident, NotAllowed):
    sentence = "Only who wrote this update on {name}, or its lead, may edit it."


class MayNotChangeEntry(OfIncident, NotAllowed):
    sentence = "Only who put this into the timeline of {name}, or its lead, may change it."


class EntryRule(Enum):
    """What may be done to which timeline entries, whoever asks."""

    EDIT = "Only updates, notes and pinned messages can be edited."
    EDIT_UPDATE = "Only an update is edited without its time."
    MOVE = "The time of an update cannot be changed."
    REMOVE = "Only notes and pinned messages can be removed."


@dataclass(eq=False)
class NotForThisEntry(NotAllowed):
    rule: EntryRule
    sentence = "{rule.value}"


class NotTheirsToUndo(NotAllowed):
    sentence = "Only who did this can undo it, within five minutes."


class TooLateToUndo(OfIncident, NotAllowed):
    sentence = "This was more than five minutes ago, and others may count on it."


class UndoneBefore(IncidentError):
    sentence = "This is undone already."


@dataclass(eq=False)
class SameSeverity(OfIncident, NothingToChange):
    severity: str
    sentence = "{name} has severity {severity} already."


class SameIncident(OfIncident, NothingToChange):
    """It was edited to say what it said before."""

    sentence = "{name} says all that already; nothing was changed."


@dataclass(eq=False)
class SameEntry(NothingToChange):
    """A timeline entry, an update or another, was edited to say what it said before."""

    what: str
    sentence = "The {what} says that already; nothing was changed."


class StillToCome(WrongMoment):
    sentence = (
        "That time is still to come, and the timeline tells what has happened. "
        "Give an earlier one, or none."
    )


@dataclass(eq=False)
class BeforeTimeline(OfIncident, WrongMoment):
    days: int
    sentence = (
        "That is too early: the timeline of {name} begins {days} days before it was declared. "
        "Give a later time, or say it in words."
    )


class EntryGone(OfIncident):
    sentence = "This is not in the timeline of {name} any more."


class EntryEdited(OfIncident):
    sentence = "Somebody else edited this entry meanwhile, so nothing was changed."


class EmptyNote(IncidentError):
    sentence = "What is to be noted?"


class EmptyActionItem(IncidentError):
    sentence = "What is to be done?"


@dataclass(eq=False)
class TooLong(IncidentError):
    """More characters than `limit`; `what` names the text, such as "A note"."""

    what: str
    limit: int
    length: int
    sentence = "{what} may have {limit} characters; this has {length}. Shorten it."


@dataclass(eq=False)
class DueBefore(IncidentError):
    """An action item's due time is over; `due_at` is in its writer's time zone."""

    due_at: datetime
    sentence = (
        "It would be due {due_at:%Y-%m-%d %H:%M} your time, which is over. Give a later time, such "
        "as “tomorrow” or “Friday 14:00”; if none is meant, do not end with it."
    )


class ActionItemGone(OfIncident):
    sentence = "{name} has no such action item."


class ActionItemOpen(OfIncident, NothingToChange):
    sentence = "This action item of {name} is open already."


@dataclass(eq=False)
class AlreadyDone(OfPerson, OfIncident):
    """Somebody has done this action item already: `user_id`, `at` that time."""

    user_id: str
    at: datetime
    sentence = "did this action item of {name} already, {at:%Y-%m-%d %H:%M} UTC."


class NoChannel(OfIncident):
    sentence = "{name} has no channel that could be archived."


@dataclass(eq=False)
class ChannelInUse(OfIncident):
    status: "Status"
    sentence = "{name} is {status}. Resolve it before its channel is archived."


class ReminderOver(OfIncident):
    sentence = "{name} needs no such reminder any more."


@dataclass(eq=False)
class RepeatedRequest(IncidentError):
    """This very request was carried out before; it is not to be answered again."""

    incident_id: int | None
    sentence = "This was done already."


class KeyReused(IncidentError):
    """The key of an earlier request came with another request."""

    sentence = "This key was used for another request. Use a new key for each request."


def _short(text: str) -> str:
    limit = 40
    return text if len(text) <= limit else text[: limit - 1] + "…"
