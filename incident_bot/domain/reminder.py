"""Reminders: of what is expected of somebody and has not happened."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from incident_bot.domain.incident import Incident
from incident_bot.domain.status import Status

SILENT_AFTER: Final = timedelta(days=1)
"""How long nothing is said of what is not resolved before somebody is asked."""


class ReminderKind(StrEnum):
    """What is missing; the values are stored, and are those of the setting."""

    ACKNOWLEDGE = "acknowledge"
    UPDATE = "update"
    SILENCE = "silence"
    ACTION = "action"

    @property
    def is_of_items(self) -> bool:
        """Whether it is about action items, which outlive the incident's resolution."""
        return self is ReminderKind.ACTION

    @property
    def again_after(self) -> timedelta:
        """After how long it is said again; never sooner than an hour."""
        return timedelta(days=1) if self in _CALM else timedelta(hours=1)

    @property
    def snoozed_for(self) -> timedelta:
        """How long "Snooze" keeps it quiet."""
        return timedelta(days=3) if self in _CALM else timedelta(hours=4)

    @property
    def given_up_after(self) -> timedelta:
        """How long after it was due it is said at all: whoever did not act by then will not."""
        return timedelta(days=7) if self in _CALM else timedelta(days=1)

    def about(self, incident: Incident) -> datetime:
        """What "Snooze" and "Stop" hold for: a new promise is reminded of anew."""
        promised = incident.next_update_at if self is ReminderKind.UPDATE else None
        return promised or incident.declared_at

    def is_apt(self, incident: Incident) -> bool:
        """Whether it is still missing, whenever it was due; of action items they tell."""
        if incident.is_deleted or (incident.is_resolved and not self.is_of_items):
            return False
        if self is ReminderKind.ACKNOWLEDGE:
            return incident.status is Status.OPEN
        return self is not ReminderKind.UPDATE or incident.next_update_at is not None

    def goes_to(self, incident: Incident, owner: str = "") -> tuple[str | None, ...]:
        """Who can act, first choice first; nobody: whoever reads the channels."""
        match self:
            case ReminderKind.ACKNOWLEDGE:
                return ()
            case ReminderKind.UPDATE:
                return (incident.lead, incident.latest_update_by)
            case ReminderKind.SILENCE:
                return (incident.lead,)
            case ReminderKind.ACTION:
                return (owner, incident.lead)


_CALM: Final = frozenset({ReminderKind.SILENCE, ReminderKind.ACTION})


@dataclass(frozen=True)
class ReminderPolicy:
    """Which reminders there are. `acknowledge_within` is by severity; others are not asked for."""

    kinds: frozenset[ReminderKind] = frozenset(ReminderKind)
    acknowledge_within: Mapping[str, timedelta] = field(default_factory=dict)

    def is_due(self, kind: ReminderKind, incident: Incident, now: datetime) -> bool:
        """Whether it is to be said now, if nobody keeps it quiet."""
        due_at = dict(self.due(incident)).get(kind)
        return due_at is not None and due_at <= now < due_at + kind.given_up_after

    def due(self, incident: Incident) -> Iterator[tuple[ReminderKind, datetime]]:
        """What is or will be missing of an incident, and since when."""
        for kind in ReminderKind:
            if kind in self.kinds and kind.is_apt(incident):
                due_at = self._due_at(kind, incident)
                if due_at is not None:
                    yield kind, due_at

    def _due_at(self, kind: ReminderKind, incident: Incident) -> datetime | None:
        match kind:
            case ReminderKind.ACKNOWLEDGE:
                within = self.acknowledge_within.get(incident.severity)
                return None if within is None else incident.declared_at + within
            case ReminderKind.UPDATE:
                return incident.next_update_at
            case ReminderKind.SILENCE:
                return incident.updated_at + SILENT_AFTER
            case ReminderKind.ACTION:
                return None
