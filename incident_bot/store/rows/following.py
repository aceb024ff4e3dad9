"""Who follows an incident, in the caller's transaction."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select

from incident_bot.store.rows.tables import followers

# Built once: building a statement takes longer than running it.
_OF_INCIDENT: Final = (
    select(followers.c.user_id)
    .where(followers.c.incident_id == bindparam("incident"))
    .order_by(followers.c.since, followers.c.user_id)
)
_ADD: Final = insert(followers)


def followers_of(connection: Connection, incident_id: int) -> tuple[str, ...]:
    """Their user IDs, who followed first at the beginning."""
    return tuple(connection.scalars(_OF_INCIDENT, {"incident": incident_id}))


def follow(connection: Connection, incident_id: int, user_id: str, at: datetime) -> bool:
    """False when this person follows it already."""
    if user_id in followers_of(connection, incident_id):
        return False
    connection.execute(_ADD, {"incident_id": incident_id, "user_id": user_id, "since": at})
    return True


def unfollow(connection: Connection, incident_id: int, user_id: str) -> bool:
    """False when this person does not follow it."""
    is_theirs = (followers.c.incident_id == incident_id) & (followers.c.user_id == user_id)
    return connection.execute(delete(followers).where(is_theirs)).rowcount > 0
