"""Undoing: an entry is marked, what it set is set back, and what was posted of it is edited."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, select

from incident_bot.domain.errors import ChangedMeanwhile, EntryGone, UndoneBefore
from incident_bot.domain.incident import Change, Incident
from incident_bot.domain.timeline import setting
from incident_bot.domain.undo import undo
from incident_bot.store.case import Case
from incident_bot.store.requests import Request
from incident_bot.store.rows import incident_rows, undoable_rows
from incident_bot.store.rows.tables import UtcDateTime, timeline_entries, undoable
from incident_bot.store.transaction import Store, edit_told

_AT_ONCE: Final = 100
_IS_OVER: Final = undoable.c.until <= bindparam("now", type_=UtcDateTime())
_ANY_OVER: Final = select(undoable.c.entry_id).where(_IS_OVER).limit(1)
_OVER: Final = (
    select(undoable.c.entry_id, timeline_entries.c.incident_id)
    .join(timeline_entries, timeline_entries.c.id == undoable.c.entry_id)
    .where(_IS_OVER)
    .order_by(timeline_entries.c.incident_id, undoable.c.entry_id)
    .limit(_AT_ONCE)
)


class Undoing(Store):
    """Takes back what somebody did a moment ago, and ends the offer when that is past."""

    async def undo(self, request: Request, incident_id: int, entry_id: int) -> Incident:
        """Raises NotAllowed for all but who did it, ChangedMeanwhile when it is not the latest."""

        def decide(case: Case, at: datetime) -> Change:
            entry = case.entry(entry_id)
            if not entry.facts.is_undoable:
                raise EntryGone(incident_id)
            if entry.undone_at is not None:
                raise UndoneBefore
            former = case.former(entry_id)
            change = undo(case.incident, entry, former, request.actor, at, case.responders())
            newest = case.newest(setting(*entry.facts.sets))
            if newest is not None and newest.id != entry_id:
                raise ChangedMeanwhile(incident_id, newest)
            return change

        return await self.transaction(request, incident_id, decide)

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
                    undoable_rows.end(connection, entry_id)
                    if not incident.is_deleted:
                        edit_told(connection, incident, entry_id, now)

        await self._database.write(work)
