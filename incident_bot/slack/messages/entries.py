"""How each kind of timeline entry is told: in the timeline, to channels, in person, in refusals."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from incident_bot.domain.action_item import SomeActionItems
from incident_bot.domain.incident import Incident
from incident_bot.domain.newer import known
from incident_bot.domain.reminder import ReminderKind
from incident_bot.domain.severity import Severities
from incident_bot.domain.status import Status
from incident_bot.domain.timeline import EntryKind, TimelineEntry
from incident_bot.slack.messages.added import added
from incident_bot.slack.messages.announcement import STATUS_EMOJI
from incident_bot.slack.messages.given import given
from incident_bot.slack.messages.handover import handover
from incident_bot.slack.messages.newer import recorded_by_newer
from incident_bot.slack.messages.reminder import reminder
from incident_bot.slack.text.mrkdwn import duration, escape, mention, named
from incident_bot.slack.text.parts import Part

Names = Mapping[str, str]
"""What people are called, by their user IDs."""

NO_NAMES: Final[Names] = MappingProxyType({})

_Line = Callable[[TimelineEntry], str]
_Told = Callable[[Incident, TimelineEntry, Names], str]
_InPerson = Callable[[Incident, TimelineEntry, Severities, SomeActionItems], tuple[Part, ...]]

_TEXT_LIMIT: Final = 200
_DID_SOMETHING_NEW: Final = "made a change that only a newer version of the bot knows"


@dataclass(frozen=True)
class Sentences:
    """The sentences of one kind.

    `did` is what somebody did, after their name. `line` is for the timeline, where that says too
    little; `told` for channels, if they hear of it; `in_person` makes the message for whom it is
    about, where that differs from the channels'.
    """

    did: str
    line: _Line | None = None
    told: _Told | None = None
    in_person: _InPerson | None = None


def in_timeline(entry: TimelineEntry) -> str:
    """Its sentence for the timeline, in mrkdwn."""
    sentences = _of(entry)
    if sentences is None:
        return recorded_by_newer(entry.actor, entry.kind)
    return sentences.line(entry) if sentences.line else f"{mention(entry.actor)} {sentences.did}"


def told(incident: Incident, entry: TimelineEntry, names: Names = NO_NAMES) -> str:
    """Its sentence for channels, in mrkdwn."""
    sentences = _of(entry)
    if sentences is None or sentences.told is None:
        return f"{incident.reference} · {recorded_by_newer(entry.actor, entry.kind)}"
    return sentences.told(incident, entry, names)


def in_person(entry: TimelineEntry) -> _InPerson | None:
    """What makes the message for the person whom it is about; None: it is told as to channels."""
    sentences = _of(entry)
    return None if sentences is None else sentences.in_person


def did(entry: TimelineEntry) -> str:
    """What somebody did, after their name."""
    sentences = _of(entry)
    return _DID_SOMETHING_NEW if sentences is None else sentences.did


def _of(entry: TimelineEntry) -> Sentences | None:
    return SENTENCES[entry.kind] if isinstance(entry.kind, EntryKind) else None


def _actor(what: str) -> _Line:
    return lambda entry: f"{mention(entry.actor)} {what}"


def _reminder(
    incident: Incident, entry: TimelineEntry, _severities: Severities, items: SomeActionItems
) -> tuple[Part, ...]:
    return reminder(incident, entry, items)


def _severity_changed_line(entry: TimelineEntry) -> str:
    before, after = escape(str(entry.before)), escape(str(entry.after))
    return f"{mention(entry.actor)} changed the severity from {before} to {after}"


def _lead_changed_line(entry: TimelineEntry) -> str:
    if entry.is_loss_of_lead:
        return f"nobody leads it now: {mention(entry.before)}'s Slack account was deactivated"
    if entry.is_taking_the_lead:
        return f"{mention(entry.actor)} leads it now"
    return f"{mention(entry.after)} leads it now, says {mention(entry.actor)}"


def _role_assigned_line(entry: TimelineEntry) -> str:
    instead = "" if entry.before is None else f" instead of {mention(entry.before)}"
    says = "" if entry.actor == entry.after else f", says {mention(entry.actor)}"
    return f"{mention(entry.after)} is {escape(str(entry.text), _TEXT_LIMIT)} now{instead}{says}"


def _joined_line(entry: TimelineEntry) -> str:
    role = "" if entry.text is None else f" as {escape(entry.text, _TEXT_LIMIT)}"
    if entry.actor == entry.after:
        return f"{mention(entry.actor)} joined{role}"
    return f"{mention(entry.actor)} added {mention(entry.after)}{role}"


def _pinned_line(entry: TimelineEntry) -> str:
    message = "message" if entry.permalink is None else f"<{escape(entry.permalink)}|message>"
    return f"📌 {message} by {mention(entry.author)}, pinned by {mention(entry.actor)}"


def _action_item_added_line(entry: TimelineEntry) -> str:
    owner = "" if entry.after is None else f" for {mention(entry.after)}"
    return f"📋 {mention(entry.actor)} added an action item{owner}"


def _channel(name: str | None) -> str:
    return f"#{escape(str(name), _TEXT_LIMIT)}"


def _renamed_line(entry: TimelineEntry) -> str:
    return f"its channel {_channel(entry.before)} is named {_channel(entry.after)} now"


def _closed_line(entry: TimelineEntry) -> str:
    if entry.text is None:
        return f"{mention(entry.actor)} archived its channel"
    return f"nothing can be said in its channel any more: {escape(entry.text, _TEXT_LIMIT)}"


def _reminded_line(entry: TimelineEntry) -> str:
    whom = mention(entry.after) if entry.after else "everybody"
    kind = known(ReminderKind, str(entry.text))
    what = _MISSING[kind] if isinstance(kind, ReminderKind) else escape(kind, _TEXT_LIMIT)
    return f"⏰ {whom} was reminded: {what}"


_MISSING: Final = {
    ReminderKind.ACKNOWLEDGE: "nobody has acknowledged it",
    ReminderKind.UPDATE: "an update was due",
    ReminderKind.SILENCE: "nothing was heard for a day",
    ReminderKind.ACTION: "action items are due",
}


def _acknowledged_told(incident: Incident, entry: TimelineEntry, _names: Names) -> str:
    who = mention(entry.actor)
    return f"{STATUS_EMOJI[Status.IN_PROGRESS]} {who} acknowledged {incident.reference}"


def _resolved_told(incident: Incident, entry: TimelineEntry, _names: Names) -> str:
    took = duration(entry.at - incident.declared_at)
    who = mention(entry.actor)
    return f"{STATUS_EMOJI[Status.RESOLVED]} {who} resolved *{incident.reference}* after {took}"


def _reopened_told(incident: Incident, entry: TimelineEntry, _names: Names) -> str:
    emoji = STATUS_EMOJI[Status(str(entry.after))]
    return f"{emoji} {mention(entry.actor)} reopened {incident.reference}: {entry.after}"


def _set_back_told(incident: Incident, entry: TimelineEntry, _names: Names) -> str:
    emoji = STATUS_EMOJI[Status.OPEN]
    return f"{emoji} {mention(entry.actor)} set {incident.reference} back to {entry.after}"


def _severity_changed_told(incident: Incident, entry: TimelineEntry, _names: Names) -> str:
    before, after = escape(str(entry.before)), escape(str(entry.after))
    who = mention(entry.actor)
    return f"{who} changed the severity of {incident.reference} from {before} to *{after}*"


def _lead_changed_told(incident: Incident, entry: TimelineEntry, _names: Names) -> str:
    name = incident.reference
    if entry.is_loss_of_lead:
        return (
            f"Nobody leads {name} now: {mention(entry.before)}'s Slack account was deactivated. "
            f"`/incident lead {name} @person` names a new lead"
        )
    says = "" if entry.is_taking_the_lead else f", says {mention(entry.actor)}"
    return f"{mention(entry.after)} leads {incident.reference} now{says}"


def _role_assigned_told(incident: Incident, entry: TimelineEntry, _names: Names) -> str:
    role, instead = escape(str(entry.text)), ""
    if entry.before is not None:
        instead = f" instead of {mention(entry.before)}"
    says = "" if entry.actor == entry.after else f", says {mention(entry.actor)}"
    return f"{mention(entry.after)} is *{role}* of {incident.reference} now{instead}{says}"


def _joined_told(incident: Incident, entry: TimelineEntry, names: Names) -> str:
    role = "" if entry.text is None else f" as *{escape(entry.text)}*"
    who = _name(entry.after, names)
    if entry.actor == entry.after:
        return f"{who} joined {incident.reference}{role}"
    return f"{_name(entry.actor, names)} added {who} to {incident.reference}{role}"


def _name(actor: str | None, names: Names) -> str:
    name = None if actor is None else names.get(actor)
    return mention(actor) if name is None else named(name)


def _update_posted_told(incident: Incident, entry: TimelineEntry, _names: Names) -> str:
    return f"💬 Update on {incident.reference} by {mention(entry.actor)}"


SENTENCES: Final[Mapping[EntryKind, Sentences]] = {
    EntryKind.DECLARED: Sentences("declared it"),
    EntryKind.ACKNOWLEDGED: Sentences("acknowledged it", told=_acknowledged_told),
    EntryKind.RESOLVED: Sentences("resolved it", told=_resolved_told),
    EntryKind.REOPENED: Sentences("reopened it", told=_reopened_told),
    EntryKind.SET_BACK: Sentences("set it back to Open", told=_set_back_told),
    EntryKind.SEVERITY_CHANGED: Sentences(
        "changed its severity", line=_severity_changed_line, told=_severity_changed_told
    ),
    EntryKind.LEAD_CHANGED: Sentences(
        "changed its lead", line=_lead_changed_line, told=_lead_changed_told, in_person=handover
    ),
    EntryKind.ROLE_ASSIGNED: Sentences(
        "assigned a role", line=_role_assigned_line, told=_role_assigned_told
    ),
    EntryKind.JOINED: Sentences(
        "added a responder", line=_joined_line, told=_joined_told, in_person=added
    ),
    EntryKind.EDITED: Sentences("edited it"),
    EntryKind.UPDATE_POSTED: Sentences("posted an update", told=_update_posted_told),
    EntryKind.UPDATE_EDITED: Sentences("edited an update"),
    EntryKind.SUMMARY_ADDED: Sentences("added a summary"),
    EntryKind.LEFT: Sentences("left"),
    EntryKind.CHANNEL_MADE: Sentences(
        "made its channel", line=lambda entry: f"its channel {_channel(entry.after)} was made"
    ),
    EntryKind.CHANNEL_RENAMED: Sentences("renamed its channel", line=_renamed_line),
    EntryKind.CHANNEL_CLOSED: Sentences("closed its channel", line=_closed_line),
    EntryKind.CHANNEL_OPENED: Sentences(
        "opened its channel", line=_actor("opened its channel again")
    ),
    EntryKind.DELETED: Sentences("deleted it"),
    EntryKind.NOTE: Sentences(
        "wrote a note", line=lambda entry: f"📝 {mention(entry.actor)} noted"
    ),
    EntryKind.PINNED: Sentences("pinned a message", line=_pinned_line),
    EntryKind.REMINDED: Sentences("was reminded", line=_reminded_line, in_person=_reminder),
    EntryKind.UNDONE: Sentences("undid something", line=_actor("undid that")),
    EntryKind.ACTION_ITEM_ADDED: Sentences(
        "added an action item", line=_action_item_added_line, in_person=given
    ),
    EntryKind.ACTION_ITEM_DONE: Sentences("did an action item"),
    EntryKind.ACTION_ITEM_REOPENED: Sentences("reopened an action item"),
}
