"""The question before an incident is deleted."""

from typing import Final

from incident_bot.domain.incident import Incident
from incident_bot.slack.reply import Reply
from incident_bot.slack.text.button_values import SeenIncident
from incident_bot.slack.text.mrkdwn import button
from incident_bot.slack.text.parts import Part, as_typed, buttons, rendered, sentence

DELETE: Final = "delete"
KEEP: Final = "keep"


def question(incident: Incident) -> Reply:
    """Ask whether to delete; "Keep it" is the other button."""
    channel = " Its channel is archived." if incident.open_channel_id is not None else ""
    words = (
        f"Delete *{incident.reference}*? It disappears from lists and its announcement is "
        f"emptied; what its thread was told stays there.{channel}"
    )
    return Reply(*rendered((sentence(words), as_typed(incident.title), _replies(incident))))


def _replies(incident: Incident) -> Part:
    value = SeenIncident.shown(incident).dump()
    delete = button(DELETE, f"Delete {incident.reference}", value, "danger")
    return buttons(delete, button(KEEP, "Keep it", value))
