"""Where in Slack the messages of an incident are, and the links to them, as far as Slack gave them.

In the caller's transaction: kept for their edits, and forgotten when they are gone.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    bindparam,
    delete,
    exists,
    insert,
    literal_column,
    select,
    update,
)

from incident_bot.store.outbox import enqueue
from incident_bot.store.outbox.deliveries import Delivery
from incident_bot.store.outbox.operations import Operation
from incident_bot.store.rows.tables import announcements, incidents, notifications, origins

# Built once: building a statement takes longer than running it.
_OF_DESTINATION: Final = (
    announcements.c.incident_id == bindparam("incident"),
    announcements.c.destination == bindparam("there"),
)
# An edit of a message that is gone posts another: that one is new, too.
_IS_NEW_IN_OWN_CHANNEL: Final[Select[int]] = (
    select(literal_column("1", Integer))
    .join(incidents, incidents.c.id == announcements.c.incident_id)
    .where(
        *_OF_DESTINATION,
        incidents.c.channel_id == announcements.c.destination,
        announcements.c.message_ts.is_distinct_from(bindparam("ts")),
    )
)
_PLACE_REPLY: Final = (
    update(origins)
    .where(origins.c.incident_id == bindparam("incident"))
    .values(message_ts=bindparam("ts"))
)
_ANNOUNCED_AT: Final = (
    select(announcements.c.channel_id, announcements.c.message_ts)
    .where(
        announcements.c.incident_id == bindparam("incident"),
        announcements.c.message_ts.is_not(None),
    )
    .order_by(announcements.c.destination != bindparam("preferred"))
    .limit(1)
)
_KEPT: Final = {
    column: bindparam(f"kept_{column.name}", type_=column.type) for column in notifications.c
}
# Unless it is kept already: then nothing more is to be done, and the lane has to go on.
_KEEP_NOTIFICATION: Final = insert(notifications).from_select(
    list(notifications.c),
    select(*_KEPT.values()).where(
        ~exists().where(*(column == _KEPT[column] for column in notifications.primary_key))
    ),
)
_PLACE: Final = (
    update(announcements)
    .where(*_OF_DESTINATION)
    .values(channel_id=bindparam("channel"), message_ts=bindparam("ts"))
)


@dataclass(frozen=True)
class Place:
    """Where a message is, and the link to it, as far as known."""

    channel_id: str
    message_ts: str
    permalink: str | None


def find_links(
    connection: Connection, incident_ids: Collection[int], preferred: str
) -> dict[int, str]:
    """By incident ID; those in the destination `preferred` where there are two."""
    columns = announcements.c
    rows = connection.execute(
        select(columns.incident_id, columns.permalink)
        .where(columns.incident_id.in_(incident_ids), columns.permalink.is_not(None))
        .order_by(columns.destination == preferred)  # the preferred one last: it stays
    )
    return {row.incident_id: row.permalink for row in rows}


def find_elsewhere(connection: Connection, incident_id: int, preferred: str) -> Place | None:
    """Where it is announced outside the incident's own channel; as in `find_links`."""
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


def announced_at(
    connection: Connection, incident_id: int, preferred: str
) -> tuple[str, str] | None:
    """Channel and timestamp of its announcement; that in `preferred` if there is one."""
    where = {"incident": incident_id, "preferred": preferred}
    row = connection.execute(_ANNOUNCED_AT, where).first()
    return None if row is None else (row.channel_id, row.message_ts)


def keep(
    connection: Connection, delivery: Delivery, channel_id: str, message_ts: str, now: datetime
) -> None:
    """Note where a delivery is, for its edits; what follows from that is put in the outbox."""
    place = {"channel": channel_id, "ts": message_ts}
    where = {"incident": delivery.incident_id, "there": delivery.destination}
    if delivery.operation is Operation.ANNOUNCEMENT:
        if connection.scalar(_IS_NEW_IN_OWN_CHANNEL, where | place) is not None:
            enqueue.pin(connection, delivery.incident_id, delivery.destination, now)
        connection.execute(_PLACE, where | place)
        if delivery.is_post:
            enqueue.link_reply(connection, delivery.incident_id, now)
    elif delivery.operation is Operation.ORIGIN:
        if delivery.is_post:
            connection.execute(_PLACE_REPLY, {"incident": delivery.incident_id, "ts": message_ts})
            enqueue.link_reply(connection, delivery.incident_id, now)
    elif delivery.is_post and delivery.operation.is_of_entry:
        kept = {
            "kept_channel_id": channel_id,
            "kept_message_ts": message_ts,
            "kept_entry_id": delivery.entry_id,
            "kept_destination": delivery.destination,
        }
        connection.execute(_KEEP_NOTIFICATION, kept)


def keep_link(connection: Connection, delivery: Delivery, permalink: str) -> None:
    """To the announcement in the delivery's destination."""
    of = update(announcements).where(*_announcement_of(delivery))
    connection.execute(of.values(permalink=permalink))


def forget(connection: Connection, delivery: Delivery) -> None:
    """Where it is announced: the next announcement is a new message."""
    of = update(announcements).where(*_announcement_of(delivery))
    connection.execute(of.values(channel_id=None, message_ts=None, permalink=None))


def announce_there_no_more(connection: Connection, delivery: Delivery) -> None:
    """The delivery's destination is none of the incident's any more."""
    connection.execute(delete(announcements).where(*_announcement_of(delivery)))


def _announcement_of(delivery: Delivery) -> tuple[ColumnElement[bool], ...]:
    return (
        announcements.c.incident_id == delivery.incident_id,
        announcements.c.destination == delivery.destination,
    )
