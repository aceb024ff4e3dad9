"""Undoing: an entry is marked, what it set is set back, and what was posted of it is edited."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from incident_bot.domain.errors import ChangedMeanwhile, EntryGone, IncidentError
from incident_bot.domain.incident import Change, Incident
from incident_bot.domain.timeline import TimelineEntry, setting
from incident_bot.domain.undo import UNDOABLE, Former, undo
from incident_bot.store.engine.database import Database
from incident_bot.store.outbox import enqueue
from incident_bot.store.requests import Request
from incident_bot.store.rows import incident_rows, responder_rows, undoable_rows
from incident_bot.store.rows.reading import entry_of
from incident_bot.store.rows.tables import UtcDateTime, timeline_entries, undoable
from incident_bot.store.transaction import Clock, Transactions, destinations_of

_AT_ONCE: Final = 100
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
            former = undoable_rows.former(connection, incident, entry_id)
            responders = responder_rows.load(connection, incident.id)
            change = undo(incident, entry, former, request.actor, at, responders)
            newest = incident_rows.newest_entry(connection, incident.id, setting(*entry.facts.sets))
            if newest is not None and newest.id != entry_id:
                raise ChangedMeanwhile(incident.id, newest)
            for undone in _undone_with(incident, entry_id, former):
                _mark(connection, undone, at)
                _edit(connection, incident, undone, at)
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


def _undone_with(incident: Incident, entry_id: int, former: Former | None) -> Iterator[int]:
    """The entry, and that the lead was taken with it, unless somebody else leads by now."""
    yield entry_id
    if former and former.with_lead_entry and former.is_as_it_became(incident, "lead"):
        yield former.with_lead_entry


def _mark(connection: Connection, entry_id: int, at: datetime) -> None:
    where = timeline_entries.c.id == entry_id
    connection.execute(update(timeline_entries).where(where).values(undone_at=at))


def _edit(connection: Connection, incident: Incident, entry_id: int, at: datetime) -> None:
    """Whatever tells of it says so, and offers to undo it no more."""
    undoable_rows.end(connection, entry_id)
    if not incident.is_deleted:
        told = destinations_of(connection, incident)
        enqueue.edit_told(connection, incident.id, entry_id, told, at)
