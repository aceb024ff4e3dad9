"""What goes into the outbox, in the transaction that makes it necessary.

Rows of one lane go out one after the other: all posts in a channel are one lane; the edits of
one incident's announcement in a channel are another, so that no edit waits for the pace of posts;
all direct messages to a person are a third.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, bindparam, insert, or_, select

from incident_bot.store.tables import announcements, is_announcement, is_unfinished, outbox

# Built once: building a statement takes longer than running it.
_ADD_ANNOUNCEMENT: Final = insert(announcements)
_ADD_MESSAGE: Final = insert(outbox)
# Locked where processes share the database: a worker that claims it now has to wait, one that has
# claimed it already sends what it read before.
_WAITING: Final = (
    select(outbox.c.id)
    .where(
        outbox.c.incident_id == bindparam("incident"),
        outbox.c.destination == bindparam("there"),
        is_announcement(),
        is_unfinished(),
        outbox.c.state == "pending",
        or_(outbox.c.lane == bindparam("edits"), ~outbox.c.is_uncertain),
    )
    .limit(1)
    .with_for_update()
)


class DeliveryKind(StrEnum):
    """What is to be sent; the values are stored."""

    ANNOUNCEMENT = "announcement"
    NOTIFICATION = "notification"
    DIRECT = "direct"


def announce(connection: Connection, incident_id: int, destination: str, at: datetime) -> None:
    """Have a new incident announced in `destination`."""
    connection.execute(_ADD_ANNOUNCEMENT, {"incident_id": incident_id, "destination": destination})
    _put(connection, incident_id, DeliveryKind.ANNOUNCEMENT, destination, destination, at)


def bring_up_to_date(
    connection: Connection, incident_id: int, destination: str, at: datetime
) -> None:
    """Have the announcement edited, unless one that waits will show the newest state anyway.

    A post that may be in the channel already will not: it is found there as it was.
    """
    lane = f"{destination}/{incident_id}"
    where = {"incident": incident_id, "there": destination, "edits": lane}
    if connection.scalar(_WAITING, where) is not None:
        return
    _put(connection, incident_id, DeliveryKind.ANNOUNCEMENT, destination, lane, at)


def notify(
    connection: Connection, incident_id: int, destination: str, entry_id: int, at: datetime
) -> None:
    """Have a timeline entry told in the announcement's thread."""
    _put(
        connection,
        incident_id,
        DeliveryKind.NOTIFICATION,
        destination,
        destination,
        at,
        entry_id=entry_id,
    )


def write_to(
    connection: Connection, incident_id: int, user_id: str, entry_id: int, at: datetime
) -> None:
    """Have somebody told of a timeline entry in a direct message."""
    _put(connection, incident_id, DeliveryKind.DIRECT, user_id, user_id, at, entry_id=entry_id)


def _put(
    connection: Connection,
    incident_id: int,
    kind: DeliveryKind,
    destination: str,
    lane: str,
    at: datetime,
    *,
    entry_id: int | None = None,
) -> None:
    values = {
        "incident_id": incident_id,
        "entry_id": entry_id,
        "kind": kind,
        "destination": destination,
        "lane": lane,
        "state": "pending",
        "attempts": 0,
        "is_uncertain": False,
        "created_at": at,
        "due_at": at,
    }
    connection.execute(_ADD_MESSAGE, values)


def forget_sent(connection: Connection, before: datetime) -> None:
    """Drop what was sent or discarded before; what was given up is kept with its reason."""
    is_done = outbox.c.state.in_(("sent", "discarded"))
    is_old = is_done & (outbox.c.settled_at < before)
    connection.execute(outbox.delete().where(is_old))
