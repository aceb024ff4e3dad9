"""Rows of the database as the domain's own objects."""

from dataclasses import fields
from typing import Final

from pydantic import TypeAdapter
from sqlalchemy import RowMapping

from incident_bot.domain.incident import Incident
from incident_bot.domain.status import Status
from incident_bot.domain.timeline import EntryKind, TimelineEntry

INCIDENT_FIELDS: Final = tuple(field.name for field in fields(Incident))

_INCIDENT: Final = TypeAdapter(Incident)


def incident_of(row: RowMapping) -> Incident:
    values = {name: row[name] for name in INCIDENT_FIELDS}
    return Incident(**{**values, "status": Status(row["status"])})


def incident_to_json(incident: Incident) -> str:
    return _INCIDENT.dump_json(incident).decode()


def incident_from_json(text: str) -> Incident:
    return _INCIDENT.validate_json(text)


def entry_of(row: RowMapping) -> TimelineEntry:
    return TimelineEntry(
        kind=EntryKind(row["kind"]),
        actor=row["actor"],
        at=row["at"],
        version=row["version"],
        before=row["before"],
        after=row["after"],
        text=row["text"],
    )
