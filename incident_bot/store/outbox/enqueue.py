"""What goes into the outbox, in the transaction that makes it necessary.

Rows of one lane go out one after the other: all posts in a channel are one lane; the edits of
one incident's announcement in a channel are another, so that no edit waits for the pace of posts;
all direct messages to a person are a third; the edits of one notification or direct message are
a fourth. What is done to an incident's channel besides has a lane for each kind: none of it waits
for another, or holds up what is said there. What is said below the message from which an incident
was declared is a post like others; its edits are apart.
"""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, bindparam, exists, insert, or_, select

from incident_bot.domain.actors import is_user_id
from incident_bot.domain.declaration import OriginMessage
from incident_bot.domain.reference import reference
from incident_bot.store.engine.database import note_outgoing
from incident_bot.store.rows.tables import (
    announcements,
    is_announcement,
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
    .where(outbox.c.lane == bindparam("in_lane"), is_unfinished(), outbox.c.state == "pending")
    .limit(1)
    .with_for_update()
)
_INVITATION_WAITING: Final = (
    select(outbox.c.id)
    .where(
        outbox.c.lane == bindparam("in_lane"),
        is_unfinished(),
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


class DeliveryKind(StrEnum):
    """What is to be sent or done; the values are stored."""

    ANNOUNCEMENT = "announcement"
    NOTIFICATION = "notification"
    DIRECT = "direct"
    CHANNEL = "channel"
    INVITATION = "invitation"
    TOPIC = "topic"
    BOOKMARK = "bookmark"
    PIN = "pin"
    ARCHIVING = "archiving"
    ORIGIN = "origin"
    TROUBLE = "trouble"

    @property
    def is_message(self) -> bool:
        """Whether it is said to somebody, rather than done to a channel."""
        return self in _MESSAGES

    @property
    def is_of_entry(self) -> bool:
        """Whether it tells one timeline entry."""
        return self in _OF_ENTRY

    @property
    def is_to_person(self) -> bool:
        """Whether it is a direct message: its destination is a person's ID."""
        return self in _TO_PERSON


_MESSAGES: Final = frozenset(
    {
        DeliveryKind.ANNOUNCEMENT,
        DeliveryKind.NOTIFICATION,
        DeliveryKind.DIRECT,
        DeliveryKind.ORIGIN,
        DeliveryKind.TROUBLE,
    }
)
_OF_ENTRY: Final = frozenset({DeliveryKind.NOTIFICATION, DeliveryKind.DIRECT})
_TO_PERSON: Final = frozenset({DeliveryKind.DIRECT, DeliveryKind.TROUBLE})


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


def write_of_trouble(
    connection: Connection, incident_id: int, user_id: str, about_id: int, at: datetime
) -> None:
    """Have somebody told in a direct message what keeps another message, `about_id`."""
    _put(connection, incident_id, DeliveryKind.TROUBLE, user_id, user_id, at, about_id=about_id)


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
            kind = DeliveryKind.NOTIFICATION
        elif is_user_id(destination):
            kind = DeliveryKind.DIRECT
        else:  # told nothing of this incident any more
            continue
        _edit_entry(connection, incident_id, kind, destination, entry_id, at)


def edit_all_told(connection: Connection, incident_id: int, channel_id: str, at: datetime) -> None:
    """Have all edited that a channel was told and is said otherwise now: it was closed a while."""
    where = {"incident": incident_id, "there": channel_id}
    for entry_id in connection.scalars(_EDITED_IN, where).all():
        kind = DeliveryKind.NOTIFICATION
        _edit_entry(connection, incident_id, kind, channel_id, entry_id, at)


def reply_to(connection: Connection, incident_id: int, origin: OriginMessage, at: datetime) -> None:
    """Have the message from which it was declared answered, in its thread."""
    there = {"channel_id": origin.channel_id, "thread_ts": origin.thread_ts}
    connection.execute(_ADD_ORIGIN, {"incident_id": incident_id} | there)
    channel_id = origin.channel_id
    _put(connection, incident_id, DeliveryKind.ORIGIN, channel_id, channel_id, at)


def link_reply(connection: Connection, incident_id: int, at: datetime) -> None:
    """Have that reply link to the announcement, once both are there: called when either is.

    Where processes share the database the lock lets the second of them see what the first did.
    """
    reply = connection.execute(_REPLY, {"incident": incident_id}).first()
    if reply is None or reply.message_ts is None:
        return
    if connection.scalar(_ANNOUNCED, {"incident": incident_id}) is not None:
        _step(connection, incident_id, DeliveryKind.ORIGIN, reply.channel_id, at)


def make_channel(connection: Connection, incident_id: int, at: datetime) -> None:
    """Have a channel made in which the incident is worked on."""
    _step(connection, incident_id, DeliveryKind.CHANNEL, reference(incident_id), at)


def invite(connection: Connection, incident_id: int, channel_id: str, at: datetime) -> None:
    """Have all people of the incident invited who aren't in the channel when it is done."""
    _step(connection, incident_id, DeliveryKind.INVITATION, channel_id, at)


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
    lane = _lane(DeliveryKind.INVITATION, channel_id)
    if connection.scalar(_INVITATION_WAITING, {"in_lane": lane, "who": user_id}) is None:
        _step(connection, incident_id, DeliveryKind.INVITATION, channel_id, at, entry_id)


def set_topic(connection: Connection, incident_id: int, channel_id: str, at: datetime) -> None:
    """Have the channel's topic show the newest state, unless that waits to be done anyway."""
    lane = _lane(DeliveryKind.TOPIC, channel_id)
    if connection.scalar(_WAITING_IN_LANE, {"in_lane": lane}) is None:
        _step(connection, incident_id, DeliveryKind.TOPIC, channel_id, at)


def bookmark(connection: Connection, incident_id: int, channel_id: str, at: datetime) -> None:
    """Have a link to the incident's announcement put into the channel's bookmarks."""
    _step(connection, incident_id, DeliveryKind.BOOKMARK, channel_id, at)


def pin(connection: Connection, incident_id: int, channel_id: str, at: datetime) -> None:
    """Have the announcement in the channel pinned."""
    _step(connection, incident_id, DeliveryKind.PIN, channel_id, at)


def archive(connection: Connection, incident_id: int, channel_id: str, at: datetime) -> None:
    """Have the channel archived."""
    _step(connection, incident_id, DeliveryKind.ARCHIVING, channel_id, at)


def archive_after_last_word(
    connection: Connection, incident_id: int, channel_id: str, at: datetime
) -> None:
    """Have it archived once it shows how things stand: nobody can press there then."""
    bring_up_to_date(connection, incident_id, channel_id, at)
    archive(connection, incident_id, channel_id, at)


def _edit_entry(
    connection: Connection,
    incident_id: int,
    kind: DeliveryKind,
    destination: str,
    entry_id: int,
    at: datetime,
) -> None:
    """Unless an edit that waits will show the newest text anyway."""
    lane = f"{destination}/entry/{entry_id}"
    if connection.scalar(_WAITING_IN_LANE, {"in_lane": lane}) is None:
        _put(connection, incident_id, kind, destination, lane, at, entry_id=entry_id)


def _step(
    connection: Connection,
    incident_id: int,
    kind: DeliveryKind,
    destination: str,
    at: datetime,
    entry_id: int | None = None,
) -> None:
    lane = _lane(kind, destination)
    _put(connection, incident_id, kind, destination, lane, at, entry_id=entry_id)


def _lane(kind: DeliveryKind, destination: str) -> str:
    return f"{destination}/{kind}"


def _put(
    connection: Connection,
    incident_id: int,
    kind: DeliveryKind,
    destination: str,
    lane: str,
    at: datetime,
    *,
    entry_id: int | None = None,
    about_id: int | None = None,
) -> None:
    values = {
        "incident_id": incident_id,
        "entry_id": entry_id,
        "about_id": about_id,
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
    note_outgoing(connection)


def forget_sent(connection: Connection, before: datetime) -> None:
    """Drop what was sent or discarded before; what was given up is kept with its reason."""
    is_done = outbox.c.state.in_(("sent", "discarded"))
    is_old = is_done & (outbox.c.settled_at < before)
    connection.execute(outbox.delete().where(is_old))
