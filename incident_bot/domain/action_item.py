"""Action items: follow-up work with an owner, which outlives its incident's resolution."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from incident_bot.domain.due import find_due
from incident_bot.domain.errors import (
    ActionItemOpen,
    AlreadyDone,
    CannotSeeIncident,
    DueBefore,
    EmptyActionItem,
    TooLong,
)
from incident_bot.domain.incident import Incident
from incident_bot.domain.responders import Responders
from incident_bot.domain.text import one_line
from incident_bot.domain.timeline import EntryKind, TimelineEntry

ACTION_ITEM_LIMIT: Final = 500


@dataclass(frozen=True)
class NewActionItem:
    """What somebody must say to add one; without an `owner`, a user ID, it is nobody's yet."""

    text: str
    owner: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True)
class ActionItem:
    """One of an incident's; times are UTC. Whoever did it need not be its owner."""

    id: int
    incident_id: int
    text: str
    owner: str | None
    due_at: datetime | None
    created_at: datetime
    created_by: str
    done_at: datetime | None = None
    done_by: str | None = None

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    def is_overdue(self, at: datetime) -> bool:
        return not self.is_done and self.due_at is not None and self.due_at < at

    def finish(self, actor: str, at: datetime) -> "ActionItem":
        """Raises AlreadyDone, which tells who was faster."""
        if self.done_at is not None:
            raise AlreadyDone(self.incident_id, str(self.done_by), self.done_at)
        return replace(self, done_at=at, done_by=actor)

    def reopen(self) -> "ActionItem":
        """Raises NothingToChange."""
        if not self.is_done:
            raise ActionItemOpen(self.incident_id)
        return replace(self, done_at=None, done_by=None)


@dataclass(frozen=True)
class SomeActionItems:
    """The action items that a message shows, and how many there are in all to be shown."""

    shown: tuple[ActionItem, ...] = ()
    total: int = 0


NO_ACTION_ITEMS: Final = SomeActionItems()


def read_action_item(typed: str, now: datetime, owner: str | None = None) -> NewActionItem:
    """What was typed, with the due time at its end if there is one.

    `now` is in the writer's own time zone. Raises EmptyActionItem when no words are left, TooLong
    when there are too many, and DueBefore when the due time is over.
    """
    text, due_at = find_due(one_line(typed), now)
    if not text:
        raise EmptyActionItem
    if len(text) > ACTION_ITEM_LIMIT:
        raise TooLong("An action item", ACTION_ITEM_LIMIT, len(text))
    if due_at is not None and due_at <= now:
        raise DueBefore(due_at.astimezone(now.tzinfo))
    return NewActionItem(text, owner, due_at)


def is_due(typed: str, now: datetime) -> bool:
    """Whether it says nothing but when something is due."""
    rest, due_at = find_due(one_line(typed), now)
    return due_at is not None and not rest


def refuse_owner(incident: Incident, owner: str | None, responders: Responders) -> None:
    """Raise CannotSeeIncident for somebody who may not know of it."""
    if owner and incident.is_private and not incident.concerns(owner, responders):
        raise CannotSeeIncident(incident.id, owner)


def entry_of(
    kind: EntryKind, incident: Incident, item: ActionItem | NewActionItem, actor: str, at: datetime
) -> TimelineEntry:
    """How the timeline tells it; nothing changes of the incident, so its version stays."""
    return TimelineEntry(
        kind, actor, at, incident.version, after=item.owner, text=item.text, happened_at=at
    )
