"""What people put into timelines themselves: notes and pinned messages.

They change nothing of the incident: its version stays, and no channel is told. Updates are posted
and edited in `incidents.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, select, update

from incident_bot.domain.actors import EVERYTHING, Viewer
from incident_bot.domain.incident import Incident
from incident_bot.domain.note import Note, PinnedMessage
from incident_bot.domain.timeline import TimelineEntry
from incident_bot.store import requests
from incident_bot.store.case import Case, SeenVersion
from incident_bot.store.outbox import events
from incident_bot.store.requests import Request
from incident_bot.store.rows import incident_rows
from incident_bot.store.rows.reading import entry_of
from incident_bot.store.rows.tables import announcements, incidents, timeline_entries
from incident_bot.store.transaction import Store

_SHOWN: Final = (
    timeline_entries.c.incident_id == bindparam("incident"),
    timeline_entries.c.removed_at.is_(None),
)
_COUNT: Final = select(func.count()).select_from(timeline_entries).where(*_SHOWN)
_PAGE: Final = (
    select(timeline_entries)
    .where(*_SHOWN)
    .order_by(timeline_entries.c.happened_at.desc(), timeline_entries.c.id.desc())
    .limit(bindparam("size"))
    .offset(bindparam("skipped"))
)
_REMOVE: Final = (
    update(timeline_entries)
    .where(timeline_entries.c.id == bindparam("entry"))
    .values(removed_at=bindparam("now"))
)
_PINNED: Final = select(timeline_entries).where(
    timeline_entries.c.channel_id == bindparam("channel"),
    timeline_entries.c.message_ts == bindparam("ts"),
    timeline_entries.c.removed_at.is_(None),
)
_UNPIN: Final = (
    update(timeline_entries)
    .where(
        timeline_entries.c.channel_id == bindparam("channel"),
        timeline_entries.c.message_ts == bindparam("ts"),
        timeline_entries.c.removed_at.is_(None),
    )
    .values(removed_at=bindparam("now"))
)
_ANNOUNCED: Final = (
    select(incidents.c.id)
    .join(announcements, announcements.c.incident_id == incidents.c.id)
    .where(announcements.c.channel_id == bindparam("channel"), incidents.c.deleted_at.is_(None))
    .limit(1)
)
_ANNOUNCED_BY: Final = _ANNOUNCED.where(announcements.c.message_ts == bindparam("ts"))
_WORKED_ON_IN: Final = select(incidents.c.id).where(
    incidents.c.channel_id == bindparam("channel"), incidents.c.deleted_at.is_(None)
)


@dataclass(frozen=True)
class TimelinePage:
    """A part of a timeline, newest first; `number` counts from 0, `total` is of all entries."""

    incident: Incident
    entries: tuple[TimelineEntry, ...]
    number: int
    total: int


_Done = tuple[Incident, TimelineEntry]


class Timelines(Store):
    """What can be done with timelines. All methods raise IncidentError for what is refused."""

    async def page(self, incident_id: int, number: int, size: int, viewer: Viewer) -> TimelinePage:
        """The page of that number, or the last one."""

        def work(connection: Connection) -> TimelinePage:
            incident = incident_rows.load(connection, incident_id, viewer)
            total = connection.scalar(_COUNT, {"incident": incident_id}) or 0
            shown = min(number, max(total - 1, 0) // size)
            where = {"incident": incident_id, "size": size, "skipped": shown * size}
            rows = connection.execute(_PAGE, where).mappings()
            return TimelinePage(incident, tuple(map(entry_of, rows)), shown, total)

        return await self._database.scan(work)

    async def entry(self, seen: SeenVersion, viewer: Viewer) -> tuple[Incident, TimelineEntry]:
        """An entry and its incident; raises EntryGone."""

        def work(connection: Connection) -> tuple[Incident, TimelineEntry]:
            incident = incident_rows.load(connection, seen.incident_id, viewer)
            return incident, Case(connection, incident).entry(seen.entry_id)

        return await self._database.read(work)

    async def add_note(
        self, request: Request, incident_id: int, note: Note
    ) -> tuple[Incident, TimelineEntry]:
        def do(case: Case, at: datetime) -> _Done:
            entry = case.incident.note(note, request.actor, at)
            entry_id = events.record(case.connection, case.incident, entry)
            return case.incident, replace(entry, id=entry_id)

        return await self._run(request, incident_id, do)

    async def edit(
        self, request: Request, seen: SeenVersion, note: Note
    ) -> tuple[Incident, TimelineEntry]:
        """Raises EntryEdited rather than undo another's edit."""

        def do(case: Case, at: datetime) -> _Done:
            entry = case.entry_seen(seen)
            edited = case.incident.edit_entry(entry, note, request.actor, at)
            incident_rows.save_entry(case.connection, edited)
            return case.incident, edited

        return await self._run(request, seen.incident_id, do)

    async def remove(self, request: Request, seen: SeenVersion) -> tuple[Incident, TimelineEntry]:
        """Hide an entry; its row is kept. Raises EntryEdited when it says something else now."""

        def do(case: Case, at: datetime) -> _Done:
            entry = case.entry_seen(seen)
            case.incident.refuse_entry_removal(entry, request.actor)
            case.connection.execute(_REMOVE, {"entry": entry.id, "now": at})
            return case.incident, entry

        return await self._run(request, seen.incident_id, do)

    async def has_incident_in(self, channel_id: str) -> bool:
        """Whether it is an incident's own channel, or one in which any is announced."""
        channel = {"channel": channel_id}
        return await self._finds(_WORKED_ON_IN, channel) or await self._finds(_ANNOUNCED, channel)

    async def is_pinned(self, channel_id: str, message_ts: str) -> bool:
        return await self._finds(_PINNED, {"channel": channel_id, "ts": message_ts})

    async def pin(self, request: Request, message: PinnedMessage, thread_ts: str | None) -> bool:
        """Put a message into the timeline of the incident that its channel or thread is about.

        False when they are about none, or the message is there already.
        """
        at = self._clock()
        thread = {"channel": message.channel_id, "ts": thread_ts or ""}
        place = {"channel": message.channel_id, "ts": message.message_ts}

        def work(connection: Connection) -> bool:
            requests.answered_before(connection, request)
            incident_id = connection.scalar(_WORKED_ON_IN, thread) or connection.scalar(
                _ANNOUNCED_BY, thread
            )
            if incident_id is None:
                return False
            # Whoever sees the message may: it is in a channel of theirs.
            incident = incident_rows.load(connection, incident_id, EVERYTHING, for_change=True)
            if connection.execute(_PINNED, place).first() is not None:
                return False
            entry = incident.pin(message, request.actor, at)
            events.record(connection, incident, entry, message)
            requests.remember(connection, request, incident, at)
            return True

        return await self._database.write(work)

    async def unpin(self, channel_id: str, message_ts: str) -> None:
        """Hide the entry of a message that nobody pins any more, if there is one."""
        at = self._clock()
        where = {"channel": channel_id, "ts": message_ts, "now": at}

        def work(connection: Connection) -> None:
            connection.execute(_UNPIN, where)

        await self._database.write(work)

    async def _finds(self, query: Select[Any], where: Mapping[str, str]) -> bool:
        return await self._database.read(
            lambda connection: connection.execute(query, where).first() is not None
        )
