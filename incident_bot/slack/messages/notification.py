"""Notifications: what a channel hears of a change, written from the timeline entry it tells."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from incident_bot.domain.action_item import NO_ACTION_ITEMS, SomeActionItems
from incident_bot.domain.actors import is_user_id
from incident_bot.domain.incident import Incident
from incident_bot.domain.status import Status
from incident_bot.domain.timeline import EntryKind, TimelineEntry
from incident_bot.slack.messages.announcement import STATUS_EMOJI
from incident_bot.slack.messages.newer import recorded_by_newer
from incident_bot.slack.messages.reminder import reminder
from incident_bot.slack.text.button_values import SeenDeed, SeenIncident, microseconds
from incident_bot.slack.text.mrkdwn import (
    MESSAGE_LIMIT,
    Block,
    actions,
    button,
    duration,
    escape,
    mention,
    moment,
    named,
    quoted,
    section,
    typed,
)

ADD_SUMMARY: Final = "add_summary"
UNDO: Final = "undo"

Names = Mapping[str, str]
"""What people are called, by their user IDs."""

NO_NAMES: Final[Names] = MappingProxyType({})


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
    words = _SENTENCES.get(entry.kind, _newer)(incident, entry, names)
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


def _acknowledged(incident: Incident, entry: TimelineEntry, _names: Names) -> str:
    who = mention(entry.actor)
    return f"{STATUS_EMOJI[Status.IN_PROGRESS]} {who} acknowledged {incident.reference}"


def _resolved(incident: Incident, entry: TimelineEntry, _names: Names) -> str:
    took = duration(entry.at - incident.declared_at)
    who = mention(entry.actor)
    return f"{STATUS_EMOJI[Status.RESOLVED]} {who} resolved *{incident.reference}* after {took}"


def _reopened(incident: Incident, entry: TimelineEntry, _names: Names) -> str:
    emoji = STATUS_EMOJI[Status(str(entry.after))]
    return f"{emoji} {mention(entry.actor)} reopened {incident.reference}: {entry.after}"


def _set_back(incident: Incident, entry: TimelineEntry, _names: Names) -> str:
    emoji = STATUS_EMOJI[Status.OPEN]
    return f"{emoji} {mention(entry.actor)} set {incident.reference} back to {entry.after}"


def _severity_changed(incident: Incident, entry: TimelineEntry, _names: Names) -> str:
    before, after = escape(str(entry.before)), escape(str(entry.after))
    who = mention(entry.actor)
    return f"{who} changed the severity of {incident.reference} from {before} to *{after}*"


def _lead_changed(incident: Incident, entry: TimelineEntry, _names: Names) -> str:
    name = incident.reference
    if entry.is_loss_of_lead:
        return (
            f"Nobody leads {name} now: {mention(entry.before)}'s Slack account was deactivated. "
            f"`/incident lead {name} @person` names a new lead"
        )
    says = "" if entry.is_taking_the_lead else f", says {mention(entry.actor)}"
    return f"{mention(entry.after)} leads {incident.reference} now{says}"


def _role_assigned(incident: Incident, entry: TimelineEntry, _names: Names) -> str:
    role, instead = escape(str(entry.text)), ""
    if entry.before is not None:
        instead = f" instead of {mention(entry.before)}"
    says = "" if entry.actor == entry.after else f", says {mention(entry.actor)}"
    return f"{mention(entry.after)} is *{role}* of {incident.reference} now{instead}{says}"


def _joined(incident: Incident, entry: TimelineEntry, names: Names) -> str:
    role = "" if entry.text is None else f" as *{escape(entry.text)}*"
    who = _name(entry.after, names)
    if entry.actor == entry.after:
        return f"{who} joined {incident.reference}{role}"
    return f"{_name(entry.actor, names)} added {who} to {incident.reference}{role}"


def _name(actor: str | None, names: Names) -> str:
    name = None if actor is None else names.get(actor)
    return mention(actor) if name is None else named(name)


def _update_posted(incident: Incident, entry: TimelineEntry, _names: Names) -> str:
    return f"💬 Update on {incident.reference} by {mention(entry.actor)}"


def _newer(incident: Incident, entry: TimelineEntry, _names: Names) -> str:
    return f"{incident.reference} · {recorded_by_newer(entry.actor, entry.kind)}"


_SENTENCES: Final[dict[str, Callable[[Incident, TimelineEntry, Names], str]]] = {
    EntryKind.ACKNOWLEDGED: _acknowledged,
    EntryKind.RESOLVED: _resolved,
    EntryKind.REOPENED: _reopened,
    EntryKind.SET_BACK: _set_back,
    EntryKind.SEVERITY_CHANGED: _severity_changed,
    EntryKind.LEAD_CHANGED: _lead_changed,
    EntryKind.ROLE_ASSIGNED: _role_assigned,
    EntryKind.JOINED: _joined,
    EntryKind.UPDATE_POSTED: _update_posted,
}


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
