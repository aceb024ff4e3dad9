"""What a person reads after a step of the life cycle."""

from typing import Final

from incident_bot.domain.incident import Incident
from incident_bot.domain.status import Step

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
    return f"{said}; it is {incident.status}.{leads}"
