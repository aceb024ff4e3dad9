"""An incident and its timeline entries, read and written in the caller's transaction."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy import insert as sql_insert

from incident_bot.domain.actors import Viewer
from incident_bot.domain.declaration import Declaration
from incident_bot.domain.errors import IncidentNotFound
from incident_bot.domain.incident import Incident
from incident_bot.domain.note import PinnedMessage
from incident_bot.domain.responders import NOBODY
from incident_bot.domain.status import Status
from incident_bot.domain.timeline import EntryKind, TimelineEntry
from incident_bot.store.rows import responder_rows
from incident_bot.store.rows.reading import INCIDENT_COLUMNS, INCIDENT_FIELDS, entry_of, incident_of
from incident_bot.store.rows.search_terms import incident_terms
from incident_bot.store.rows.tables import incidents, timeline_entries

# Built once: building a statement takes longer than running it.
_ADD_INCIDENT: Final = sql_insert(incidents)
_ADD_ENTRY: Final = sql_insert(timeline_entries)
_SAVE_ENTRY: Final = (
    update(timeline_entries)
    .where(timeline_entries.c.id == bindparam("of"))
    .values({name: bindparam(name) for name in ("text", "happened_at", "edited_at", "undone_at")})
)
_EVEN_DELETED: Final = select(*INCIDENT_COLUMNS).where(incidents.c.id == bindparam("incident_id"))
_LOAD: Final = _EVEN_DELETED.where(incidents.c.deleted_at.is_(None))
_LOAD_FOR_CHANGE: Final = _LOAD.with_for_update()
_LOAD_EVEN_DELETED: Final = _EVEN_DELETED.with_for_update()
_FIND_IN: Final = select(*INCIDENT_COLUMNS).where(incidents.c.channel_id == bindparam("channel"))
_LOAD_IN: Final = _FIND_IN.with_for_update()
_NEWEST_ENTRY: Final = (
    select(timeline_entries)
    .where(
        timeline_entries.c.incident_id == bindparam("incident_id"),
        timeline_entries.c.kind.in_(bindparam("kinds", expanding=True)),
        timeline_entries.c.undone_at.is_(None),
    )
    .order_by(timeline_entries.c.id.desc())
    .limit(1)
)
# What changes nothing has the version of its time: it comes after what led to that.
_LATEST_CHANGE: Final = (
    select(timeline_entries)
    .where(
        timeline_entries.c.incident_id == bindparam("incident_id"),
        timeline_entries.c.version == bindparam("in_version"),
    )
    .order_by(timeline_entries.c.id)
    .limit(1)
)


def insert(connection: Connection, declaration: Declaration, at: datetime) -> Incident:
    values = {
        **declaration.model_dump(exclude={"wants_channel"}),
        "status": Status.OPEN,
        "declared_at": at,
        "updated_at": at,
        "version": 1,
    }
    terms = incident_terms(declaration.title, declaration.description)
    row = values | {"search_terms": terms}
    incident_id = connection.execute(_ADD_INCIDENT, row).inserted_primary_key
    assert incident_id is not None  # noqa: S101 - an INSERT of one row always gives it
    return Incident(id=incident_id[0], **values)


def load(
    connection: Connection, incident_id: int, viewer: Viewer, *, for_change: bool = False
) -> Incident:
    """Read an incident; `for_change` keeps other processes from changing it at the same time.

    Raises IncidentNotFound also for one that the viewer may not know of.
    """
    query = _LOAD_FOR_CHANGE if for_change else _LOAD
    row = connection.execute(query, {"incident_id": incident_id}).first()
    if row is None:
        # As for a private one, of which the time must not tell that it is there.
        responder_rows.load(connection, incident_id)
        raise IncidentNotFound(incident_id)
    incident = incident_of(row)
    responders = responder_rows.load(connection, incident_id) if incident.is_private else NOBODY
    if not incident.is_visible_to(viewer, responders):
        raise IncidentNotFound(incident_id)
    return incident


def load_in(connection: Connection, channel_id: str) -> Incident | None:
    """The incident whose own channel it is, to be changed; also one that was deleted."""
    row = connection.execute(_LOAD_IN, {"channel": channel_id}).first()
    return None if row is None else incident_of(row)


def find_in(connection: Connection, channel_id: str) -> Incident | None:
    """The same, only to be looked at."""
    row = connection.execute(_FIND_IN, {"channel": channel_id}).first()
    return None if row is None else incident_of(row)


def load_even_deleted(connection: Connection, incident_id: int) -> Incident:
    """An incident that there is or was, to be changed."""
    return incident_of(connection.execute(_LOAD_EVEN_DELETED, {"incident_id": incident_id}).one())


def save(connection: Connection, before: Incident, after: Incident) -> None:
    changed: dict[str, Any] = {
        name: getattr(after, name)
        for name in INCIDENT_FIELDS
        if getattr(after, name) != getattr(before, name)
    }
    if not changed.keys().isdisjoint({"title", "description"}):
        changed["search_terms"] = incident_terms(after.title, after.description)
    result = connection.execute(
        update(incidents)
        .where(incidents.c.id == before.id, incidents.c.version == before.version)
        .values(changed)
    )
    if result.rowcount != 1:
        raise RuntimeError(f"{before.reference} was changed by another transaction")


def add_entry(
    connection: Connection,
    incident_id: int,
    entry: TimelineEntry,
    message: PinnedMessage | None = None,
) -> int:
    """Add an entry to the timeline; `message` is the one that it pins, if any."""
    values: dict[str, Any] = {
        "incident_id": incident_id,
        "kind": entry.kind,
        "actor": entry.actor,
        "at": entry.at,
        "version": entry.version,
        "before": entry.before,
        "after": entry.after,
        "text": entry.text,
        "happened_at": entry.happened_at,
        "author": entry.author,
        "channel_id": message.channel_id if message else None,
        "message_ts": message.message_ts if message else None,
        "permalink": entry.permalink,
    }
    key = connection.execute(_ADD_ENTRY, values).inserted_primary_key
    assert key is not None  # noqa: S101 - an INSERT of one row always gives it
    entry_id: int = key[0]
    return entry_id


def save_entry(connection: Connection, entry: TimelineEntry) -> None:
    """Keep what an entry says now, or that it was undone."""
    values = {
        "of": entry.id,
        "text": entry.text,
        "happened_at": entry.happened_at,
        "edited_at": entry.edited_at,
        "undone_at": entry.undone_at,
    }
    connection.execute(_SAVE_ENTRY, values)


def newest_entry(
    connection: Connection, incident_id: int, kinds: Iterable[EntryKind]
) -> TimelineEntry | None:
    """What was undone does not count."""
    about = {"incident_id": incident_id, "kinds": list(kinds)}
    row = connection.execute(_NEWEST_ENTRY, about).mappings().first()
    return None if row is None else entry_of(row)


def latest_change(connection: Connection, incident: Incident) -> TimelineEntry:
    """The entry that led to the incident's version, of whatever kind it is."""
    about = {"incident_id": incident.id, "in_version": incident.version}
    return entry_of(connection.execute(_LATEST_CHANGE, about).mappings().one())
