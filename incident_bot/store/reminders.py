"""Reminders: found by what incidents and action items are, so that none is lost."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, Select, and_, false, or_, select

from incident_bot.domain.actors import BOT, Viewer, is_user_id
from incident_bot.domain.errors import IncidentError
from incident_bot.domain.incident import Incident
from incident_bot.domain.reminder import SILENT_AFTER, ReminderKind, ReminderPolicy
from incident_bot.domain.responders import NOBODY
from incident_bot.domain.status import UNRESOLVED, Status
from incident_bot.domain.timeline import EntryKind, TimelineEntry
from incident_bot.store import (
    action_item_rows,
    incident_rows,
    outgoing,
    reminder_rows,
    requests,
    responder_rows,
)
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
            if kind.is_of_items:
                await self._remind_of_items(self._clock())
            else:
                await self._remind_of(kind, self._clock())

    async def _remind_of(self, kind: ReminderKind, now: datetime) -> None:
        query = _candidates(kind, self._policy, now)
        ids = await self._database.scan(lambda connection: list(connection.scalars(query)))
        if ids:
            await self._database.write(
                lambda connection: self._say_if_due(connection, kind, ids, now)
            )
            self._wake_delivery()

    async def _remind_of_items(self, now: datetime) -> None:
        earliest = now - ReminderKind.ACTION.given_up_after
        due = await self._database.scan(
            lambda connection: action_item_rows.owners_of_due(connection, earliest, now)
        )
        if due:
            await self._database.write(lambda connection: _say_of_items(connection, due, now))
            self._wake_delivery()

    async def snooze(
        self, request: Request, incident_id: int, kind: ReminderKind, owner: str = ""
    ) -> datetime | None:
        """Be quiet about it for a while; gives until when. `owner` is whose action items it is.

        None: by then it is too old to be said again.
        """
        until = self._clock() + kind.snoozed_for
        due_at = await self._keep(request, incident_id, kind, owner, until)
        return until if due_at is not None and until < due_at + kind.given_up_after else None

    async def stop(
        self, request: Request, incident_id: int, kind: ReminderKind, owner: str = ""
    ) -> None:
        """Never say it again of this incident, this promise, or these action items."""
        await self._keep(request, incident_id, kind, owner, None)

    async def _keep(
        self,
        request: Request,
        incident_id: int,
        kind: ReminderKind,
        owner: str,
        not_before: datetime | None,
    ) -> datetime | None:
        """Gives since when it is due, if it is asked for at all."""
        at = self._clock()

        def work(connection: Connection) -> datetime | None:
            requests.answered_before(connection, request)
            incident = incident_rows.load(connection, incident_id, request.viewer, for_change=True)
            about = _about(connection, incident, kind, owner, at)
            if about is None:
                raise IncidentError(f"{incident.reference} needs no such reminder any more.")
            reminder_rows.keep(connection, incident_id, kind, owner, about, not_before=not_before)
            requests.remember(connection, request, incident, at)
            return about if kind.is_of_items else dict(self._policy.due(incident)).get(kind)

        return await self._database.write(work)

    def _say_if_due(
        self, connection: Connection, kind: ReminderKind, ids: list[int], now: datetime
    ) -> None:
        for incident_id in ids:
            incident = incident_rows.load_even_deleted(connection, incident_id)
            # Another process may have said it while this one waited for the row.
            about = kind.about(incident)
            if (
                self._policy.is_due(kind, incident, now)
                and not reminder_rows.is_hushed(connection, incident.id, kind, "", about, now)
                and _say(connection, incident, kind, now)
            ):
                again = now + kind.again_after
                reminder_rows.keep(
                    connection, incident.id, kind, "", about, not_before=again, said_at=now
                )


def _candidates(kind: ReminderKind, policy: ReminderPolicy, now: datetime) -> Select[int]:
    """The IDs of incidents that may have to be reminded of."""
    about = incidents.c.next_update_at if kind is ReminderKind.UPDATE else incidents.c.declared_at
    is_this = and_(
        reminders.c.incident_id == incidents.c.id,
        reminders.c.kind == kind,
        reminders.c.owner == "",
    )
    return (
        select(incidents.c.id)
        .outerjoin(reminders, is_this)
        .where(
            incidents.c.deleted_at.is_(None),
            # Of nothing that may be missing, SQL would make no condition at all.
            or_(false(), *_missing(kind, policy, now)),
            reminder_rows.may_be_said(about, now),
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


def _about(
    connection: Connection, incident: Incident, kind: ReminderKind, owner: str, at: datetime
) -> datetime | None:
    """What "Snooze" and "Stop" hold for; None when nothing is missing any more."""
    if not kind.is_of_items:
        return kind.about(incident) if kind.is_apt(incident) else None
    due = action_item_rows.due(connection, incident.id, owner, at)
    return max((item.due_at for item in due.shown if item.due_at is not None), default=None)


def _say_of_items(
    connection: Connection, due: Iterable[tuple[int, str, datetime]], now: datetime
) -> None:
    kind = ReminderKind.ACTION
    for incident_id, owner, latest in sorted(due):  # all processes lock incidents in one order
        incident = incident_rows.load_even_deleted(connection, incident_id)
        if reminder_rows.is_hushed(connection, incident_id, kind, owner, latest, now) or not _say(
            connection, incident, kind, now, owner
        ):
            continue
        reminder_rows.keep(
            connection,
            incident_id,
            kind,
            owner,
            latest,
            not_before=now + kind.again_after,
            said_at=now,
        )


def _reader(
    connection: Connection, incident: Incident, candidates: Iterable[str | None]
) -> str | None:
    """The first who can be written to and may see it."""
    responders = responder_rows.load(connection, incident.id) if incident.is_private else NOBODY
    for one in candidates:
        if one and is_user_id(one) and incident.is_visible_to(Viewer(one), responders):
            return one
    return None


def _say(
    connection: Connection,
    incident: Incident,
    kind: ReminderKind,
    now: datetime,
    owner: str = "",
) -> bool:
    """False when it has to wait: whoever hears of it has not been told the reminder before it.

    Reminders that become due together, such as after a pause, would else go out before whatever
    happens next, at one a second.
    """
    reader = _reader(connection, incident, kind.goes_to(incident, owner))
    destinations = destinations_of(connection, incident) if reader is None else (reader,)
    if reminder_rows.is_one_waiting(connection, destinations):
        return False
    entry = TimelineEntry(
        EntryKind.REMINDED,
        BOT,
        now,
        incident.version,
        before=owner or None,
        after=reader,
        text=kind,
        happened_at=now,
    )
    entry_id = incident_rows.record(connection, incident.id, entry)
    if reader is not None:
        outgoing.write_to(connection, incident.id, reader, entry_id, now)
        return True
    for destination in destinations:
        outgoing.notify(connection, incident.id, destination, entry_id, now)
    return True
