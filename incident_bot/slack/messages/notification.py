"""Notifications: what a channel hears of a change, written from the timeline entry it tells."""

from dataclasses import dataclass
from typing import Final

from incident_bot.domain.action_item import NO_ACTION_ITEMS, SomeActionItems
from incident_bot.domain.actors import is_user_id
from incident_bot.domain.incident import Incident
from incident_bot.domain.timeline import EntryKind, TimelineEntry
from incident_bot.slack.messages.entries import NO_NAMES, Names, told
from incident_bot.slack.messages.reminder import reminder
from incident_bot.slack.text.button_values import SeenDeed, SeenIncident, microseconds
from incident_bot.slack.text.mrkdwn import (
    MESSAGE_LIMIT,
    Block,
    actions,
    button,
    escape,
    mention,
    moment,
    quoted,
    section,
    typed,
)

ADD_SUMMARY: Final = "add_summary"
UNDO: Final = "undo"


@dataclass(frozen=True)
class Notification:
    """A message for a thread; `is_broadcast` shows it in the channel too."""

    text: str
    blocks: tuple[Block, ...]
    is_broadcast: bool = False


def people_named(entry: TimelineEntry) -> frozenset[str]:
    """The user IDs of whom the notification names rather than mentions: nobody has to act."""
    if entry.kind is not EntryKind.JOINED:
        return frozenset()
    return frozenset(who for who in (entry.actor, entry.after) if who and is_user_id(who))


def notification(
    incident: Incident,
    entry: TimelineEntry,
    limit: int = MESSAGE_LIMIT,
    *,
    items: SomeActionItems = NO_ACTION_ITEMS,
    names: Names = NO_NAMES,
    can_be_undone: bool = False,
) -> Notification:
    """Tell `entry`, in a text of `limit` characters at most.

    Of the incident only what never changes, and its title, is used; a reminder tells it as it is.
    `names` are those of `people_named`: whose is missing is mentioned after all.
    """
    if entry.kind is EntryKind.REMINDED:
        is_broadcast = not entry.is_reminder_of_items
        return Notification(*reminder(incident, entry, items, limit), is_broadcast=is_broadcast)
    words = told(incident, entry, names)
    edited = "" if entry.edited_at is None else " (edited)"
    sentence = f"{words} · {moment(entry.at)}{edited}"
    if entry.undone_at is not None:
        return _undone(sentence, entry)
    if entry.kind is EntryKind.RESOLVED:
        buttons = [_add_summary(incident, entry)]
        if can_be_undone:
            buttons.append(_undo(incident, entry))
        text = f"{sentence}\n{escape(incident.title)}"
        blocks = (section(sentence), typed(incident.title), actions(*buttons))
        return Notification(text, blocks, is_broadcast=True)
    if can_be_undone:
        return Notification(sentence, (section(sentence), actions(_undo(incident, entry))))
    if entry.kind is EntryKind.UPDATE_POSTED and entry.text is not None:
        text = f"{sentence}\n{escape(entry.text, limit - len(sentence) - 1)}"
        return Notification(text, (section(sentence), quoted(entry.text)))
    return Notification(sentence, (section(sentence),))


def _undone(sentence: str, entry: TimelineEntry) -> Notification:
    """It stays where it was said, and says that it holds no more."""
    said = f"↩️ Undone by {mention(entry.actor)}: ~{sentence}~"
    return Notification(said, (section(said),), is_broadcast=entry.kind is EntryKind.RESOLVED)


def _undo(incident: Incident, entry: TimelineEntry) -> Block:
    value = SeenDeed(
        incident_id=incident.id, made_at=microseconds(entry.at), entry_id=entry.id or 0
    )
    return button(UNDO, "Undo", value.dump())


def _add_summary(incident: Incident, entry: TimelineEntry) -> Block:
    value = SeenIncident(
        incident_id=incident.id, made_at=microseconds(incident.declared_at), version=entry.version
    )
    return button(ADD_SUMMARY, "Add summary", value.dump())
