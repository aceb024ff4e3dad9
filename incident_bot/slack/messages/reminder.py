"""Reminders: what is missing of an incident, and the buttons that put it right."""

from typing import Any, Final

from incident_bot.domain.incident import Incident
from incident_bot.domain.reminder import ReminderKind
from incident_bot.domain.status import Step
from incident_bot.domain.timeline import TimelineEntry
from incident_bot.slack.messages.announcement import UPDATE
from incident_bot.slack.payloads import SeenIncident, SeenReminder
from incident_bot.slack.words import Block, actions, button, escape, moment, section, typed, woven

SNOOZE: Final = "snooze"
STOP: Final = "stop"

_WAYS_OUT: Final = {
    ReminderKind.ACKNOWLEDGE: (Step.ACKNOWLEDGE,),
    ReminderKind.UPDATE: (UPDATE,),
    ReminderKind.SILENCE: (UPDATE, Step.RESOLVE),
}


def reminder(incident: Incident, entry: TimelineEntry, limit: int) -> tuple[str, tuple[Block, ...]]:
    """Text, of `limit` characters at most, and blocks; the incident is told as it is now."""
    kind = ReminderKind(str(entry.text))
    said = f"⏰ {_sentence(kind, incident)}"
    blocks = (section(said), typed(incident.title), _buttons(kind, incident, entry))
    return woven(((f"{said}\n", incident.title),), limit), blocks


def _sentence(kind: ReminderKind, incident: Incident) -> str:
    name = f"*{incident.reference}*"
    match kind:
        case ReminderKind.ACKNOWLEDGE:
            return (
                f"Nobody has acknowledged {name} yet, declared {moment(incident.declared_at)}, "
                f"severity {escape(incident.severity)}"
            )
        case ReminderKind.UPDATE:
            promised = incident.next_update_at or incident.updated_at
            return f"The next update on {name} was promised for {moment(promised)}"
        case ReminderKind.SILENCE:
            since = moment(incident.updated_at)
            return f"Nothing was heard of {name} since {since}; it is {incident.status}"


def _buttons(kind: ReminderKind, incident: Incident, entry: TimelineEntry) -> Block:
    seen = SeenIncident(incident_id=incident.id, version=entry.version).dump()
    hushed = SeenReminder(incident_id=incident.id, kind=kind).dump()
    shown: list[dict[str, Any]] = [
        button(action_id, action_id.capitalize(), seen, "primary" if number == 0 else None)
        for number, action_id in enumerate(_WAYS_OUT[kind])
    ]
    return actions(*shown, button(SNOOZE, "Snooze", hushed), button(STOP, "Stop", hushed))
