"""Undoing: what somebody did by mistake is taken back by them, soon after."""

from datetime import datetime, timedelta
from typing import Any, Final

from incident_bot.domain.errors import NotAllowed
from incident_bot.domain.incident import Change, Incident
from incident_bot.domain.responders import NOBODY, Responders
from incident_bot.domain.status import Status
from incident_bot.domain.timeline import EntryKind, TimelineEntry

UNDO_WITHIN: Final = timedelta(minutes=5)

UNDOABLE: Final = frozenset(kind for kind in EntryKind if kind.facts.is_undoable)
"""The kinds of entries that can be undone, by who made them."""


def undo(
    incident: Incident,
    entry: TimelineEntry,
    actor: str,
    at: datetime,
    *,
    responders: Responders = NOBODY,
    has_taken_lead: bool = False,
    resolved_at: datetime | None = None,
    next_update_at: datetime | None = None,
) -> Change:
    """Take back what somebody did a moment ago; raises NotAllowed.

    `entry` is the latest of its family; `has_taken_lead` says that they became the lead by it,
    `resolved_at` when it had been resolved that they reopened, `next_update_at` the promise that
    ended as they resolved it. Who led what is private goes on seeing it, however short a time it
    was.
    """
    if actor != entry.actor:
        raise NotAllowed("Only who did this can undo it, within five minutes.")
    if at >= entry.at + UNDO_WITHIN:
        raise NotAllowed(
            "This was more than five minutes ago, and others may count on it.",
            f"`/incident show {incident.reference}` has the buttons that change it.",
        )
    change, fields = Change(incident), _before(incident, entry, resolved_at, next_update_at)
    if has_taken_lead:
        fields["lead"] = None
    if incident.is_private and entry.kind is EntryKind.LEAD_CHANGED and entry.after is not None:
        change = Change(incident, responders=responders.keeping(entry.after, at))
    return change.then(
        EntryKind.UNDONE, actor, at, entry.after, entry.before, text=entry.kind, **fields
    )


def _before(
    incident: Incident,
    entry: TimelineEntry,
    resolved_at: datetime | None,
    next_update_at: datetime | None,
) -> dict[str, Any]:
    """What the entry set, as it was."""
    match entry.kind:
        case EntryKind.SEVERITY_CHANGED:
            return {"severity": entry.before}
        case EntryKind.LEAD_CHANGED:
            return {"lead": entry.before}
    status = Status(str(entry.before))
    # Who reopens what nobody has acknowledged does that, too.
    is_first = incident.acknowledged_at == max(entry.at, incident.declared_at)
    if entry.kind is not EntryKind.RESOLVED:
        next_update_at = None if status.is_resolved else incident.next_update_at
    elif incident.latest_update_at is not None and incident.latest_update_at > entry.at:
        next_update_at = None  # that promise was kept meanwhile
    return {
        "status": status,
        "acknowledged_at": None if is_first else incident.acknowledged_at,
        "resolved_at": (resolved_at or entry.at) if status.is_resolved else None,
        "next_update_at": next_update_at,
    }
