"""Incidents as JSON that the database writes itself.

Rows made into objects and objects into JSON were measured to take three quarters of a page's time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Text, literal_column

from incident_bot.domain.reference import PREFIX
from incident_bot.store.tables import UtcDateTime, incidents

_FUNCTION: Final = {"sqlite": "json_object", "postgresql": "json_build_object"}
_MOMENT: Final = {
    "sqlite": "{}",
    "postgresql": """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
}


@dataclass(frozen=True)
class Document:
    """An incident's ID, and all that is asked for as a JSON object."""

    id: int
    text: str


def columns(names: Mapping[str, str], dialect: str) -> tuple[ColumnElement[Any], ...]:
    """What a Document is made of; `names` are the keys, each with an attribute of Incident.

    Moments are ISO 8601 in UTC, with microseconds where there are any, as Pydantic writes them.
    """
    pairs = ", ".join(f"'{key}', {_value(name, dialect)}" for key, name in names.items())
    text = literal_column(f"CAST({_FUNCTION[dialect]}({pairs}) AS TEXT)", Text)
    return incidents.c.id, text.label("document")


def _value(name: str, dialect: str) -> str:
    if name == "reference":
        return f"'{PREFIX}' || incidents.id"
    if isinstance(incidents.c[name].type, UtcDateTime):
        moment = _MOMENT[dialect].format(f"incidents.{name}")
        return f"replace({moment}, '.000000Z', 'Z')"
    return f"incidents.{name}"
