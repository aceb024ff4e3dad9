"""When things were made that are known by numbers.

Once a backup has been restored, numbers are given anew: the time tells what has which number now.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum, auto
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, select

from incident_bot.store.rows.tables import action_items, incidents, timeline_entries


class Numbered(Enum):
    """What has numbers of its own."""

    INCIDENT = auto()
    ENTRY = auto()
    ACTION_ITEM = auto()


# Built once: building a statement takes longer than running it.
_MADE_AT: Final[Mapping[Numbered, Select[Any]]] = {
    Numbered.INCIDENT: select(incidents.c.declared_at).where(incidents.c.id == bindparam("number")),
    Numbered.ENTRY: select(timeline_entries.c.at).where(
        timeline_entries.c.id == bindparam("number")
    ),
    Numbered.ACTION_ITEM: select(action_items.c.created_at).where(
        action_items.c.id == bindparam("number")
    ),
}


def made_at(connection: Connection, kind: Numbered, number: int) -> datetime | None:
    """None when nothing has this number."""
    found: datetime | None = connection.scalar(_MADE_AT[kind], {"number": number})
    return found
