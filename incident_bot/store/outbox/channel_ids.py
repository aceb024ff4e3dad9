"""A channel to which Slack has given another ID: what is stored of it goes on under that one.

In the caller's transaction. Whatever stores the ID of a channel has to be named here.
"""

from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)

from incident_bot.store.outbox import uninvited
from incident_bot.store.outbox.operations import Operation
from incident_bot.store.rows.tables import (
    announcements,
    incidents,
    is_unfinished,
    notifications,
    origins,
    outbox,
    timeline_entries,
)

_CONCERNED: Final = (
    select(incidents.c.id)
    .where(
        or_(
            incidents.c.channel_id == bindparam("channel"),
            exists().where(
                announcements.c.incident_id == incidents.c.id,
                or_(
                    announcements.c.destination == bindparam("channel"),
                    announcements.c.channel_id == bindparam("channel"),
                ),
            ),
        )
    )
    .order_by(incidents.c.id)
    .with_for_update()
)


def lock_incidents(connection: Connection, channel_id: str) -> None:
    """Keep other processes from changing the incidents of which the channel is told."""
    connection.execute(_CONCERNED, {"channel": channel_id}).all()


def replace(connection: Connection, old: str, new: str, *, is_shared: bool) -> None:
    """Have all that is stored of the channel `old` be of `new`, but for the incident's own row.

    Of what waits for a channel that is shared with another organisation only its archiving goes
    on; the rest is given up, and it is told nothing of incidents that are announced there as a
    courtesy.
    """
    if is_shared:
        _give_up_waiting(connection, old)
        _forget_courtesies(connection, old)
    _replace_in_outbox(connection, old, new, is_shared=is_shared)
    _replace_places(connection, old, new)


def _give_up_waiting(connection: Connection, channel_id: str) -> None:
    is_given_up = (
        (outbox.c.destination == channel_id)
        & (outbox.c.state == "pending")
        & (outbox.c.operation != Operation.ARCHIVING)
    )
    uninvited.note_all_given_up(connection, is_given_up)
    connection.execute(delete(outbox).where(is_given_up))


def _forget_courtesies(connection: Connection, channel_id: str) -> None:
    is_own = exists().where(
        incidents.c.id == announcements.c.incident_id, incidents.c.channel_id == channel_id
    )
    is_courtesy = (announcements.c.destination == channel_id) & ~is_own
    connection.execute(delete(announcements).where(is_courtesy))
    # Without a place the reply below a message is not edited either.
    there = origins.c.channel_id == channel_id
    connection.execute(update(origins).where(there).values(message_ts=None))


def _replace_in_outbox(connection: Connection, old: str, new: str, *, is_shared: bool) -> None:
    goes_on = or_(is_unfinished(), outbox.c.state == "failed")
    if is_shared:
        goes_on = goes_on & (outbox.c.operation == Operation.ARCHIVING)
    # Each lane of a channel begins with its ID, see `enqueue.py`.
    lane = literal(new, Text) + func.substr(outbox.c.lane, len(old) + 1)
    connection.execute(
        update(outbox)
        .where(outbox.c.destination == old, goes_on)
        .values(destination=new, lane=lane)
    )


def _replace_places(connection: Connection, old: str, new: str) -> None:
    there = or_(announcements.c.destination == old, announcements.c.channel_id == old)
    permalink = func.replace(announcements.c.permalink, old, new)
    destination = _replaced(announcements.c.destination, old, new)
    values = {"destination": destination, "channel_id": new, "permalink": permalink}
    is_posted = announcements.c.message_ts.is_not(None)
    connection.execute(update(announcements).where(there, is_posted).values(values))
    connection.execute(update(announcements).where(there).values(destination=destination))
    destination = _replaced(notifications.c.destination, old, new)
    connection.execute(
        update(notifications)
        .where(notifications.c.channel_id == old)
        .values(channel_id=new, destination=destination)
    )
    connection.execute(update(origins).where(origins.c.channel_id == old).values(channel_id=new))
    connection.execute(
        update(timeline_entries)
        .where(timeline_entries.c.channel_id == old, timeline_entries.c.removed_at.is_(None))
        .values(channel_id=new, permalink=func.replace(timeline_entries.c.permalink, old, new))
    )


def _replaced(column: ColumnElement[str], old: str, new: str) -> ColumnElement[str]:
    return case((column == old, new), else_=column)
