"""The announcement: one live message a channel that shows an incident as it is."""

from typing import Any, Final

from incident_bot.domain.incident import Incident
from incident_bot.domain.responders import NOBODY, Responder, Responders
from incident_bot.domain.severity import Severities
from incident_bot.domain.status import Status, Step
from incident_bot.slack.text.button_values import SeenIncident, microseconds
from incident_bot.slack.text.mrkdwn import (
    MESSAGE_LIMIT,
    Block,
    actions,
    button,
    channel_mention,
    context,
    cut,
    duration,
    escape,
    mention,
    moment,
    mrkdwn,
    named,
    plain,
    quoted,
    typed,
    woven,
)

# They differ in shape as well as in colour.
STATUS_EMOJI: Final = {Status.OPEN: "🔺", Status.IN_PROGRESS: "🔶", Status.RESOLVED: "✅"}

_HEADER_LIMIT: Final = 150
_MOST_BARS: Final = 5

_MOST_RESPONDERS: Final = 10
# Escaped. Any role without &, < and > is shown whole; ten of them leave room in text and field.
_ROLE_LIMIT: Final = 80

UPDATE: Final = "update"
JOIN: Final = "join"
FOLLOW: Final = "follow"
ARCHIVE: Final = "archive"

_PRIVATE: Final = "🔒 its people alone"

_BUTTONS: Final = {
    Status.OPEN: (Step.ACKNOWLEDGE, UPDATE, Step.RESOLVE, JOIN, FOLLOW),
    Status.IN_PROGRESS: (UPDATE, Step.RESOLVE, JOIN, FOLLOW),
    Status.RESOLVED: (Step.REOPEN,),
}


def announcement(
    incident: Incident,
    severities: Severities,
    responders: Responders = NOBODY,
    limit: int = MESSAGE_LIMIT,
) -> tuple[str, tuple[Block, ...]]:
    """The text, of `limit` characters at most, and the blocks, with the buttons that fit."""
    if incident.is_deleted:
        return _deleted(incident)
    title = f"{STATUS_EMOJI[incident.status]} {incident.reference} · {incident.title}"
    blocks = [{"type": "header", "text": plain(cut(title, _HEADER_LIMIT))}]
    if len(title) > _HEADER_LIMIT:
        blocks.append(typed(incident.title))
    blocks += [
        _facts(incident, severities, responders),
        typed(incident.description),
        *latest_update(incident),
        *_summary(incident),
        context(_times(incident)),
        buttons(incident),
    ]
    return _in_words(incident, responders, limit), tuple(blocks)


def severity_words(severity: str, severities: Severities) -> str:
    """The severity with as many bars as it is severe: told by word and shape."""
    rank = severities.rank(severity)
    if rank is None or len(severities) > _MOST_BARS:
        return escape(severity)
    return f"{escape(severity)}  {'▮' * rank}{'▯' * (len(severities) - rank)}"


def buttons(incident: Incident) -> Block:
    """What can be done with it now. Each button carries the version that it was shown with."""
    value = SeenIncident(
        incident_id=incident.id,
        made_at=microseconds(incident.declared_at),
        version=incident.version,
    ).dump()
    shown = [_button(action_id, value) for action_id in _BUTTONS[incident.status]]
    if incident.is_resolved and incident.open_channel_id is not None:
        shown.append(button(ARCHIVE, "Archive channel", value))
    return actions(*shown)


def steps(incident: Incident) -> Block:
    """The buttons that move it on, where there is little room."""
    value = SeenIncident(
        incident_id=incident.id,
        made_at=microseconds(incident.declared_at),
        version=incident.version,
    ).dump()
    shown = [name for name in _BUTTONS[incident.status] if name not in (JOIN, FOLLOW)]
    return actions(*(_button(action_id, value) for action_id in shown))


def _button(action_id: str, value: str) -> dict[str, Any]:
    style = "primary" if action_id == Step.ACKNOWLEDGE else None
    return button(action_id, action_id.capitalize(), value, style)


def _facts(incident: Incident, severities: Severities, responders: Responders) -> Block:
    facts = {
        "Status": incident.status,
        "Severity": severity_words(incident.severity, severities),
        "Lead": mention(incident.lead) if incident.lead else "nobody yet",
        "Reported by": _reporter(incident),
    }
    if others := _responders(incident, responders):
        facts["Responders"] = others
    if incident.channel_id is not None:
        facts["Channel"] = _channel(incident)
    if incident.is_private:
        facts["Seen by"] = _PRIVATE
    fields = [mrkdwn(f"*{name}*\n{fact}") for name, fact in facts.items()]
    return {"type": "section", "fields": fields}


def _channel(incident: Incident) -> str:
    closed = "" if incident.open_channel_id else " (closed)"
    return f"{channel_mention(str(incident.channel_id))}{closed}"


def _reporter(incident: Incident) -> str:
    reporter = incident.reported_by
    return named(reporter) if incident.has_named_reporter else mention(reporter)


def _responders(incident: Incident, responders: Responders) -> str:
    """Such as "@ben (Communications), @cara"; whoever leads is shown as the lead already."""
    names = [_responder(one) for one in responders if one.role or one.user_id != incident.lead]
    shown, more = names[:_MOST_RESPONDERS], len(names) - _MOST_RESPONDERS
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _responder(responder: Responder) -> str:
    who = mention(responder.user_id)
    return f"{who} ({escape(responder.role, _ROLE_LIMIT)})" if responder.role else who


def latest_update(incident: Incident) -> tuple[Block, ...]:
    if incident.latest_update is None or incident.latest_update_at is None:
        return ()
    who = f"{mention(incident.latest_update_by)}, {moment(incident.latest_update_at)}"
    return context(f"*Latest update* · {who}"), quoted(incident.latest_update)


def latest_update_in_words(incident: Incident) -> tuple[tuple[str, str], ...]:
    """The same for `woven`; empty where there is none."""
    if incident.latest_update is None or incident.latest_update_at is None:
        return ()
    who = f"{mention(incident.latest_update_by)}, {moment(incident.latest_update_at)}"
    return ((f"\nLatest update by {who}: ", incident.latest_update),)


def _summary(incident: Incident) -> tuple[Block, ...]:
    if incident.summary is None:
        return ()
    return context("*Summary*"), quoted(incident.summary)


def _times(incident: Incident) -> str:
    times = [f"Declared {moment(incident.declared_at)}"]
    if incident.acknowledged_at is not None:
        times.append(f"acknowledged {moment(incident.acknowledged_at)}")
    if incident.resolved_at is not None and incident.time_to_resolve is not None:
        took = duration(incident.time_to_resolve)
        times.append(f"resolved {moment(incident.resolved_at)}, after {took}")
    if incident.next_update_at is not None:
        times.append(f"next update promised for {moment(incident.next_update_at)}")
    return " · ".join(times)


def _in_words(incident: Incident, responders: Responders, limit: int) -> str:
    """All that the blocks say; what people wrote at length is cut to fit."""
    lead = mention(incident.lead) if incident.lead else "nobody yet"
    others = _responders(incident, responders)
    facts = (
        f"Status: {incident.status}. Severity: {escape(incident.severity)}. Lead: {lead}. "
        f"{f'Responders: {others}. ' if others else ''}"
        f"Reported by {_reporter(incident)}."
        f"{f' Channel: {_channel(incident)}.' if incident.channel_id else ''}"
        f"{f' Seen by: {_PRIVATE}.' if incident.is_private else ''}"
        f"\n{_times(incident)}."
    )
    parts = [
        (f"{STATUS_EMOJI[incident.status]} {incident.reference} ", incident.title),
        ("\n", incident.description),
        (f"\n{facts}", ""),
        *latest_update_in_words(incident),
    ]
    if incident.summary is not None:
        parts.append(("\nSummary: ", incident.summary))
    return woven(parts, limit)


def _deleted(incident: Incident) -> tuple[str, tuple[Block, ...]]:
    text = f"{incident.reference} was deleted."
    return text, (context(text),)
