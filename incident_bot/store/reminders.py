"""Reminders: found by what incidents and action items are, so that none is lost."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, false, or_, select

from incident_bot.domain.actors import BOT, is_user_id
from incident_bot.domain.audience import first_to_act
from incident_bot.domain.errors import ReminderOver
from incident_bot.domain.incident import Incident
from incident_bot.domain.reminder import SILENT_AFTER, ReminderKind, ReminderPolicy
from incident_bot.domain.status import UNRESOLVED, Status
from incident_bot.domain.timeline import EntryKind, TimelineEntry
from incident_bot.store.case import Case
from incident_bot.store.engine.database import Database
from incident_bot.store.outbox import enqueue, events
from incident_bot.store.requests import Request
from incident_bot.store.rows import action_item_rows, incident_rows, reminder_rows, responder_rows
from incident_bot.store.rows.tables import incidents, reminders
from incident_bot.store.transaction import Clock, Store, carry_out, destinations_of

_AT_ONCE: Final = 100
_LEADS: Final = select(incidents.c.lead).where(
    incidents.c.id.in_(bindparam("ids", expanding=True)), incidents.c.lead.is_not(None)
)

Due = tuple[int, str, datetime]
"""An incident, the owner of action items in it or "", and when the latest of them was due."""

FindDeactivated = Callable[[Collection[str]], Awaitable[frozenset[str]]]
"""Gives those of some people whose Slack accounts are known to be deactivated."""


class Reminders(Store):
    """Says what is due, and keeps quiet about what somebody does not want to hear.

    Nobody whose Slack account is deactivated is written to. An incident that one of them leads
    loses its lead.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        policy: ReminderPolicy,
        find_deactivated: FindDeactivated,
    ) -> None:
        super().__init__(database, clock)
        self._policy = policy
        self._find_deactivated = find_deactivated

    async def remind(self) -> None:
        """Put what is due now into the outbox."""
        for kind in sorted(self._policy.kinds):
            if kind.is_of_items:
                await self._remind_of_items(self._clock())
            else:
                await self._remind_of(kind, self._clock())

    async def _remind_of(self, kind: ReminderKind, now: datetime) -> None:
        query = _candidates(kind, self._policy, now)
        found = await self._database.scan(lambda connection: connection.execute(query).all())
        if not found:
            return
        gone = await self._find_deactivated({*_people(found)})
        ids = [row.id for row in found]
        await self._database.write(
            lambda connection: self._say_if_due(connection, kind, ids, now, gone)
        )

    async def _remind_of_items(self, now: datetime) -> None:
        due, people = await self._database.scan(lambda connection: _due_items(connection, now))
        if due:
            gone = await self._find_deactivated(people)
            await self._database.write(lambda connection: _say_of_items(connection, due, now, gone))

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

        def do(case: Case, at: datetime) -> tuple[Incident, datetime | None]:
            connection, incident = case.connection, case.incident
            about = _about(connection, incident, kind, owner, at)
            if about is None:
                raise ReminderOver(incident.id)
            reminder_rows.keep(connection, incident_id, kind, owner, about, not_before=not_before)
            due = about if kind.is_of_items else dict(self._policy.due(incident)).get(kind)
            return incident, due

        _, due_at = await self._run(request, incident_id, do)
        return due_at

    def _say_if_due(
        self,
        connection: Connection,
        kind: ReminderKind,
        ids: list[int],
        now: datetime,
        gone: Collection[str],
    ) -> None:
        for incident_id in ids:
            incident = incident_rows.load_even_deleted(connection, incident_id)
            # Another process may have said it while this one waited for the row.
            about = kind.about(incident)
            if (
                self._policy.is_due(kind, incident, now)
                and not reminder_rows.is_hushed(connection, incident.id, kind, "", about, now)
                and _say(connection, incident, kind, now, gone)
            ):
                again = now + kind.again_after
                reminder_rows.keep(
                    connection, incident.id, kind, "", about, not_before=again, said_at=now
                )


def _candidates(
    kind: ReminderKind, policy: ReminderPolicy, now: datetime
) -> Select[int, str | None, str | None]:
    """Incidents that may have to be reminded of: their IDs, and who would be written to."""
    about = incidents.c.next_update_at if kind is ReminderKind.UPDATE else incidents.c.declared_at
    is_this = and_(
        reminders.c.incident_id == incidents.c.id,
        reminders.c.kind == kind,
        reminders.c.owner == "",
    )
    return (
        select(incidents.c.id, incidents.c.lead, incidents.c.latest_update_by)
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


def _people(found: Iterable[Row[int, str | None, str | None]]) -> Iterator[str]:
    """Who would be written to of these incidents."""
    for row in found:
        for person in (row.lead, row.latest_update_by):
            if person is not None and is_user_id(person):
                yield person


def _due_items(connection: Connection, now: datetime) -> tuple[list[Due], frozenset[str]]:
    """Whose action items are to be reminded of now, and who would be written to."""
    kind = ReminderKind.ACTION
    due = [
        (incident_id, owner, latest)
        for incident_id, owner, latest in action_item_rows.owners_of_due(
            connection, now - kind.given_up_after, now
        )
        if not reminder_rows.is_hushed(connection, incident_id, kind, owner, latest, now)
    ]
    owners = {owner for _, owner, _ in due if owner}
    leads = connection.scalars(_LEADS, {"ids": [incident_id for incident_id, _, _ in due]})
    return due, frozenset(filter(is_user_id, {*owners, *leads}))


def _say_of_items(
    connection: Connection, due: Iterable[Due], now: datetime, gone: Collection[str]
) -> None:
    kind = ReminderKind.ACTION
    for incident_id, owner, latest in sorted(due):  # all processes lock incidents in one order
        incident = incident_rows.load_even_deleted(connection, incident_id)
        # Another process may have said it while this one waited for the row.
        if reminder_rows.is_hushed(connection, incident_id, kind, owner, latest, now) or not _say(
            connection, incident, kind, now, gone, owner
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


def _say(
    connection: Connection,
    incident: Incident,
    kind: ReminderKind,
    now: datetime,
    gone: Collection[str],
    owner: str = "",
) -> bool:
    """Tell the first who can act, or the channels; `gone` are those who cannot any more.

    False when it has to wait: whoever hears of it has not been told the reminder before it.
    Reminders that become due together, such as after a pause, would else go out before whatever
    happens next, at one a second.
    """
    responders = responder_rows.load(connection, incident.id)
    if incident.lead in gone and not incident.is_resolved:
        change = incident.lose_lead(responders, now)
        carry_out(connection, incident, change, now)
        incident, responders = change.incident, change.responders or responders
    reader = first_to_act(incident, responders, kind.goes_to(incident, owner), gone)
    hearers = destinations_of(connection, incident) if reader is None else (reader,)
    destinations = reminder_rows.free(connection, hearers, now)
    if destinations is None:
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
    entry_id = events.record(connection, incident, entry)
    if reader is not None:
        enqueue.write_to(connection, incident.id, reader, entry_id, now)
        return True
    for destination in destinations:
        enqueue.notify(connection, incident.id, destination, entry_id, now)
    return True
