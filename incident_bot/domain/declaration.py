"""What somebody must say to declare an incident."""

from pydantic import BaseModel, ConfigDict

from incident_bot.domain.text import Description, Reporter, Title


class Declaration(BaseModel):
    """What somebody must say to declare an incident, normalised and within limits.

    `has_named_reporter` as in Incident.
    """

    model_config = ConfigDict(frozen=True)

    title: Title
    description: Description
    severity: str
    reported_by: Reporter
    has_named_reporter: bool = False
