"""Reminders: found by what incidents are, so that none is lost; kept is only what was said of them.

A row tells when a reminder may be said again, empty for never; it holds for what it is `about`.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, insert, or_, select

from incident_bot.domain.actors import BOT
from incident_bot.domain.errors import IncidentError
from incident_bot.domain.incident import Incident
from incident_bot.domain.reminder import SILENT_AFTER, ReminderKind, ReminderPolicy
from incident_bot.domain.status import UNRESOLVED, Status
from incident_bot.domain.timeline import EntryKind, TimelineEntry
from incident_bot.store import incident_rows, outgoing, requests
from incident_bot.store.changes import Clock, destinations_of
from incident_bot.store.database import Database
from incident_bot.store.requests import Request
from incident_bot.store.tables import incidents, reminders

_AT_ONCE: Final = 100


class Reminders:
    """Says what is due, and keeps quiet about what somebody does not want to hear."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        wake_delivery: Callable[[], None],
        policy: ReminderPolicy,
    ) -> None:
        self._database = database
        self._clock = clock
        self._wake_delivery = wake_delivery
        self._policy = policy

    async def remind(self) -> None:
        """Put what is due now into the outbox."""
        for kind in sorted(self._policy.kinds):
            await self._remind_of(kind, self._clock())

    async def _remind_of(self, kind: ReminderKind, now: datetime) -> None:
        query = _candidates(kind, self._policy, now)
        ids = await self._database.scan(lambda connection: list(connection.scalars(query)))
        if ids:
            await self._database.write(
                lambda connection: self._say_if_due(connection, kind, ids, now)
            )
            self._wake_delivery()

    async def snooze(self, request: Request, incident_id: int, kind: ReminderKind) -> datetime:
        """Be quiet about it for a while; gives until when."""
        until = self._clock() + kind.snoozed_for
        await self._keep(request, incident_id, kind, until)
        return until

    async def stop(self, request: Request, incident_id: int, kind: ReminderKind) -> None:
        """Never say it again of this incident, or of this promise."""
        await self._keep(request, incident_id, kind, None)

    async def _keep(
        self, request: Request, incident_id: int, kind: ReminderKind, not_before: datetime | None
    ) -> None:
        at = self._clock()

        def work(connection: Connection) -> None:
            requests.answered_before(connection, request)
            incident = incident_rows.load(connection, incident_id, request.viewer, for_change=True)
            if not kind.is_apt(incident):
                raise IncidentError(f"{incident.reference} needs no such reminder any more.")
            _set(connection, incident, kind, not_before)
            requests.remember(connection, request, incident, at)

        await self._database.write(work)

    def _say_if_due(
        self, connection: Connection, kind: ReminderKind, ids: list[int], now: datetime
    ) -> None:
        for incident_id in ids:
            incident = incident_rows.load_even_deleted(connection, incident_id)
            # Another process may have said it while this one waited for the row.
            is_due = self._policy.is_due(kind, incident, now)
            if is_due and not _is_kept_quiet(connection, incident, kind, now):
                _say(connection, incident, kind, now)
                _set(connection, incident, kind, now + kind.again_after)


def _candidates(kind: ReminderKind, policy: ReminderPolicy, now: datetime) -> Select[int]:
    """The IDs of incidents that may have to be reminded of."""
    about = incidents.c.next_update_at if kind is ReminderKind.UPDATE else incidents.c.declared_at
    is_this = and_(reminders.c.incident_id == incidents.c.id, reminders.c.kind == kind)
    return (
        select(incidents.c.id)
        .outerjoin(reminders, is_this)
        .where(
            incidents.c.deleted_at.is_(None),
            or_(*_missing(kind, policy, now)),
            or_(
                reminders.c.incident_id.is_(None),
                reminders.c.about != about,
                reminders.c.not_before <= now,
            ),
        )
        .order_by(incidents.c.id)
        .limit(_AT_ONCE)
    )


def _missing(
    kind: ReminderKind, policy: ReminderPolicy, now: datetime
) -> Iterator[ColumnElement[bool]]:
    """As `ReminderPolicy.is_due`, which has the last word."""
    earliest = now - kind.given_up_after
    match kind:
        case ReminderKind.ACKNOWLEDGE:
            for severity, within in policy.acknowledge_within.items():
                yield and_(
                    incidents.c.status == Status.OPEN,
                    incidents.c.severity == severity,
                    incidents.c.declared_at.between(earliest - within, now - within),
                )
        case ReminderKind.UPDATE:
            yield incidents.c.next_update_at.between(earliest, now)
        case ReminderKind.SILENCE:
            yield and_(
                incidents.c.status.in_(sorted(UNRESOLVED)),
                incidents.c.updated_at.between(earliest - SILENT_AFTER, now - SILENT_AFTER),
            )


def _is_kept_quiet(
    connection: Connection, incident: Incident, kind: ReminderKind, now: datetime
) -> bool:
    query = select(reminders).where(*_row(incident, kind))
    row = connection.execute(query).first()
    if row is None or row.about != kind.about(incident):
        return False
    return row.not_before is None or row.not_before > now


def _set(
    connection: Connection, incident: Incident, kind: ReminderKind, not_before: datetime | None
) -> None:
    connection.execute(delete(reminders).where(*_row(incident, kind)))
    values = {
        "incident_id": incident.id,
        "kind": kind,
        "about": kind.about(incident),
        "not_before": not_before,
    }
    connection.execute(insert(reminders), values)


def _row(incident: Incident, kind: ReminderKind) -> tuple[ColumnElement[bool], ...]:
    return reminders.c.incident_id == incident.id, reminders.c.kind == kind


def _say(connection: Connection, incident: Incident, kind: ReminderKind, now: datetime) -> None:
    reader = kind.goes_to(incident)
    entry = TimelineEntry(
        EntryKind.REMINDED, BOT, now, incident.version, after=reader, text=kind, happened_at=now
    )
    entry_id = incident_rows.record(connection, incident.id, entry)
    if reader is not None:
        outgoing.write_to(connection, incident.id, reader, entry_id, now)
        return
    for destination in destinations_of(connection, incident):
        outgoing.notify(connection, incident.id, destination, entry_id, now)
