"""What a new lead is told in a direct message: what they were given, and how it stands."""

from incident_bot.domain.incident import Incident
from incident_bot.domain.severity import Severities
from incident_bot.domain.timeline import TimelineEntry
from incident_bot.slack.messages.announcement import (
    STATUS_EMOJI,
    latest_update,
    latest_update_in_words,
    severity_words,
)
from incident_bot.slack.words import Block, context, mention, moment, section, typed, woven


def handover(
    incident: Incident, entry: TimelineEntry, severities: Severities, limit: int
) -> tuple[str, tuple[Block, ...]]:
    """Text, of `limit` characters at most, and blocks; the incident is told as it is now."""
    who, when = mention(entry.actor), moment(entry.at)
    said = f"{who} made you the lead of *{incident.reference}* · {when}"
    stands = (
        f"{STATUS_EMOJI[incident.status]} {incident.status} · "
        f"severity {severity_words(incident.severity, severities)} · "
        f"declared {moment(incident.declared_at)}"
    )
    parts = (
        (f"{said}\n", incident.title),
        (f"\n{stands}", ""),
        *latest_update_in_words(incident),
    )
    blocks = (section(said), typed(incident.title), context(stands), *latest_update(incident))
    return woven(parts, limit), blocks
