"""What somebody is told in a direct message whom a colleague has made a responder."""

from incident_bot.domain.action_item import SomeActionItems
from incident_bot.domain.incident import Incident
from incident_bot.domain.severity import Severities
from incident_bot.domain.timeline import TimelineEntry
from incident_bot.slack.text.mrkdwn import Block, escape, mention, moment, section, typed, woven


def added(
    incident: Incident,
    entry: TimelineEntry,
    severities: Severities,
    items: SomeActionItems,
    limit: int,
) -> tuple[str, tuple[Block, ...]]:
    """Text, of `limit` characters at most, and blocks."""
    del severities, items
    role = "" if entry.text is None else f", as *{escape(entry.text)}*"
    who, when = mention(entry.actor), moment(entry.at)
    said = f"{who} made you a responder to *{incident.reference}*{role} · {when}"
    return woven(((f"{said}\n", incident.title),), limit), (section(said), typed(incident.title))
