"""What a delivery tells, read when it is sent: nothing of it is kept in the outbox."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, and_, bindparam, select

from incident_bot.domain.action_item import NO_ACTION_ITEMS, SomeActionItems
from incident_bot.domain.incident import Incident
from incident_bot.domain.responders import NOBODY, Responders
from incident_bot.domain.timeline import EntryKind, TimelineEntry
from incident_bot.store.outbox import troubles
from incident_bot.store.outbox.deliveries import Delivery
from incident_bot.store.outbox.operations import Operation
from incident_bot.store.outbox.troubles import Trouble
from incident_bot.store.rows import action_item_rows, incident_rows, responder_rows, undoable_rows
from incident_bot.store.rows.reading import INCIDENT_COLUMNS, entry_of, incident_of
from incident_bot.store.rows.tables import (
    announcements,
    incidents,
    notifications,
    origins,
    timeline_entries,
)

ITEMS_HANDED_OVER: Final = 5
"""How many open action items a new lead is told of."""

# Built once: building a statement takes longer than running it.
_CONTENT: Final = (
    select(
        *INCIDENT_COLUMNS,
        announcements.c.destination,
        announcements.c.channel_id.label("posted_in"),
        announcements.c.message_ts,
    )
    .outerjoin(
        announcements,
        and_(
            announcements.c.incident_id == incidents.c.id,
            announcements.c.destination == bindparam("there"),
        ),
    )
    .where(incidents.c.id == bindparam("incident"))
)
_ENTRY: Final = select(timeline_entries).where(timeline_entries.c.id == bindparam("entry"))
_ORIGIN: Final = select(origins).where(origins.c.incident_id == bindparam("incident"))
_TOLD_IN: Final = (
    select(notifications.c.channel_id, notifications.c.message_ts)
    .where(
        notifications.c.entry_id == bindparam("entry"),
        notifications.c.destination == bindparam("there"),
    )
    .limit(1)
)


@dataclass(frozen=True)
class Content:
    """What a delivery tells, and where its announcement is (None: nowhere yet).

    A direct message has no announcement of its own. For the edit of what tells an entry the place
    is that of what it edits; of the reply to the message from which an incident was declared it is
    where that is, and `thread_ts` its thread. `responders` are there for what shows or invites
    them, `action_items` for what shows them. `can_be_undone` says that a notification may offer
    that. `trouble` is what a message that tells of trouble is about.
    """

    incident: Incident
    entry: TimelineEntry | None
    channel_id: str | None = None
    message_ts: str | None = None
    responders: Responders = NOBODY
    action_items: SomeActionItems = NO_ACTION_ITEMS
    can_be_undone: bool = False
    thread_ts: str | None = None
    trouble: Trouble | None = None


def load(connection: Connection, delivery: Delivery) -> Content | None:
    """None when the destination is not to be told of this incident any more."""
    where = {"incident": delivery.incident_id, "there": delivery.destination}
    row = connection.execute(_CONTENT, where).one()
    incident = incident_of(row)
    if delivery.operation.facts.needs_announcement and row.destination is None:
        return None
    has_responders = incident.is_private or delivery.operation.facts.shows_responders
    responders = responder_rows.load(connection, incident.id) if has_responders else NOBODY
    if incident.is_private and not _is_for(delivery, incident, responders):
        return None
    if delivery.operation is Operation.ORIGIN:
        reply = connection.execute(_ORIGIN, {"incident": incident.id}).one()
        return Content(
            incident, None, reply.channel_id, reply.message_ts, thread_ts=reply.thread_ts
        )
    entry = _entry(connection, delivery)
    place = (row.posted_in, row.message_ts)
    if delivery.is_edit_of_entry:
        place = _told_in(connection, delivery)
    can_be_undone = (
        delivery.operation is Operation.NOTIFICATION
        and delivery.entry_id is not None
        and undoable_rows.is_offered(connection, delivery.entry_id)
    )
    items = _action_items(connection, delivery, entry)
    trouble = troubles.load(connection, delivery)
    return Content(
        incident, entry, *place, responders, items, can_be_undone=can_be_undone, trouble=trouble
    )


def _told_in(connection: Connection, delivery: Delivery) -> tuple[str | None, str | None]:
    """Channel and message in which a destination was told of an entry, if it was."""
    where = {"entry": delivery.entry_id, "there": delivery.destination}
    row = connection.execute(_TOLD_IN, where).first()
    return (None, None) if row is None else (row.channel_id, row.message_ts)


def _is_for(delivery: Delivery, incident: Incident, responders: Responders) -> bool:
    """Whether somebody or some channel may hear of a private incident."""
    if delivery.operation.is_to_person:
        return incident.concerns(delivery.destination, responders)
    return delivery.destination == incident.channel_id or delivery.operation is Operation.CHANNEL


def _entry(connection: Connection, delivery: Delivery) -> TimelineEntry | None:
    """What it tells; of a channel that is to be archived, who said so."""
    if delivery.operation is Operation.ARCHIVING:
        kinds = [EntryKind.CHANNEL_CLOSED, EntryKind.DELETED]
        return incident_rows.newest_entry(connection, delivery.incident_id, kinds)
    if delivery.entry_id is None:
        return None
    return entry_of(connection.execute(_ENTRY, {"entry": delivery.entry_id}).mappings().one())


def _action_items(
    connection: Connection, delivery: Delivery, entry: TimelineEntry | None
) -> SomeActionItems:
    """The one that somebody is given, or those that are open when the lead is handed over."""
    if entry is not None and entry.is_reminder_of_items:
        return action_item_rows.due(connection, delivery.incident_id, entry.before, entry.at)
    if delivery.operation is not Operation.DIRECT or entry is None:
        return NO_ACTION_ITEMS
    if entry.kind is EntryKind.ACTION_ITEM_ADDED:
        return action_item_rows.added_by(connection, entry.id)
    if entry.kind is EntryKind.LEAD_CHANGED:
        return action_item_rows.first_open(connection, delivery.incident_id, ITEMS_HANDED_OVER)
    return NO_ACTION_ITEMS
