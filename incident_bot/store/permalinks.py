"""The links to announcements, as far as Slack has given them."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from incident_bot.store.tables import announcements


def find(connection: Connection, incident_ids: Collection[int], preferred: str) -> dict[int, str]:
    """By incident ID; those in the destination `preferred` where there are two."""
    columns = announcements.c
    rows = connection.execute(
        select(columns.incident_id, columns.permalink)
        .where(columns.incident_id.in_(incident_ids), columns.permalink.is_not(None))
        .order_by(columns.destination == preferred)  # the preferred one last: it stays
    )
    return {row.incident_id: row.permalink for row in rows}
