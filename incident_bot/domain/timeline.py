"""The timeline of an incident: the ordered record of what happened to it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class EntryKind(StrEnum):
    """What happened; the values are stored."""

    DECLARED = "declared"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    SET_BACK = "set back"
    SEVERITY_CHANGED = "severity changed"
    LEAD_CHANGED = "lead changed"
    ROLE_ASSIGNED = "role assigned"
    JOINED = "joined"
    EDITED = "edited"
    UPDATE_POSTED = "update posted"
    SUMMARY_ADDED = "summary added"
    DELETED = "deleted"


STATUS_KINDS: Final = frozenset(
    {
        EntryKind.DECLARED,
        EntryKind.ACKNOWLEDGED,
        EntryKind.RESOLVED,
        EntryKind.REOPENED,
        EntryKind.SET_BACK,
    }
)
"""The entries that set a status."""

NOTIFIED_KINDS: Final = frozenset(
    {
        EntryKind.ACKNOWLEDGED,
        EntryKind.RESOLVED,
        EntryKind.REOPENED,
        EntryKind.SET_BACK,
        EntryKind.SEVERITY_CHANGED,
        EntryKind.LEAD_CHANGED,
        EntryKind.ROLE_ASSIGNED,
        EntryKind.UPDATE_POSTED,
    }
)
"""The entries of which channels are told; all others only show in the announcement."""


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened: who, when, what, from and to.

    `version` is the incident's version that the entry led to. `before` and `after` are the
    values of what changed, `text` what a person wrote with it; of a role, before and after are
    the people who had it and have it, and `text` is the role.
    """

    kind: EntryKind
    actor: str
    at: datetime
    version: int
    before: str | None = None
    after: str | None = None
    text: str | None = None

    @property
    def is_taking_the_lead(self) -> bool:
        """Whether somebody became the lead by their own doing."""
        return self.kind is EntryKind.LEAD_CHANGED and self.after == self.actor
