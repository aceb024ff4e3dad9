"""Reminders: what is missing of an incident, and the buttons that put it right."""

from datetime import datetime
from typing import Any, Final

from incident_bot.domain.action_item import ActionItem, SomeActionItems
from incident_bot.domain.incident import Incident
from incident_bot.domain.newer import known
from incident_bot.domain.reminder import ReminderKind
from incident_bot.domain.status import Step
from incident_bot.domain.timeline import TimelineEntry
from incident_bot.slack.messages.action_items import facts, finish_button, how_to_list
from incident_bot.slack.messages.announcement import UPDATE
from incident_bot.slack.messages.newer import recorded_by_newer
from incident_bot.slack.text.button_values import SeenIncident, SeenReminder, microseconds
from incident_bot.slack.text.mrkdwn import button, escape, moment
from incident_bot.slack.text.parts import Part, as_typed, aside, buttons, quotation, sentence

SNOOZE: Final = "snooze"
STOP: Final = "stop"

_ITEMS_SHOWN: Final = 5

_WAYS_OUT: Final = {
    ReminderKind.ACKNOWLEDGE: (Step.ACKNOWLEDGE,),
    ReminderKind.UPDATE: (UPDATE,),
    ReminderKind.SILENCE: (UPDATE, Step.RESOLVE),
}


def reminder(incident: Incident, entry: TimelineEntry, items: SomeActionItems) -> tuple[Part, ...]:
    """The incident is told as it is now."""
    kind = known(ReminderKind, str(entry.text))
    if not isinstance(kind, ReminderKind):
        said = f"⏰ {incident.reference} · {recorded_by_newer(entry.actor, kind)}"
        return (sentence(said),)
    if kind.is_of_items:
        return _due_items(incident, entry, items)
    seen = SeenIncident.shown(incident, entry.version).dump()
    ways_out = [
        button(action_id, action_id.capitalize(), seen, "primary" if number == 0 else None)
        for number, action_id in enumerate(_WAYS_OUT[kind])
    ]
    return (
        sentence(f"⏰ {_missing(kind, incident)}"),
        as_typed(incident.title),
        buttons(*ways_out, *_hush(kind, incident, entry)),
    )


def _due_items(
    incident: Incident, entry: TimelineEntry, items: SomeActionItems
) -> tuple[Part, ...]:
    number = "An action item" if items.total == 1 else f"{items.total} action items"
    verb = "is" if items.total == 1 else "are"
    shown = items.shown[:_ITEMS_SHOWN]
    more = items.total - len(shown)
    lists = f"… and {more} more. {how_to_list(incident)}" if more else how_to_list(incident)
    return (
        sentence(f"⏰ {number} of *{incident.reference}* {verb} due"),
        as_typed(incident.title),
        *(part for item in shown for part in _due_item(item, entry.at)),
        aside(lists),
        buttons(*_hush(ReminderKind.ACTION, incident, entry)),
    )


def _due_item(item: ActionItem, at: datetime) -> tuple[Part, ...]:
    return quotation(item.text), aside(facts(item, at)), buttons(finish_button(item))


def _missing(kind: ReminderKind, incident: Incident) -> str:
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
        case _:
            since = moment(incident.updated_at)
            return f"Nothing was heard of {name} since {since}; it is {incident.status}"


def _hush(kind: ReminderKind, incident: Incident, entry: TimelineEntry) -> list[dict[str, Any]]:
    owner = (entry.before or "") if kind.is_of_items else ""
    hushed = SeenReminder(
        incident_id=incident.id, made_at=microseconds(incident.declared_at), kind=kind, owner=owner
    ).dump()
    return [button(SNOOZE, "Snooze", hushed), button(STOP, "Stop", hushed)]
