"""The timeline of an incident: the ordered record of what happened to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, Self

from incident_bot.domain.actors import BOT


class Part(StrEnum):
    """What of an incident an entry gives a new value."""

    STATUS = "status"
    SEVERITY = "severity"
    LEAD = "lead"
    TEXT = "text"
    SUMMARY = "summary"


@dataclass(frozen=True)
class Facts:
    """What is so of all entries of a kind.

    `sets` are the parts of the incident that it gives a new value. Channels hear of it if it
    `is_told`, and followers, too, if it `is_followed`; of others the announcement shows what has
    changed. The person in `after` is told in person if it is `for_person`, and is to be in the
    incident's channel if it `brings_somebody`. Who made it may take it back soon if it
    `is_undoable`. What `is_written` people have put there themselves, and may remove; what
    `is_editable` they may edit. `prose_in` is the field that has a person's own words, if one has.
    Other systems know it as `event`, if not by its own name.
    """

    sets: frozenset[Part] = frozenset()
    is_told: bool = False
    is_followed: bool = False
    for_person: bool = False
    brings_somebody: bool = False
    changes_topic: bool = False
    is_undoable: bool = False
    is_written: bool = False
    is_editable: bool = False
    event: str | None = None
    prose_in: Literal["text", "after"] | None = "text"


def _step(**more: Any) -> Facts:  # noqa: ANN401 - those of Facts
    """The facts of a step along the life cycle."""
    facts = Facts(
        frozenset({Part.STATUS}),
        is_told=True,
        is_followed=True,
        changes_topic=True,
        is_undoable=True,
    )
    return replace(facts, **more)


def _sets(*parts: Part, **more: Any) -> Facts:  # noqa: ANN401 - the same
    return replace(Facts(frozenset(parts)), **more)


class EntryKind(StrEnum):
    """What happened; the values are stored. `facts` is what is so of all entries of the kind."""

    facts: Facts

    def __new__(cls, stored: str, facts: Facts | None = None) -> Self:
        kind = str.__new__(cls, stored)
        kind._value_ = stored
        kind.facts = facts or Facts()
        return kind

    DECLARED = "declared", _sets(Part.STATUS, changes_topic=True)
    ACKNOWLEDGED = "acknowledged", _step()
    RESOLVED = "resolved", _step()
    REOPENED = "reopened", _step(sets=frozenset({Part.STATUS, Part.SUMMARY}))
    SET_BACK = "set back", _step()
    SEVERITY_CHANGED = (
        "severity changed",
        _sets(Part.SEVERITY, is_told=True, changes_topic=True, is_undoable=True),
    )
    LEAD_CHANGED = (
        "lead changed",
        _sets(
            Part.LEAD,
            is_told=True,
            for_person=True,
            brings_somebody=True,
            changes_topic=True,
            is_undoable=True,
        ),
    )
    ROLE_ASSIGNED = "role assigned", Facts(is_told=True, brings_somebody=True, prose_in=None)
    JOINED = "joined", Facts(is_told=True, for_person=True, brings_somebody=True, prose_in=None)
    LEFT = "left"
    EDITED = "edited", _sets(Part.TEXT, prose_in="after")
    UPDATE_POSTED = "update posted", Facts(is_told=True, is_followed=True, is_editable=True)
    UPDATE_EDITED = "update edited", Facts(prose_in="after")
    SUMMARY_ADDED = "summary added", _sets(Part.SUMMARY)
    CHANNEL_MADE = "channel made"
    CHANNEL_RENAMED = "channel renamed"
    CHANNEL_CLOSED = "channel closed", Facts(prose_in=None)
    CHANNEL_OPENED = "channel opened", Facts(changes_topic=True)
    DELETED = "deleted"
    NOTE = "note", Facts(is_written=True, is_editable=True)
    PINNED = "pinned", Facts(is_written=True, is_editable=True)
    REMINDED = "reminded", Facts(prose_in=None)
    UNDONE = "undone", Facts(changes_topic=True, prose_in=None)
    ACTION_ITEM_ADDED = (
        "action item added",
        Facts(for_person=True, event="action_item.created"),
    )
    ACTION_ITEM_DONE = "action item done", Facts(event="action_item.done")
    ACTION_ITEM_REOPENED = "action item reopened", Facts(event="action_item.reopened")


def setting(*parts: Part) -> frozenset[EntryKind]:
    """The kinds that give any of these parts a new value."""
    return frozenset(kind for kind in EntryKind if kind.facts.sets.intersection(parts))


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened: who, when, what, from and to.

    `kind` is the stored word if only a newer version of the bot knows it. `version` is the
    incident's version that the entry led to; notes, pins, reminders and action items change
    nothing, so they have the version of their time. `before` and `after` are the values of what
    changed, `text` what a person wrote with it; of a reminder, `after` is who was told and `text`
    its kind; of a role, before and after are the people who had it and have it, and `text` is the
    role; of an action item, after is its owner; of a channel that was closed, `text` is why, unless
    somebody archived it; of what was undone, `text` is its kind. `at` is when it was recorded,
    `happened_at` when it happened: for what people have written that may be earlier; `edited_at`
    is when its text was edited last, `undone_at` when who did it took it back. `author` and
    `permalink` are those of a pinned message. Only what was stored has an `id`; only
    what is new knows what it `changed`: fields of the incident, by name, each from and to.
    """

    kind: EntryKind | str
    actor: str
    at: datetime
    version: int
    before: str | None = None
    after: str | None = None
    text: str | None = None
    happened_at: datetime = field(kw_only=True)
    edited_at: datetime | None = field(default=None, kw_only=True)
    undone_at: datetime | None = field(default=None, kw_only=True)
    author: str | None = field(default=None, kw_only=True)
    permalink: str | None = field(default=None, kw_only=True)
    id: int | None = field(default=None, kw_only=True)
    changed: Mapping[str, tuple[Any, Any]] = field(
        default_factory=dict, kw_only=True, compare=False, repr=False
    )

    @property
    def facts(self) -> Facts:
        """What is so of all entries of its kind; nothing, of what only a newer version knows."""
        return self.kind.facts if isinstance(self.kind, EntryKind) else Facts(prose_in=None)

    @property
    def event_type(self) -> str:
        """How other systems know what happened, such as `incident.severity_changed`."""
        return self.facts.event or f"incident.{self.kind.replace(' ', '_')}"

    @property
    def prose(self) -> str:
        """What a person wrote with it, or would have it say."""
        return getattr(self, self.facts.prose_in) or "" if self.facts.prose_in else ""

    @property
    def is_reminder_of_items(self) -> bool:
        """Whether it reminded of action items: of those of the owner in `before`."""
        return self.kind is EntryKind.REMINDED and self.text == "action"

    @property
    def is_taking_the_lead(self) -> bool:
        """Whether somebody became the lead by their own doing."""
        return self.kind is EntryKind.LEAD_CHANGED and self.after == self.actor

    @property
    def is_loss_of_lead(self) -> bool:
        """Whether nobody leads because the lead's Slack account was deactivated."""
        return self.kind is EntryKind.LEAD_CHANGED and self.actor == BOT
