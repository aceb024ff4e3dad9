"""Where announcements are, and the links to them, as far as Slack has given them."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select

from incident_bot.store.tables import announcements, incidents


def find(connection: Connection, incident_ids: Collection[int], preferred: str) -> dict[int, str]:
    """By incident ID; those in the destination `preferred` where there are two."""
    columns = announcements.c
    rows = connection.execute(
        select(columns.incident_id, columns.permalink)
        .where(columns.incident_id.in_(incident_ids), columns.permalink.is_not(None))
        .order_by(columns.destination == preferred)  # the preferred one last: it stays
    )
    return {row.incident_id: row.permalink for row in rows}


@dataclass(frozen=True)
class Place:
    """Where a message is, and the link to it, as far as known."""

    channel_id: str
    message_ts: str
    permalink: str | None


def find_elsewhere(connection: Connection, incident_id: int, preferred: str) -> Place | None:
    """Where it is announced outside the incident's own channel; as in `find`."""
    columns = announcements.c
    row = connection.execute(
        select(columns.channel_id, columns.message_ts, columns.permalink)
        .join(incidents, incidents.c.id == columns.incident_id)
        .where(
            columns.incident_id == incident_id,
            columns.message_ts.is_not(None),
            columns.destination.is_distinct_from(incidents.c.channel_id),
        )
        .order_by(columns.destination != preferred)
        .limit(1)
    ).first()
    return None if row is None else Place(*row)
