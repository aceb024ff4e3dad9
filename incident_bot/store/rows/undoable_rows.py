"""What can be undone yet, in the caller's transaction: while a row is there, it is offered."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import Connection, bindparam, delete, insert, select

from incident_bot.domain.incident import Incident
from incident_bot.domain.undo import UNDO_WITHIN, Former
from incident_bot.store.rows.reading import entry_of
from incident_bot.store.rows.tables import timeline_entries, undoable

_ADD: Final = insert(undoable)
_IS_OFFERED: Final = select(undoable.c.entry_id).where(undoable.c.entry_id == bindparam("entry"))
_FORMER: Final = select(undoable).where(undoable.c.entry_id == bindparam("entry"))
_ENTRY: Final = select(timeline_entries).where(timeline_entries.c.id == bindparam("entry"))
_REMOVE: Final = delete(undoable).where(undoable.c.entry_id == bindparam("entry"))
_INCIDENT: Final = TypeAdapter(Incident)


def offer(connection: Connection, entry_id: int, at: datetime, former: Former) -> None:
    row = {
        "entry_id": entry_id,
        "until": at + UNDO_WITHIN,
        "was": json.dumps(former.was, default=str),
        "became": json.dumps(former.became, default=str),
        "lead_entry_id": former.lead_entry.id if former.lead_entry else None,
    }
    connection.execute(_ADD, row)


def is_offered(connection: Connection, entry_id: int) -> bool:
    return connection.execute(_IS_OFFERED, {"entry": entry_id}).first() is not None


def former(connection: Connection, incident: Incident, entry_id: int) -> Former | None:
    """What an entry of the incident had set; None when that is kept no more."""
    row = connection.execute(_FORMER, {"entry": entry_id}).first()
    if row is None or row.was is None:
        return None
    lead_entry = connection.execute(_ENTRY, {"entry": row.lead_entry_id}).mappings().first()
    return Former(
        _fields(incident, row.was),
        _fields(incident, row.became),
        None if lead_entry is None else entry_of(lead_entry),
    )


def end(connection: Connection, entry_id: int) -> None:
    connection.execute(_REMOVE, {"entry": entry_id})


def _fields(incident: Incident, stored: str) -> dict[str, Any]:
    """Fields by name, in the types that Incident gives them."""
    given = json.loads(stored)
    read = _INCIDENT.validate_python(asdict(incident) | given)
    return {name: getattr(read, name) for name in given}
