"""What somebody may want of an incident in one go: other words, several new values, an update."""

from datetime import timedelta

from pydantic import BaseModel, ConfigDict

from incident_bot.domain.status import Status
from incident_bot.domain.text import Description, Title


class Edit(BaseModel):
    """What an incident is to say from now on; None leaves a part as it is."""

    model_config = ConfigDict(frozen=True)

    title: Title | None = None
    description: Description | None = None
    severity: str | None = None


class Patch(Edit):
    """New values for any parts at once, by REST; None leaves a part as it is.

    So does a `lead` that is not given; one given as None takes the lead away.
    """

    status: Status | None = None
    lead: str | None = None

    @property
    def has_lead(self) -> bool:
        return "lead" in self.model_fields_set


class ProgressUpdate(BaseModel):
    """Progress written by a person, with the status and severity it brings, if any.

    `next_update_in` is after how long the person promises another.
    """

    model_config = ConfigDict(frozen=True)

    message: Description
    status: Status | None = None
    severity: str | None = None
    next_update_in: timedelta | None = None
