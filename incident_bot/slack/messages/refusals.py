"""Refusals as they are read in Slack: in a message, and below a form's field.

Most say there what they say everywhere. In a message people are mentioned, times are the reader's,
and a hint names the command that helps; a field shows plain text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from incident_bot.domain.errors import (
    ActionItemGone,
    AlreadyDone,
    AlreadyInStatus,
    CannotSeeIncident,
    ChangedMeanwhile,
    EmptyActionItem,
    EmptyNote,
    EntryEdited,
    EntryGone,
    IncidentError,
    IncidentNotFound,
    MayNotChangeEntry,
    MayNotEditUpdate,
    NotTheSummarizer,
    OfIncident,
    OfPerson,
    TooLateToUndo,
)
from incident_bot.domain.timeline import TimelineEntry
from incident_bot.slack.messages.entries import did
from incident_bot.slack.text.errors import FORM_OF_NO_USE, NotUnderstood, OfNoUse, for_example
from incident_bot.slack.text.mrkdwn import mention, moment, unformatted
from incident_bot.store.engine.database import DatabaseLost

_HINTS: Final[Mapping[type[IncidentError], str]] = {
    ActionItemGone: "`/incident actions {name}` shows what there is.",
    CannotSeeIncident: "`/incident assign {name}` makes them one.",
    ChangedMeanwhile: "`/incident show {name}` shows how it is now.",
    DatabaseLost: "`/incident list` shows it in a minute.",
    EmptyActionItem: for_example("action INC-12 Fix the alert @ana by Friday"),
    EmptyNote: (
        "Type for example `/incident note INC-12 Rolled back`, or `/incident note INC-12 14:05 "
        "Rolled back`."
    ),
    EntryEdited: "`/incident timeline {name}` shows how it is now.",
    EntryGone: "`/incident timeline {name}` shows what is.",
    IncidentNotFound: "`/incident list all` shows what there is.",
    MayNotChangeEntry: "Ask one of them. `/incident note {name}` adds a note of your own.",
    MayNotEditUpdate: "Ask one of them. `/incident update {name}` writes one of your own.",
    TooLateToUndo: "`/incident show {name}` has the buttons that change it.",
}
"""What to do about a refusal, for a message; `{name}` is the incident's."""


@dataclass(frozen=True)
class _Wording:
    """A refusal for a message, in mrkdwn, and for a form's field."""

    message: str
    field: str


def explain(error: IncidentError) -> str:
    """The refusal for a message, in mrkdwn: names the thing, the rule and the way out."""
    return f"{_worded(error).message} {_hint(error)}".strip()


def explain_plainly(error: IncidentError) -> str:
    """The refusal for a form's field, which shows plain text: no mentions, dates or commands."""
    return _worded(error).field


def _worded(error: IncidentError) -> _Wording:
    said = str(error)
    match error:
        case AlreadyInStatus(entry=TimelineEntry() as entry):
            said = said.removesuffix(".")
            return _Wording(f"{said}: {_who_did(entry)}.", f"{said}, since {_clock(entry)}.")
        case ChangedMeanwhile(name=name, entry=entry):
            return _Wording(
                f"Nothing was changed: {_who_did(entry)}, after what you were looking at.",
                f"Somebody else {did(entry)} at {_clock(entry)}: {name}.",
            )
        case AlreadyDone(name=name, user_id=user_id, at=at, words=words):
            done = f"{mention(user_id)} did this action item of {name} already, {moment(at)}."
            return _Wording(done, f"Somebody {words}")
        case OfPerson(user_id=user_id, words=words):
            who = "Somebody else" if isinstance(error, NotTheSummarizer) else "This person"
            return _Wording(f"{mention(user_id)} {unformatted(words)}", f"{who} {words}")
        case IncidentNotFound(name=name, incident_id=number) if number:
            return _Wording(f"There is no incident `{name}`.", said)
        case _:
            is_of_form = isinstance(error, OfNoUse)
            return _Wording(unformatted(said), FORM_OF_NO_USE if is_of_form else said)


def _hint(error: IncidentError) -> str:
    if isinstance(error, NotUnderstood):
        return unformatted(error.hint)
    name = error.name if isinstance(error, OfIncident) else ""
    return _HINTS.get(type(error), "").format(name=name)


def _who_did(entry: TimelineEntry) -> str:
    return f"{mention(entry.actor)} {did(entry)} {moment(entry.at)}"


def _clock(entry: TimelineEntry) -> str:
    return f"{entry.at:%H:%M} UTC"
