"""Refusals in words: what a person reads when something cannot be done."""

from typing import Final

from incident_bot.domain.errors import (
    AlreadyDone,
    AlreadyInStatus,
    AlreadyResponds,
    CannotRespond,
    ChangedMeanwhile,
    IncidentError,
    NotTheSummarizer,
)
from incident_bot.domain.reference import reference
from incident_bot.domain.timeline import EntryKind, TimelineEntry
from incident_bot.slack.text.mrkdwn import escape, mention, moment, unformatted

_DID: Final[dict[str, str]] = {
    EntryKind.DECLARED: "declared it",
    EntryKind.ACKNOWLEDGED: "acknowledged it",
    EntryKind.RESOLVED: "resolved it",
    EntryKind.REOPENED: "reopened it",
    EntryKind.SET_BACK: "set it back to Open",
    EntryKind.SEVERITY_CHANGED: "changed its severity",
    EntryKind.LEAD_CHANGED: "changed its lead",
    EntryKind.ROLE_ASSIGNED: "assigned a role",
    EntryKind.JOINED: "added a responder",
    EntryKind.EDITED: "edited it",
    EntryKind.UPDATE_POSTED: "posted an update",
    EntryKind.UPDATE_EDITED: "edited an update",
    EntryKind.SUMMARY_ADDED: "added a summary",
    EntryKind.LEFT: "left",
    EntryKind.CHANNEL_MADE: "made its channel",
    EntryKind.CHANNEL_RENAMED: "renamed its channel",
    EntryKind.CHANNEL_CLOSED: "closed its channel",
    EntryKind.CHANNEL_OPENED: "opened its channel",
    EntryKind.DELETED: "deleted it",
    EntryKind.NOTE: "wrote a note",
    EntryKind.PINNED: "pinned a message",
    EntryKind.REMINDED: "was reminded",
    EntryKind.UNDONE: "undid something",
    EntryKind.ACTION_ITEM_ADDED: "added an action item",
    EntryKind.ACTION_ITEM_DONE: "did an action item",
    EntryKind.ACTION_ITEM_REOPENED: "reopened an action item",
}
_DID_SOMETHING_NEW: Final = "made a change that only a newer version of the bot knows"


def explain(error: IncidentError) -> str:
    """The refusal in mrkdwn: names the thing, the rule and the way out."""
    match error:
        case AlreadyInStatus(incident_id=incident_id, status=status, entry=entry):
            who = f": {_who_did(entry)}" if entry else ""
            return f"{reference(incident_id)} is already {status}{who}."
        case ChangedMeanwhile(incident_id=incident_id, entry=entry):
            return (
                f"Nothing was changed: {_who_did(entry)}, after what you were looking at. "
                f"`/incident show {reference(incident_id)}` shows how it is now."
            )
        case AlreadyResponds(incident_id=incident_id, user_id=user_id, does=does):
            return f"{mention(user_id)} {escape(does)} {reference(incident_id)} already."
        case (
            CannotRespond(user_id=user_id, words=words)
            | NotTheSummarizer(user_id=user_id, words=words)
        ):
            return f"{mention(user_id)} {words} {error.in_slack}".strip()
        case AlreadyDone(incident_id=incident_id, user_id=user_id, at=at):
            name = reference(incident_id)
            return f"{mention(user_id)} did this action item of {name} already, {moment(at)}."
        case _:
            return unformatted(_with_hint(error))


def explain_plainly(error: IncidentError) -> str:
    """The refusal for a form's field, which shows plain text: no mentions, dates or code."""
    match error:
        case AlreadyInStatus(incident_id=incident_id, status=status, entry=TimelineEntry(at=at)):
            return f"{reference(incident_id)} is already {status}, since {at:%H:%M} UTC."
        case ChangedMeanwhile(incident_id=incident_id, entry=entry):
            when = f"{entry.at:%H:%M} UTC"
            return f"Somebody else {_did(entry)} at {when}: {reference(incident_id)}."
        case NotTheSummarizer(words=words):
            return f"Somebody else {words}"
        case _:
            return _with_hint(error).replace("`", "")


def _with_hint(error: IncidentError) -> str:
    return f"{error} {error.in_slack}".strip()


def _who_did(entry: TimelineEntry) -> str:
    return f"{mention(entry.actor)} {_did(entry)} {moment(entry.at)}"


def _did(entry: TimelineEntry) -> str:
    return _DID.get(entry.kind, _DID_SOMETHING_NEW)
