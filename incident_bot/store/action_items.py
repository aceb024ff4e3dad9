"""Action items: follow-up work of incidents, resolved or not.

They change nothing of the incident: its version stays, and no channel is told.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from incident_bot.domain.action_item import (
    ActionItem,
    NewActionItem,
    entry_of,
    refuse_owner,
)
from incident_bot.domain.actors import Viewer
from incident_bot.domain.audience import about_whom
from incident_bot.domain.incident import Incident
from incident_bot.domain.timeline import EntryKind
from incident_bot.store.case import Case
from incident_bot.store.outbox import enqueue, events
from incident_bot.store.requests import Request
from incident_bot.store.rows import action_item_rows, incident_rows
from incident_bot.store.transaction import Store

_Done = tuple[Incident, ActionItem]


@dataclass(frozen=True)
class ActionItemPage:
    """A part of an incident's action items, as of `at`; `number` counts from 0.

    Open ones come first, as they are due, then those that were done last. `still_open` and `total`
    count all.
    """

    incident: Incident
    items: tuple[ActionItem, ...]
    number: int
    still_open: int
    total: int
    at: datetime


class ActionItems(Store):
    """What can be done with action items. All methods raise IncidentError for what is refused."""

    async def page(
        self, incident_id: int, number: int, size: int, viewer: Viewer
    ) -> ActionItemPage:
        """The page of that number, or the last one."""
        at = self._clock()

        def work(connection: Connection) -> ActionItemPage:
            incident = incident_rows.load(connection, incident_id, viewer)
            still_open, total = action_item_rows.count(connection, incident_id)
            shown = min(number, max(total - 1, 0) // size)
            items = action_item_rows.page(connection, incident_id, size, shown * size)
            return ActionItemPage(incident, items, shown, still_open, total, at)

        return await self._database.scan(work)

    async def every(self, incident_id: int, viewer: Viewer) -> tuple[ActionItem, ...]:
        """All of an incident's, in the order in which they were added."""

        def work(connection: Connection) -> tuple[ActionItem, ...]:
            incident_rows.load(connection, incident_id, viewer)
            return action_item_rows.every(connection, incident_id)

        return await self._database.scan(work)

    async def add(
        self, request: Request, incident_id: int, new: NewActionItem
    ) -> tuple[Incident, ActionItem]:
        """Whom somebody else made its owner is told in person.

        Raises CannotSeeIncident when they may not know of the incident.
        """

        def do(case: Case, at: datetime) -> _Done:
            connection, incident = case.connection, case.incident
            refuse_owner(incident, new.owner, case.responders())
            entry = entry_of(EntryKind.ACTION_ITEM_ADDED, incident, new, request.actor, at)
            entry_id = events.record(connection, incident, entry)
            item = action_item_rows.add(connection, incident.id, new, entry_id, request.actor, at)
            for owner in about_whom(entry):
                enqueue.write_to(connection, incident.id, owner.destination, entry_id, at)
            return incident, item

        return await self._run(request, incident_id, do)

    async def finish(
        self, request: Request, incident_id: int, item_id: int
    ) -> tuple[Incident, ActionItem]:
        """Raises AlreadyDone, ActionItemGone."""

        def do(case: Case, at: datetime) -> _Done:
            connection, incident = case.connection, case.incident
            # Who does the same at the same time waits for the incident's row.
            item = action_item_rows.load(connection, incident.id, item_id)
            done = item.finish(request.actor, at)
            action_item_rows.save(connection, done)
            entry = entry_of(EntryKind.ACTION_ITEM_DONE, incident, done, request.actor, at)
            events.record(connection, incident, entry)
            return incident, done

        return await self._run(request, incident_id, do)

    async def reopen(
        self, request: Request, incident_id: int, item_id: int
    ) -> tuple[Incident, ActionItem]:
        """Raises NothingToChange, ActionItemGone."""

        def do(case: Case, at: datetime) -> _Done:
            connection, incident = case.connection, case.incident
            item = action_item_rows.load(connection, incident.id, item_id)
            reopened = item.reopen()
            action_item_rows.save(connection, reopened)
            entry = entry_of(EntryKind.ACTION_ITEM_REOPENED, incident, reopened, request.actor, at)
            events.record(connection, incident, entry)
            return incident, reopened

        return await self._run(request, incident_id, do)
