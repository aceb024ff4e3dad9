"""Undoing: what somebody did by mistake is taken back by them, soon after."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from incident_bot.domain.errors import NotTheirsToUndo, TooLateToUndo
from incident_bot.domain.incident import Change, Incident
from incident_bot.domain.responders import NOBODY, Responders
from incident_bot.domain.timeline import EntryKind, Part, TimelineEntry

UNDO_WITHIN: Final = timedelta(minutes=5)


@dataclass(frozen=True)
class Former:
    """What an entry set, kept as long as it can be undone.

    By the names of Incident's fields: `was` before it, `became` by it. `lead_entry` is the one
    that tells that its actor took the lead by it, if they did.
    """

    was: Mapping[str, Any]
    became: Mapping[str, Any]
    lead_entry: TimelineEntry | None = None

    def is_as_it_became(self, incident: Incident, name: str) -> bool:
        """Whether nothing has changed the field since."""
        return name in self.became and getattr(incident, name) == self.became[name]

    def without_lead(self) -> "Former":
        """The same where the lead was handed on since, even if it has come back."""
        was = {name: value for name, value in self.was.items() if name != "lead"}
        return replace(self, was=was, lead_entry=None)


def undo(
    incident: Incident,
    entry: TimelineEntry,
    former: Former | None,
    actor: str,
    at: datetime,
    responders: Responders = NOBODY,
) -> Change:
    """Take back what somebody did a moment ago; raises NotAllowed.

    `entry` is the latest that sets the same part. What has changed since in another way stays.
    Who led what is private goes on seeing it, however short a time it was.
    """
    if actor != entry.actor:
        raise NotTheirsToUndo
    if former is None or at >= entry.at + UNDO_WITHIN:
        raise TooLateToUndo(incident.id)
    undone = [entry]
    if former.lead_entry is not None and former.is_as_it_became(incident, "lead"):
        undone.append(former.lead_entry)
    change = Change(incident, edited=tuple(replace(one, undone_at=at) for one in undone))
    if incident.is_private and entry.kind is EntryKind.LEAD_CHANGED and entry.after is not None:
        change = replace(change, responders=responders.keeping(entry.after, at))
    fields = _set_back(incident, entry, former)
    return change.then(
        EntryKind.UNDONE, actor, at, entry.after, entry.before, text=entry.kind, **fields
    )


def former_of(entry: TimelineEntry, change: Change, entry_ids: Mapping[int, int]) -> Former:
    """What is kept of what `entry` set, and of the lead that its actor took by the same step.

    `entry_ids` are the IDs of the change's entries, by their versions.
    """
    takes_lead = [one for one in change.entries if one.is_taking_the_lead]
    lead = takes_lead[0] if takes_lead and Part.STATUS in entry.facts.sets else None
    changed = {**entry.changed, **(lead.changed if lead else {})}
    was = {name: before for name, (before, _) in changed.items()}
    became = {name: after for name, (_, after) in changed.items()}
    return Former(was, became, replace(lead, id=entry_ids[lead.version]) if lead else None)


def _set_back(incident: Incident, entry: TimelineEntry, former: Former) -> dict[str, Any]:
    """The fields that get back what they were."""
    fields = {
        name: was for name, was in former.was.items() if former.is_as_it_became(incident, name)
    }
    if incident.latest_update_at is not None and incident.latest_update_at > entry.at:
        fields.pop("next_update_at", None)  # that promise was kept meanwhile
    if "status" in fields and fields["status"].is_resolved:
        fields["next_update_at"] = None
    return fields
