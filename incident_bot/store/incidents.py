"""The incident store: each use case is one method and one transaction.

A transaction writes the new state, its timeline entries, the messages that tell of them (into
the outbox) and the key of the request, so that none of these is ever there without the others.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, update

from incident_bot.domain.errors import (
    AlreadyInStatus,
    ChangedMeanwhile,
    IncidentNotFound,
    RepeatedRequest,
)
from incident_bot.domain.incident import Change, Declaration, Edit, Incident, ProgressUpdate
from incident_bot.domain.status import Status, Step
from incident_bot.domain.timeline import STATUS_KINDS, EntryKind, TimelineEntry
from incident_bot.store import outbox
from incident_bot.store.database import Database
from incident_bot.store.rows import INCIDENT_FIELDS, entry_of, incident_of
from incident_bot.store.tables import announcements, incidents, requests, timeline_entries

Clock = Callable[[], datetime]

_TEXT_KINDS: Final = frozenset({EntryKind.EDITED, EntryKind.SEVERITY_CHANGED})


@dataclass(frozen=True)
class Request:
    """Who asks, and the key under which the same request would come a second time.

    `actor` is a Slack user ID or the name of an API token.
    """

    actor: str
    key: str | None = None


@dataclass(frozen=True)
class IncidentFilter:
    """Which incidents to find; what is None or empty does not matter."""

    statuses: frozenset[Status] = frozenset()
    severity: str | None = None
    lead: str | None = None


class IncidentStore:
    """What can be done with incidents. All methods raise IncidentError for what is refused."""

    def __init__(self, database: Database, clock: Clock, wake_delivery: Callable[[], None]) -> None:
        self._database = database
        self._clock = clock
        self._wake_delivery = wake_delivery

    async def declare(
        self, request: Request, declaration: Declaration, destinations: Iterable[str]
    ) -> Incident:
        """Store a new incident and announce it in each of `destinations`.

        A destination is a channel's ID or, for the announcement channel, its name.
        """
        at = self._clock()

        def work(connection: Connection) -> Incident:
            _refuse_repeat(connection, request)
            incident = _insert(connection, declaration, at)
            entry = TimelineEntry(EntryKind.DECLARED, request.actor, at, incident.version)
            _record(connection, incident.id, entry)
            for destination in dict.fromkeys(destinations):
                outbox.announce(connection, incident.id, destination, at)
            _remember(connection, request, incident.id, at)
            return incident

        incident = await self._database.write(work)
        self._wake_delivery()
        return incident

    async def take(
        self, request: Request, incident_id: int, step: Step, seen_version: int | None = None
    ) -> Incident:
        """Go a step of the life cycle.

        `seen_version` is the version that the person was looking at: raises ChangedMeanwhile
        when the status has changed since, AlreadyInStatus when it is where the step leads.
        """

        def decide(connection: Connection, incident: Incident, at: datetime) -> Change:
            _refuse_same_status(connection, incident, step.status)
            _refuse_stale(connection, incident, seen_version, STATUS_KINDS)
            return incident.take(step, request.actor, at)

        return await self._change(request, incident_id, decide)

    async def set_severity(self, request: Request, incident_id: int, severity: str) -> Incident:
        return await self._change(
            request,
            incident_id,
            lambda _connection, incident, at: incident.set_severity(severity, request.actor, at),
        )

    async def edit(
        self, request: Request, incident_id: int, edit: Edit, seen_version: int | None = None
    ) -> Incident:
        """Change texts and severity; raises ChangedMeanwhile rather than undo another's edit."""

        def decide(connection: Connection, incident: Incident, at: datetime) -> Change:
            _refuse_stale(connection, incident, seen_version, _TEXT_KINDS)
            return incident.edit(edit, request.actor, at)

        return await self._change(request, incident_id, decide)

    async def post_update(
        self,
        request: Request,
        incident_id: int,
        progress: ProgressUpdate,
        seen_version: int | None = None,
    ) -> Incident:
        """Tell progress, with a new status or severity if `progress` brings one."""

        def decide(connection: Connection, incident: Incident, at: datetime) -> Change:
            if progress.status is not None:
                _refuse_same_status(connection, incident, progress.status)
                _refuse_stale(connection, incident, seen_version, STATUS_KINDS)
            return incident.post_update(progress, request.actor, at)

        return await self._change(request, incident_id, decide)

    async def add_summary(self, request: Request, incident_id: int, summary: str) -> Incident:
        return await self._change(
            request,
            incident_id,
            lambda _connection, incident, at: incident.add_summary(summary, request.actor, at),
        )

    async def delete(self, request: Request, incident_id: int) -> Incident:
        """Hide it everywhere; its row, its timeline and its ID are kept."""
        return await self._change(
            request,
            incident_id,
            lambda _connection, incident, at: incident.delete(request.actor, at),
        )

    async def get(self, incident_id: int) -> Incident:
        return await self._database.read(lambda connection: _load(connection, incident_id))

    async def find(self, wanted: IncidentFilter, limit: int) -> tuple[tuple[Incident, ...], int]:
        """The newest `limit` incidents that are `wanted`, and how many there are in all."""

        def work(connection: Connection) -> tuple[tuple[Incident, ...], int]:
            conditions = _conditions(wanted)
            rows = connection.execute(
                select(incidents).where(*conditions).order_by(incidents.c.id.desc()).limit(limit)
            ).mappings()
            found = tuple(incident_of(row) for row in rows)
            if len(found) < limit:
                return found, len(found)
            total = select(func.count()).select_from(incidents).where(*conditions)
            return found, connection.scalar(total) or 0

        return await self._database.read(work)

    async def timeline(self, incident_id: int) -> tuple[TimelineEntry, ...]:
        """What happened to an incident, oldest first."""

        def work(connection: Connection) -> tuple[TimelineEntry, ...]:
            _load(connection, incident_id)
            rows = connection.execute(
                select(timeline_entries)
                .where(timeline_entries.c.incident_id == incident_id)
                .order_by(timeline_entries.c.id)
            ).mappings()
            return tuple(entry_of(row) for row in rows)

        return await self._database.read(work)

    async def permalinks(self, incident_ids: Collection[int], preferred: str) -> dict[int, str]:
        """Links to the announcements, as far as known; those in `preferred` where there are two."""

        def work(connection: Connection) -> dict[int, str]:
            columns = announcements.c
            rows = connection.execute(
                select(columns.incident_id, columns.permalink)
                .where(columns.incident_id.in_(incident_ids), columns.permalink.is_not(None))
                .order_by(columns.destination == preferred)  # the preferred one last: it stays
            )
            return dict(rows.tuples().all())

        return await self._database.read(work)

    async def forget_requests(self, before: datetime) -> None:
        """Drop the keys of requests so old that Slack will not send them again."""
        await self._database.write(
            lambda connection: connection.execute(requests.delete().where(requests.c.at < before))
        )

    async def _change(
        self,
        request: Request,
        incident_id: int,
        decide: Callable[[Connection, Incident, datetime], Change],
    ) -> Incident:
        at = self._clock()

        def work(connection: Connection) -> Incident:
            _refuse_repeat(connection, request)
            incident = _load(connection, incident_id)
            change = decide(connection, incident, at)
            _save(connection, incident, change.incident)
            _tell(connection, change, at)
            _remember(connection, request, incident_id, at)
            return change.incident

        incident = await self._database.write(work)
        self._wake_delivery()
        return incident


def _refuse_repeat(connection: Connection, request: Request) -> None:
    if request.key is None:
        return
    row = connection.execute(
        select(requests.c.incident_id).where(requests.c.key == request.key)
    ).first()
    if row is not None:
        raise RepeatedRequest(row.incident_id)


def _remember(connection: Connection, request: Request, incident_id: int, at: datetime) -> None:
    if request.key is not None:
        connection.execute(insert(requests).values(key=request.key, incident_id=incident_id, at=at))


def _insert(connection: Connection, declaration: Declaration, at: datetime) -> Incident:
    values = {
        **declaration.model_dump(),
        "status": Status.OPEN,
        "declared_at": at,
        "updated_at": at,
        "version": 1,
    }
    incident_id = connection.execute(insert(incidents).values(values)).inserted_primary_key
    assert incident_id is not None  # noqa: S101 - an INSERT of one row always gives it
    return Incident(id=incident_id[0], **values)


def _load(connection: Connection, incident_id: int) -> Incident:
    row = (
        connection.execute(
            select(incidents).where(incidents.c.id == incident_id, incidents.c.deleted_at.is_(None))
        )
        .mappings()
        .first()
    )
    if row is None:
        raise IncidentNotFound(incident_id)
    return incident_of(row)


def _save(connection: Connection, before: Incident, after: Incident) -> None:
    changed = {
        name: getattr(after, name)
        for name in INCIDENT_FIELDS
        if getattr(after, name) != getattr(before, name)
    }
    result = connection.execute(
        update(incidents)
        .where(incidents.c.id == before.id, incidents.c.version == before.version)
        .values(changed)
    )
    if result.rowcount != 1:
        raise RuntimeError(f"{before.reference} was changed by another transaction")


def _tell(connection: Connection, change: Change, at: datetime) -> None:
    entry_ids = {
        entry.version: _record(connection, change.incident.id, entry) for entry in change.entries
    }
    destinations = connection.scalars(
        select(announcements.c.destination).where(announcements.c.incident_id == change.incident.id)
    ).all()
    for destination in destinations:
        outbox.bring_up_to_date(connection, change.incident.id, destination, at)
        for entry in change.notified:
            entry_id = entry_ids[entry.version]
            outbox.notify(connection, change.incident.id, destination, entry_id, at)


def _record(connection: Connection, incident_id: int, entry: TimelineEntry) -> int:
    values: dict[str, Any] = {
        "incident_id": incident_id,
        "kind": entry.kind,
        "actor": entry.actor,
        "at": entry.at,
        "version": entry.version,
        "before": entry.before,
        "after": entry.after,
        "text": entry.text,
    }
    key = connection.execute(insert(timeline_entries).values(values)).inserted_primary_key
    assert key is not None  # noqa: S101 - an INSERT of one row always gives it
    entry_id: int = key[0]
    return entry_id


def _refuse_same_status(connection: Connection, incident: Incident, status: Status) -> None:
    if incident.status is status:
        entry = _newest_entry(connection, incident.id, STATUS_KINDS)
        raise AlreadyInStatus(incident.id, status, entry)


def _refuse_stale(
    connection: Connection,
    incident: Incident,
    seen_version: int | None,
    kinds: Iterable[EntryKind],
) -> None:
    """What changed in the meantime matters only when it is of `kinds`."""
    if seen_version is None or seen_version == incident.version:
        return
    entry = _newest_entry(connection, incident.id, kinds)
    if entry is not None and entry.version > seen_version:
        raise ChangedMeanwhile(incident.id, entry)


def _newest_entry(
    connection: Connection, incident_id: int, kinds: Iterable[EntryKind]
) -> TimelineEntry | None:
    row = (
        connection.execute(
            select(timeline_entries)
            .where(
                timeline_entries.c.incident_id == incident_id,
                timeline_entries.c.kind.in_(list(kinds)),
            )
            .order_by(timeline_entries.c.id.desc())
            .limit(1)
        )
        .mappings()
        .first()
    )
    return None if row is None else entry_of(row)


def _conditions(wanted: IncidentFilter) -> Sequence[Any]:
    conditions: list[Any] = [incidents.c.deleted_at.is_(None)]
    if wanted.statuses:
        conditions.append(incidents.c.status.in_(sorted(wanted.statuses)))
    if wanted.severity is not None:
        conditions.append(incidents.c.severity == wanted.severity)
    if wanted.lead is not None:
        conditions.append(incidents.c.lead == wanted.lead)
    return conditions
