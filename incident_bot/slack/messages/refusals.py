"""Refusals in words: what a person reads when something cannot be done."""

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
from incident_bot.domain.timeline import TimelineEntry
from incident_bot.slack.messages.entries import did
from incident_bot.slack.text.mrkdwn import escape, mention, moment, unformatted


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
            return f"Somebody else {did(entry)} at {when}: {reference(incident_id)}."
        case NotTheSummarizer(words=words):
            return f"Somebody else {words}"
        case _:
            return _with_hint(error).replace("`", "")


def _with_hint(error: IncidentError) -> str:
    return f"{error} {error.in_slack}".strip()


def _who_did(entry: TimelineEntry) -> str:
    return f"{mention(entry.actor)} {did(entry)} {moment(entry.at)}"
