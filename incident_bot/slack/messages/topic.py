"""The topic of an incident's channel: how it stands, in one line."""

from typing import Final

from incident_bot.domain.incident import Incident
from incident_bot.slack.messages.announcement import STATUS_EMOJI
from incident_bot.slack.text.mrkdwn import escape

_LIMIT: Final = 250  # Slack, conversations.setTopic


def topic(incident: Incident, lead: str | None) -> str:
    """`lead` is the lead's name: Slack draws no mentions in topics."""
    leads = f"lead {lead}" if lead else "nobody leads yet"
    status = f"{STATUS_EMOJI[incident.status]} {incident.status}"
    return escape(f"{incident.reference} · {status} · {incident.severity} · {leads}", _LIMIT)
