"""What goes into the outbox, in the transaction that makes it necessary.

Rows of one lane go out one after the other: all posts in a channel are one lane; the edits of
one incident's announcement in a channel are another, so that no edit waits for the pace of posts;
all direct messages to a person are a third; the edits of one notification or direct message are
a fourth. What is done to an incident's channel besides has a lane for each kind: none of it waits
for another, or holds up what is said there. What is said below the message from which an incident
was declared is a post like others; its edits are apart.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, exists, insert, or_, select

from incident_bot.domain.actors import is_user_id
from incident_bot.domain.declaration import OriginMessage
from incident_bot.domain.reference import reference
from incident_bot.store.engine.database import note_outgoing
from incident_bot.store.outbox.operations import SLACK, Operation
from incident_bot.store.rows.tables import (
    announcements,
    is_announcement,
    is_in_lane,
    is_unfinished,
    notifications,
    origins,
    outbox,
    timeline_entries,
)

# Built once: building a statement takes longer than running it.
_ADD_ANNOUNCEMENT: Final = insert(announcements)
_ADD_MESSAGE: Final = insert(outbox)
_ADD_ORIGIN: Final = insert(origins)
_REPLY: Final = (
    select(origins.c.channel_id, origins.c.message_ts)
    .where(origins.c.incident_id == bindparam("incident"))
    .with_for_update()
)
_ANNOUNCED: Final = (
    select(announcements.c.message_ts)
    .where(
        announcements.c.incident_id == bindparam("incident"),
        announcements.c.message_ts.is_not(None),
    )
    .limit(1)
)
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
_WAITING_IN_LANE: Final = (
    select(outbox.c.id)
    .where(*is_in_lane(bindparam("in_lane")), outbox.c.state == "pending")
    .limit(1)
    .with_for_update()
)
_INVITATION_WAITING: Final = (
    select(outbox.c.id)
    .where(
        *is_in_lane(bindparam("in_lane")),
        outbox.c.state == "pending",
        or_(
            outbox.c.entry_id.is_(None),
            exists().where(
                timeline_entries.c.id == outbox.c.entry_id,
                timeline_entries.c.after == bindparam("who"),
            ),
        ),
    )
    .limit(1)
    .with_for_update(of=outbox)
)
# Locked, too: whoever notes that one was sent, and where, has done so before or does so after.
_POSTS_OF_ENTRY: Final = (
    select(outbox.c.destination, outbox.c.state, outbox.c.is_uncertain)
    .where(
        outbox.c.entry_id == bindparam("entry"),
        outbox.c.lane == outbox.c.destination,
        is_unfinished(),
    )
    .order_by(outbox.c.id)
    .with_for_update()
)
_TOLD_TO: Final = select(notifications.c.destination).where(
    notifications.c.entry_id == bindparam("entry")
)
_EDITED_IN: Final = (
    select(timeline_entries.c.id)
    .join(notifications, notifications.c.entry_id == timeline_entries.c.id)
    .where(
        timeline_entries.c.incident_id == bindparam("incident"),
        or_(timeline_entries.c.edited_at.is_not(None), timeline_entries.c.undone_at.is_not(None)),
        notifications.c.destination == bindparam("there"),
    )
    .order_by(timeline_entries.c.id)
)


@dataclass(frozen=True)
class _Row:
    """What is to go out: its columns, but for those that say how it fares."""

    incident_id: int
    operation: Operation
    destination: str
    lane: str
    entry_id: int | None = None
    about_id: int | None = None
    target: str = SLACK
    body: str | None = None


def announce(connection: Connection, incident_id: int, destination: str, at: datetime) -> None:
    """Have a new incident announced in `destination`."""
    connection.execute(_ADD_ANNOUNCEMENT, {"incident_id": incident_id, "destination": destination})
    _put(connection, _Row(incident_id, Operation.ANNOUNCEMENT, destination, destination), at)


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
    _put(connection, _Row(incident_id, Operation.ANNOUNCEMENT, destination, lane), at)


def notify(
    connection: Connection, incident_id: int, destination: str, entry_id: int, at: datetime
) -> None:
    """Have a timeline entry told in the announcement's thread."""
    row = _Row(incident_id, Operation.NOTIFICATION, destination, destination, entry_id)
    _put(connection, row, at)


def write_to(
    connection: Connection, incident_id: int, user_id: str, entry_id: int, at: datetime
) -> None:
    """Have somebody told of a timeline entry in a direct message."""
    _put(connection, _Row(incident_id, Operation.DIRECT, user_id, user_id, entry_id), at)


def write_of_trouble(
    connection: Connection, incident_id: int, user_id: str, about_id: int, at: datetime
) -> None:
    """Have somebody told in a direct message what keeps another message, `about_id`."""
    row = _Row(incident_id, Operation.TROUBLE, user_id, user_id, about_id=about_id)
    _put(connection, row, at)


def edit_told(
    connection: Connection,
    incident_id: int,
    entry_id: int,
    destinations: Collection[str],
    at: datetime,
) -> None:
    """Have what was told of a timeline entry edited: in these channels, and to whomever.

    A post that waits tells the entry as it is then; one that may be there already does not.
    """
    posts = connection.execute(_POSTS_OF_ENTRY, {"entry": entry_id}).all()
    told = {post.destination for post in posts if post.state == "sending" or post.is_uncertain}
    told.update(connection.scalars(_TOLD_TO, {"entry": entry_id}))
    for destination in sorted(told):
        if destination in destinations:
            operation = Operation.NOTIFICATION
        elif is_user_id(destination):
            operation = Operation.DIRECT
        else:  # told nothing of this incident any more
            continue
        _edit_entry(connection, incident_id, operation, destination, entry_id, at)


def edit_all_told(connection: Connection, incident_id: int, channel_id: str, at: datetime) -> None:
    """Have all edited that a channel was told and is said otherwise now: it was closed a while."""
    where = {"incident": incident_id, "there": channel_id}
    for entry_id in connection.scalars(_EDITED_IN, where).all():
        operation = Operation.NOTIFICATION
        _edit_entry(connection, incident_id, operation, channel_id, entry_id, at)


def reply_to(connection: Connection, incident_id: int, origin: OriginMessage, at: datetime) -> None:
    """Have the message from which it was declared answered, in its thread."""
    there = {"channel_id": origin.channel_id, "thread_ts": origin.thread_ts}
    connection.execute(_ADD_ORIGIN, {"incident_id": incident_id} | there)
    channel_id = origin.channel_id
    _put(connection, _Row(incident_id, Operation.ORIGIN, channel_id, channel_id), at)


def link_reply(connection: Connection, incident_id: int, at: datetime) -> None:
    """Have that reply link to the announcement, once both are there: called when either is.

    Where processes share the database the lock lets the second of them see what the first did.
    """
    reply = connection.execute(_REPLY, {"incident": incident_id}).first()
    if reply is None or reply.message_ts is None:
        return
    if connection.scalar(_ANNOUNCED, {"incident": incident_id}) is not None:
        _step(connection, incident_id, Operation.ORIGIN, reply.channel_id, at)


def make_channel(connection: Connection, incident_id: int, at: datetime) -> None:
    """Have a channel made in which the incident is worked on."""
    _step(connection, incident_id, Operation.CHANNEL, reference(incident_id), at)


def invite(connection: Connection, incident_id: int, channel_id: str, at: datetime) -> None:
    """Have all people of the incident invited who aren't in the channel when it is done."""
    _step(connection, incident_id, Operation.INVITATION, channel_id, at)


def invite_one(
    connection: Connection,
    incident_id: int,
    channel_id: str,
    user_id: str,
    entry_id: int,
    at: datetime,
) -> None:
    """Have the person invited whom a timeline entry made lead or responder.

    Unless an invitation that waits is for them anyway.
    """
    lane = _lane(Operation.INVITATION, channel_id)
    if connection.scalar(_INVITATION_WAITING, {"in_lane": lane, "who": user_id}) is None:
        _step(connection, incident_id, Operation.INVITATION, channel_id, at, entry_id)


def set_topic(connection: Connection, incident_id: int, channel_id: str, at: datetime) -> None:
    """Have the channel's topic show the newest state, unless that waits to be done anyway."""
    lane = _lane(Operation.TOPIC, channel_id)
    if connection.scalar(_WAITING_IN_LANE, {"in_lane": lane}) is None:
        _step(connection, incident_id, Operation.TOPIC, channel_id, at)


def bookmark(connection: Connection, incident_id: int, channel_id: str, at: datetime) -> None:
    """Have a link to the incident's announcement put into the channel's bookmarks."""
    _step(connection, incident_id, Operation.BOOKMARK, channel_id, at)


def pin(connection: Connection, incident_id: int, channel_id: str, at: datetime) -> None:
    """Have the announcement in the channel pinned."""
    _step(connection, incident_id, Operation.PIN, channel_id, at)


def archive(connection: Connection, incident_id: int, channel_id: str, at: datetime) -> None:
    """Have the channel archived."""
    _step(connection, incident_id, Operation.ARCHIVING, channel_id, at)


def archive_after_last_word(
    connection: Connection, incident_id: int, channel_id: str, at: datetime
) -> None:
    """Have it archived once it shows how things stand: nobody can press there then."""
    bring_up_to_date(connection, incident_id, channel_id, at)
    archive(connection, incident_id, channel_id, at)


def send_event(
    connection: Connection, incident_id: int, target: str, entry_id: int, body: str, at: datetime
) -> None:
    """Have a target that is not Slack hear of a timeline entry; `body` is sent as it is now."""
    row = _Row(incident_id, Operation.EVENT, target, target, entry_id, target=target, body=body)
    _put(connection, row, at)


def _edit_entry(
    connection: Connection,
    incident_id: int,
    operation: Operation,
    destination: str,
    entry_id: int,
    at: datetime,
) -> None:
    """Unless an edit that waits will show the newest text anyway."""
    lane = f"{destination}/entry/{entry_id}"
    if connection.scalar(_WAITING_IN_LANE, {"in_lane": lane}) is None:
        _put(connection, _Row(incident_id, operation, destination, lane, entry_id), at)


def _step(
    connection: Connection,
    incident_id: int,
    operation: Operation,
    destination: str,
    at: datetime,
    entry_id: int | None = None,
) -> None:
    lane = _lane(operation, destination)
    _put(connection, _Row(incident_id, operation, destination, lane, entry_id), at)


def _lane(operation: Operation, destination: str) -> str:
    return f"{destination}/{operation}"


def _put(connection: Connection, row: _Row, at: datetime) -> None:
    values = {
        **vars(row),
        "dedupe_key": secrets.token_hex(8),
        "state": "pending",
        "attempts": 0,
        "is_uncertain": False,
        "created_at": at,
        "due_at": at,
    }
    connection.execute(_ADD_MESSAGE, values)
    note_outgoing(connection)


def forget_sent(connection: Connection, before: datetime) -> None:
    """Drop what was sent or discarded before; what was given up is kept with its reason."""
    is_done = outbox.c.state.in_(("sent", "discarded"))
    is_old = is_done & (outbox.c.settled_at < before)
    connection.execute(outbox.delete().where(is_old))
