"""Timeline entries of each kind of which channels are told, with what they need to be told."""

from typing import Any

from incident_bot.domain.incident import Incident
from incident_bot.domain.status import Status
from incident_bot.domain.timeline import EntryKind, TimelineEntry
from incident_bot.slack.messages.direct import direct
from incident_bot.slack.text.parts import Message
from tests.factories import ANA, an_entry

DETAILS: dict[EntryKind, dict[str, Any]] = {
    EntryKind.ACKNOWLEDGED: {"before": Status.OPEN, "after": Status.IN_PROGRESS},
    EntryKind.RESOLVED: {"before": Status.IN_PROGRESS, "after": Status.RESOLVED},
    EntryKind.REOPENED: {"before": Status.RESOLVED, "after": Status.IN_PROGRESS},
    EntryKind.SET_BACK: {"before": Status.IN_PROGRESS, "after": Status.OPEN},
    EntryKind.SEVERITY_CHANGED: {"before": "Low", "after": "High"},
    EntryKind.LEAD_CHANGED: {"before": None, "after": ANA},
    EntryKind.ROLE_ASSIGNED: {"before": None, "after": ANA, "text": "Scribe"},
    EntryKind.JOINED: {"before": None, "after": ANA, "text": "Scribe"},
    EntryKind.UPDATE_POSTED: {"text": "Rolled back."},
}


def entry_of(kind: EntryKind, **changes: Any) -> TimelineEntry:  # noqa: ANN401 - TimelineEntry's
    return an_entry(kind, **(DETAILS[kind] | changes))


def told_to_them(
    incident: Incident,
    entry: TimelineEntry,
    *rest: Any,  # noqa: ANN401 - those of `direct`
) -> Message:
    """What the person reads whom the entry is about, or somebody, if it is about nobody."""
    return direct(incident, entry, *rest, reader=entry.after or ANA)
