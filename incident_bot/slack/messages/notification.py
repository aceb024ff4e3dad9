"""Notifications: what a channel hears of a change, written from the timeline entry it tells."""

from typing import Any, Final

from incident_bot.domain.action_item import NO_ACTION_ITEMS, SomeActionItems
from incident_bot.domain.actors import is_user_id
from incident_bot.domain.incident import Incident
from incident_bot.domain.timeline import EntryKind, TimelineEntry
from incident_bot.slack.messages.entries import NO_NAMES, Names, told
from incident_bot.slack.messages.reminder import reminder
from incident_bot.slack.text.button_values import SeenDeed, SeenIncident, microseconds
from incident_bot.slack.text.mrkdwn import button, mention, moment
from incident_bot.slack.text.parts import (
    Message,
    Part,
    as_typed,
    buttons,
    quotation,
    rendered,
    sentence,
)

ADD_SUMMARY: Final = "add_summary"
UNDO: Final = "undo"


def people_named(entry: TimelineEntry) -> frozenset[str]:
    """The user IDs of whom the notification names rather than mentions: nobody has to act."""
    if entry.kind is not EntryKind.JOINED:
        return frozenset()
    return frozenset(who for who in (entry.actor, entry.after) if who and is_user_id(who))


def is_broadcast(entry: TimelineEntry) -> bool:
    """Whether what tells it in a thread is shown in the channel, too."""
    is_reminder = entry.kind is EntryKind.REMINDED and not entry.is_reminder_of_items
    return is_reminder or entry.kind is EntryKind.RESOLVED


def notification(
    incident: Incident,
    entry: TimelineEntry,
    *,
    items: SomeActionItems = NO_ACTION_ITEMS,
    names: Names = NO_NAMES,
    can_be_undone: bool = False,
) -> Message:
    """Tell `entry`.

    Of the incident only what never changes, and its title, is used; a reminder tells it as it is.
    `names` are those of `people_named`: whose is missing is mentioned after all.
    """
    if entry.kind is EntryKind.REMINDED:
        return rendered(reminder(incident, entry, items))
    ways_on = []
    if entry.kind is EntryKind.RESOLVED and entry.undone_at is None:
        ways_on.append(_add_summary(incident, entry))
    if can_be_undone and entry.undone_at is None:
        ways_on.append(_undo(incident, entry))
    parts = notified(incident, entry, names)
    return rendered((*parts, buttons(*ways_on)) if ways_on else parts)


def notified(incident: Incident, entry: TimelineEntry, names: Names = NO_NAMES) -> tuple[Part, ...]:
    """What is told of any entry but a reminder, without buttons."""
    edited = "" if entry.edited_at is None else " (edited)"
    said = f"{told(incident, entry, names)} · {moment(entry.at)}{edited}"
    if entry.undone_at is not None:  # it stays where it was said, and says that it holds no more
        return (sentence(f"↩️ Undone by {mention(entry.actor)}: ~{said}~"),)
    if entry.kind is EntryKind.RESOLVED:
        return sentence(said), as_typed(incident.title)
    if entry.kind is EntryKind.UPDATE_POSTED and entry.text is not None:
        return sentence(said), quotation(entry.text)
    return (sentence(said),)


def _undo(incident: Incident, entry: TimelineEntry) -> dict[str, Any]:
    value = SeenDeed(
        incident_id=incident.id, made_at=microseconds(entry.at), entry_id=entry.id or 0
    )
    return button(UNDO, "Undo", value.dump())


def _add_summary(incident: Incident, entry: TimelineEntry) -> dict[str, Any]:
    value = SeenIncident.shown(incident, entry.version)
    return button(ADD_SUMMARY, "Add summary", value.dump())
