"""Undoing: what somebody did by mistake is taken back by them, soon after."""

from datetime import timedelta
from typing import Final

from incident_bot.domain.timeline import STATUS_KINDS, EntryKind

UNDO_WITHIN: Final = timedelta(minutes=5)

_FAMILIES: Final = (
    STATUS_KINDS,
    frozenset({EntryKind.SEVERITY_CHANGED}),
    frozenset({EntryKind.LEAD_CHANGED}),
)

UNDOABLE_KINDS: Final = frozenset().union(*_FAMILIES) - {EntryKind.DECLARED}
"""The entries that can be undone, by who made them."""


def kinds_like(kind: EntryKind) -> frozenset[EntryKind]:
    """Those that set the same: what was set since by one of them is not to be undone with it."""
    return next(family for family in _FAMILIES if kind in family)
