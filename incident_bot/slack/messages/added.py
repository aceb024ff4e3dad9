"""What somebody is told in a direct message whom a colleague has made a responder."""

from incident_bot.domain.action_item import SomeActionItems
from incident_bot.domain.incident import Incident
from incident_bot.domain.severity import Severities
from incident_bot.domain.timeline import TimelineEntry
from incident_bot.slack.text.mrkdwn import escape, mention, moment
from incident_bot.slack.text.parts import Part, as_typed, sentence


def added(
    incident: Incident,
    entry: TimelineEntry,
    severities: Severities,
    items: SomeActionItems,
) -> tuple[Part, ...]:
    del severities, items
    role = "" if entry.text is None else f", as *{escape(entry.text)}*"
    who, when = mention(entry.actor), moment(entry.at)
    said = f"{who} made you a responder to *{incident.reference}*{role} · {when}"
    return sentence(said), as_typed(incident.title)
