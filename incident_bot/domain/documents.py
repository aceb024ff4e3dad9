"""An incident as other systems read it: the names and values that they may rely on."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from incident_bot.domain.status import Status


class IncidentDocument(BaseModel):
    """An incident. Times are UTC. `"version"`, in double quotes, is its ETag."""

    model_config = ConfigDict(frozen=True, from_attributes=True, populate_by_name=True)

    id: int
    reference: Annotated[str, Field(description="The name that people use, such as INC-12.")]
    title: str
    description: str
    reported_by: Annotated[str, Field(description="A Slack user ID or, by REST, any name.")]
    severity: str
    status: Status
    timestamp: Annotated[
        datetime, Field(validation_alias="declared_at", description="When it was declared.")
    ]
    acknowledged_at: datetime | None
    resolved_at: datetime | None
    updated_at: datetime
    lead: Annotated[str | None, Field(description="The Slack user ID of who coordinates.")]
    latest_update: str | None
    latest_update_by: str | None
    latest_update_at: datetime | None
    next_update_at: Annotated[
        datetime | None, Field(description="When the latest update promised another.")
    ]
    summary: str | None
    is_private: Annotated[
        bool, Field(description="Whether its people alone know of it, and some tokens.")
    ]
    channel_id: Annotated[str | None, Field(description="The channel in which it is worked on.")]
    version: int
