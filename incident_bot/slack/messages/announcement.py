"""The announcement: one live message a channel that shows an incident as it is."""

from typing import Any, Final

from incident_bot.domain.incident import Incident
from incident_bot.domain.responders import NOBODY, Responder, Responders
from incident_bot.domain.severity import Severities
from incident_bot.domain.status import Status, Step
from incident_bot.slack.text.button_values import SeenIncident
from incident_bot.slack.text.mrkdwn import (
    Block,
    actions,
    button,
    channel_mention,
    duration,
    escape,
    mention,
    moment,
    named,
)
from incident_bot.slack.text.parts import (
    Message,
    Part,
    as_typed,
    aside,
    buttons,
    facts,
    header,
    quotation,
    rendered,
)

# They differ in shape as well as in colour.
STATUS_EMOJI: Final = {Status.OPEN: "🔺", Status.IN_PROGRESS: "🔶", Status.RESOLVED: "✅"}

_MOST_BARS: Final = 5

_MOST_RESPONDERS: Final = 10
# Escaped. Any role without &, < and > is shown whole; ten of them leave room in text and field.
_ROLE_LIMIT: Final = 80

UPDATE: Final = "update"
JOIN: Final = "join"
FOLLOW: Final = "follow"
ARCHIVE: Final = "archive"

_BUTTONS: Final = {
    Status.OPEN: (Step.ACKNOWLEDGE, UPDATE, Step.RESOLVE, JOIN, FOLLOW),
    Status.IN_PROGRESS: (UPDATE, Step.RESOLVE, JOIN, FOLLOW),
    Status.RESOLVED: (Step.REOPEN,),
}


def announcement(
    incident: Incident, severities: Severities, responders: Responders = NOBODY
) -> Message:
    return rendered(announced(incident, severities, responders))


def announced(
    incident: Incident, severities: Severities, responders: Responders
) -> tuple[Part, ...]:
    """What the announcement says, with the buttons that fit."""
    if incident.is_deleted:
        return (aside(f"{incident.reference} was deleted."),)
    return (
        header(f"{STATUS_EMOJI[incident.status]} {incident.reference}", incident.title),
        facts(_facts(incident, severities, responders)),
        as_typed(incident.description),
        *latest_update(incident),
        *_summary(incident),
        aside(_times(incident)),
        _ways_on(incident),
    )


def severity_words(severity: str, severities: Severities) -> str:
    """The severity with as many bars as it is severe: told by word and shape."""
    rank = severities.rank(severity)
    if rank is None or len(severities) > _MOST_BARS:
        return escape(severity)
    return f"{escape(severity)}  {'▮' * rank}{'▯' * (len(severities) - rank)}"


def _ways_on(incident: Incident) -> Part:
    """What can be done with it now. Each button carries the version that it was shown with."""
    value = SeenIncident.shown(incident).dump()
    shown = [_button(action_id, value) for action_id in _BUTTONS[incident.status]]
    if incident.is_resolved and incident.open_channel_id is not None:
        shown.append(button(ARCHIVE, "Archive channel", value))
    return buttons(*shown)


def steps(incident: Incident) -> Block:
    """The buttons that move it on, where there is little room."""
    value = SeenIncident.shown(incident).dump()
    shown = [name for name in _BUTTONS[incident.status] if name not in (JOIN, FOLLOW)]
    return actions(*(_button(action_id, value) for action_id in shown))


def _button(action_id: str, value: str) -> dict[str, Any]:
    style = "primary" if action_id == Step.ACKNOWLEDGE else None
    return button(action_id, action_id.capitalize(), value, style)


def _facts(incident: Incident, severities: Severities, responders: Responders) -> dict[str, str]:
    shown: dict[str, str] = {
        "Status": incident.status,
        "Severity": severity_words(incident.severity, severities),
        "Lead": mention(incident.lead) if incident.lead else "nobody yet",
        "Reported by": _reporter(incident),
    }
    if others := _responders(incident, responders):
        shown["Responders"] = others
    if incident.channel_id is not None:
        shown["Channel"] = _channel(incident)
    if incident.is_private:
        shown["Seen by"] = "🔒 its people alone"
    return shown


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


def latest_update(incident: Incident) -> tuple[Part, ...]:
    if incident.latest_update is None or incident.latest_update_at is None:
        return ()
    who = f"{mention(incident.latest_update_by)}, {moment(incident.latest_update_at)}"
    return aside(f"*Latest update* · {who}"), quotation(incident.latest_update)


def _summary(incident: Incident) -> tuple[Part, ...]:
    if incident.summary is None:
        return ()
    return aside("*Summary*"), quotation(incident.summary)


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
