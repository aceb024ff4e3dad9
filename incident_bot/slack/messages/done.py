"""What a person reads after a step of the life cycle, or after somebody was given a role."""

from typing import Final

from incident_bot.domain.incident import Incident
from incident_bot.domain.status import Step
from incident_bot.slack.text.mrkdwn import channel_mention, escape, mention

_DID: Final = {
    Step.ACKNOWLEDGE: "acknowledged",
    Step.RESOLVE: "resolved",
    Step.REOPEN: "reopened",
}


def done(step: Step, incident: Incident, user_id: str) -> str:
    """Say what was done, and who leads now if that is the reader."""
    said = f"You {_DID[step]} {incident.reference}"
    if incident.is_resolved:
        return f"{said}."
    leads = " You lead it." if incident.lead == user_id else ""
    return f"{said}; it is {incident.status}.{leads}{_closed_channel(step, incident)}"


def _closed_channel(step: Step, incident: Incident) -> str:
    """Say what helps; it may also have been deleted, or be shared with another organisation.

    Slack lets no bot unarchive a channel (conversations.unarchive).
    """
    if step is not Step.REOPEN or incident.channel_closed_at is None:
        return ""
    channel, name = channel_mention(str(incident.channel_id)), incident.reference
    return (
        f" Its channel {channel} is closed: `/incident timeline {name}` says why. "
        f"If it's archived, unarchive it in Slack, and {name} goes on there."
    )


def leads_now(incident: Incident, reader: str) -> str:
    """Say who leads."""
    if incident.lead == reader:
        return f"You lead {incident.reference} now."
    return f"{mention(incident.lead)} leads {incident.reference} now."


def responds_now(incident: Incident, user_id: str, role: str | None, reader: str) -> str:
    """Say who responds, and in which role."""
    is_reader = user_id == reader
    who = "You" if is_reader else mention(user_id)
    if role is None:
        return f"{who} {'respond' if is_reader else 'responds'} to {incident.reference} now."
    return f"{who} {'are' if is_reader else 'is'} {escape(role)} of {incident.reference} now."
