"""Undoing: an entry is marked, what it set is set back, and what was posted of it is edited."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from incident_bot.domain.errors import ChangedMeanwhile, EntryGone, IncidentError
from incident_bot.domain.incident import Change, Incident
from incident_bot.domain.timeline import EntryKind, TimelineEntry, setting
from incident_bot.domain.undo import UNDOABLE, undo
from incident_bot.store.engine.database import Database
from incident_bot.store.outbox import enqueue
from incident_bot.store.requests import Request
from incident_bot.store.rows import incident_rows, responder_rows, undoable_rows
from incident_bot.store.rows.reading import entry_of
from incident_bot.store.rows.tables import UtcDateTime, timeline_entries, undoable
from incident_bot.store.transaction import Clock, Transactions, destinations_of

_AT_ONCE: Final = 100
_TAKES_LEAD: Final = frozenset({EntryKind.ACKNOWLEDGED, EntryKind.REOPENED})
_ENTRY: Final = select(timeline_entries).where(
    timeline_entries.c.id == bindparam("entry"),
    timeline_entries.c.incident_id == bindparam("incident"),
    timeline_entries.c.kind.in_(sorted(UNDOABLE)),
)
_IS_OVER: Final = undoable.c.until <= bindparam("now", type_=UtcDateTime())
_ANY_OVER: Final = select(undoable.c.entry_id).where(_IS_OVER).limit(1)
_OVER: Final = (
    select(undoable.c.entry_id, timeline_entries.c.incident_id)
    .join(timeline_entries, timeline_entries.c.id == undoable.c.entry_id)
    .where(_IS_OVER)
    .order_by(timeline_entries.c.incident_id, undoable.c.entry_id)
    .limit(_AT_ONCE)
)


class Undoing:
    """Takes back what somebody did a moment ago, and ends the offer when that is past."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._transactions = Transactions(database, clock)

    async def undo(self, request: Request, incident_id: int, entry_id: int) -> Incident:
        """Raises NotAllowed for all but who did it, ChangedMeanwhile when it is not the latest."""

        def decide(connection: Connection, incident: Incident, at: datetime) -> Change:
            entry = _entry(connection, incident, entry_id)
            if entry.undone_at is not None:
                raise IncidentError("This is undone already.")
            taken = _lead_taken_with(connection, incident, entry)
            change = undo(
                incident,
                entry,
                request.actor,
                at,
                responders=responder_rows.load(connection, incident.id),
                has_taken_lead=taken is not None,
                resolved_at=_resolved_before(connection, incident, entry),
                next_update_at=undoable_rows.ended_promise(connection, entry_id),
            )
            newest = incident_rows.newest_entry(connection, incident.id, setting(*entry.facts.sets))
            if newest is not None and newest.id != entry.id:
                raise ChangedMeanwhile(incident.id, newest)
            for undone in (entry, *([taken] if taken else ())):
                _mark(connection, undone, at)
                _edit(connection, incident, undone.id, at)
            return change

        return await self._transactions.change(request, incident_id, decide)

    async def end_old(self) -> None:
        """Have the button taken from what can be undone no more."""
        now = self._clock()
        is_any_over = await self._database.read(
            lambda connection: connection.execute(_ANY_OVER, {"now": now}).first() is not None
        )
        if not is_any_over:
            return

        def work(connection: Connection) -> None:
            for entry_id, incident_id in connection.execute(_OVER, {"now": now}).all():
                # The incident is locked first, as by whoever undoes; it may have ended meanwhile.
                incident = incident_rows.load_even_deleted(connection, incident_id)
                if undoable_rows.is_offered(connection, entry_id):
                    _edit(connection, incident, entry_id, now)

        await self._database.write(work)


def _entry(connection: Connection, incident: Incident, entry_id: int) -> TimelineEntry:
    where = {"entry": entry_id, "incident": incident.id}
    row = connection.execute(_ENTRY, where).mappings().first()
    if row is None:
        raise EntryGone(incident.id)
    return entry_of(row)


def _lead_taken_with(
    connection: Connection, incident: Incident, entry: TimelineEntry
) -> TimelineEntry | None:
    """That somebody became the lead by what is undone, unless that has changed since."""
    if entry.kind not in _TAKES_LEAD:
        return None
    lead = _newest(connection, incident, [EntryKind.LEAD_CHANGED])
    is_taken = lead is not None and lead.is_taking_the_lead and lead.at == entry.at
    return lead if is_taken and incident.lead == entry.actor else None


def _resolved_before(
    connection: Connection, incident: Incident, entry: TimelineEntry
) -> datetime | None:
    """When it had been resolved that was reopened by what is undone."""
    if entry.kind is not EntryKind.REOPENED:
        return None
    resolved = _newest(connection, incident, [EntryKind.RESOLVED])
    return None if resolved is None else resolved.at


def _newest(
    connection: Connection, incident: Incident, kinds: Iterable[EntryKind]
) -> TimelineEntry | None:
    return incident_rows.newest_entry(connection, incident.id, kinds)


def _mark(connection: Connection, entry: TimelineEntry, at: datetime) -> None:
    where = timeline_entries.c.id == entry.id
    connection.execute(update(timeline_entries).where(where).values(undone_at=at))


def _edit(connection: Connection, incident: Incident, entry_id: int, at: datetime) -> None:
    """Whatever tells of it says so, and offers to undo it no more."""
    undoable_rows.end(connection, entry_id)
    if not incident.is_deleted:
        told = destinations_of(connection, incident)
        enqueue.edit_told(connection, incident.id, entry_id, told, at)
