"""What other systems are told: the shape of an event, and of the incident in it."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from incident_bot.domain.documents import IncidentDocument
from incident_bot.domain.incident import Incident
from incident_bot.domain.timeline import TimelineEntry


class Changed(BaseModel):
    """What the timeline says of it; None where it has no such part."""

    model_config = ConfigDict(frozen=True)

    happened_at: datetime | None
    before: str | None
    after: str | None
    text: str | None


class EventData(IncidentDocument):
    """The incident as it was then; `url` links to its announcement, once that is known."""

    actor: str
    url: str | None
    change: Changed


class Event(BaseModel):
    """One thing that happened (Standard Webhooks, "Payload structure"). Times are UTC."""

    model_config = ConfigDict(frozen=True)

    type: str
    timestamp: datetime
    data: EventData


def event_of(incident: Incident, entry: TimelineEntry, url: str | None) -> Event:
    """The event that tells of `entry`; `incident` is what that made of it."""
    document = IncidentDocument.model_validate(incident)
    change = Changed(
        happened_at=entry.happened_at, before=entry.before, after=entry.after, text=entry.text
    )
    data = EventData(**dict(document), actor=entry.actor, url=url, change=change)
    return Event(type=entry.event_type, timestamp=entry.at, data=data)
