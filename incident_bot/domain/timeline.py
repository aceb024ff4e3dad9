"""The timeline of an incident: the ordered record of what happened to it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from incident_bot.domain.actors import BOT


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
    LEFT = "left"
    EDITED = "edited"
    UPDATE_POSTED = "update posted"
    UPDATE_EDITED = "update edited"
    SUMMARY_ADDED = "summary added"
    CHANNEL_MADE = "channel made"
    CHANNEL_RENAMED = "channel renamed"
    CHANNEL_CLOSED = "channel closed"
    CHANNEL_OPENED = "channel opened"
    DELETED = "deleted"
    NOTE = "note"
    PINNED = "pinned"
    REMINDED = "reminded"
    UNDONE = "undone"
    ACTION_ITEM_ADDED = "action item added"
    ACTION_ITEM_DONE = "action item done"
    ACTION_ITEM_REOPENED = "action item reopened"


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
        EntryKind.JOINED,
        EntryKind.UPDATE_POSTED,
    }
)
"""The entries of which channels are told; all others only show in the announcement."""

FOLLOWED_KINDS: Final = (STATUS_KINDS | {EntryKind.UPDATE_POSTED}) & NOTIFIED_KINDS
"""The entries that those who follow an incident are told in direct messages."""

WRITTEN_KINDS: Final = frozenset({EntryKind.NOTE, EntryKind.PINNED})
"""The entries that people put there themselves: they can be edited and removed."""

EDITABLE_KINDS: Final = WRITTEN_KINDS | {EntryKind.UPDATE_POSTED}
"""The entries whose text can be edited."""


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
    `happened_at` when it happened: for WRITTEN_KINDS that may be earlier; `edited_at` is when its
    text was edited last, `undone_at` when who did it took it back. `author` and `permalink` are
    those of a pinned message. Only what was stored has an `id`.
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

    @property
    def is_written(self) -> bool:
        """Whether a person put it there: it can be edited and removed."""
        return self.kind in WRITTEN_KINDS

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
