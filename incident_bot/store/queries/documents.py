"""Incidents as JSON that the database writes itself.

Rows made into objects and objects into JSON were measured to take three quarters of a page's time.
"""

from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Boolean, ColumnElement, Text, literal_column

from incident_bot.domain.reference import PREFIX
from incident_bot.store.rows.tables import UtcDateTime, incidents

_FUNCTION: Final = {"sqlite": "json_object", "postgresql": "json_build_object"}
_MOMENT: Final = {
    "sqlite": "{}",
    "postgresql": """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
}


Keys = tuple[tuple[str, str], ...]
"""The keys of a JSON object, each with the attribute of Incident that it shows."""


class Document(NamedTuple):
    """An incident's ID, and all that is asked for as a JSON object."""

    id: int
    text: str


@cache
def columns(keys: Keys, dialect: str) -> tuple[ColumnElement[Any], ...]:
    """What a Document is made of; `dialect` is SQLAlchemy's name.

    Moments are ISO 8601 in UTC, with microseconds where there are any, as Pydantic writes them.
    """
    pairs = ", ".join(f"'{key}', {_value(name, dialect)}" for key, name in keys)
    text = literal_column(f"CAST({_FUNCTION[dialect]}({pairs}) AS TEXT)", Text)
    return incidents.c.id, text.label("document")


def _value(name: str, dialect: str) -> str:
    if name == "reference":
        return f"'{PREFIX}' || incidents.id"
    if isinstance(incidents.c[name].type, UtcDateTime):
        moment = _MOMENT[dialect].format(f"incidents.{name}")
        return f"replace({moment}, '.000000Z', 'Z')"
    if isinstance(incidents.c[name].type, Boolean) and dialect == "sqlite":
        return f"json(CASE WHEN incidents.{name} THEN 'true' ELSE 'false' END)"
    return f"incidents.{name}"
