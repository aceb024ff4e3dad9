"""What people ask for is done once, in one transaction with all that follows from it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, TypeVar

from sqlalchemy import Connection, bindparam, select

from incident_bot import failpoints
from incident_bot.domain.actors import is_user_id
from incident_bot.domain.audience import Audience, heard_in_channels, hearers
from incident_bot.domain.incident import Change, Incident
from incident_bot.domain.timeline import EntryKind, TimelineEntry
from incident_bot.domain.undo import former_of
from incident_bot.failpoints import Failpoint
from incident_bot.store import requests
from incident_bot.store.case import Case
from incident_bot.store.engine.database import Database
from incident_bot.store.outbox import enqueue, events
from incident_bot.store.requests import Request
from incident_bot.store.rows import following, incident_rows, responder_rows, undoable_rows
from incident_bot.store.rows.tables import announcements

T = TypeVar("T")

Clock = Callable[[], datetime]
Decide = Callable[[Case, datetime], Change]

_DESTINATIONS: Final = (
    select(announcements.c.destination)
    .where(announcements.c.incident_id == bindparam("incident"))
    .order_by(announcements.c.destination)
)


class Store:
    """Use cases on a database, and the one way to carry them out.

    What the database raises undoes all of a request.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def transaction(self, request: Request, incident_id: int, decide: Decide) -> Incident:
        """Change an incident as `decide` says, unless the same request did so before.

        Raises what `decide` raises, IncidentNotFound, RepeatedRequest.
        """

        def do(case: Case, at: datetime) -> tuple[Incident, None]:
            change = decide(case, at)
            carry_out(case.connection, case.incident, change, at)
            return change.incident, None

        incident, _ = await self._run(request, incident_id, do)
        return incident

    async def _run(
        self,
        request: Request,
        incident_id: int,
        do: Callable[[Case, datetime], tuple[Incident, T]],
    ) -> tuple[Incident, T]:
        """The same for what is about an incident and is no change of it, such as a note.

        `do` gives the incident as it is then, and what else the answer needs.
        """
        at = self._clock()

        def work(connection: Connection) -> tuple[Incident, T]:
            requests.answered_before(connection, request)
            incident = incident_rows.load(connection, incident_id, request.viewer, for_change=True)
            done = do(Case(connection, incident), at)
            _remember(connection, request, done[0], at)
            return done

        return await self._commit(work)

    async def _declare(
        self, request: Request, insert: Callable[[Connection, datetime], Incident]
    ) -> Incident:
        """Make a new incident; the same request gives again what it made."""
        at = self._clock()

        def work(connection: Connection) -> Incident:
            declared = requests.answered_before(connection, request)
            if declared is None:
                declared = insert(connection, at)
                _remember(connection, request, declared, at)
            return declared

        return await self._commit(work)

    async def _commit(self, work: Callable[[Connection], T]) -> T:
        result = await self._database.write(work)
        failpoints.reached(Failpoint.AFTER_COMMIT)
        return result


def _remember(connection: Connection, request: Request, incident: Incident, at: datetime) -> None:
    requests.remember(connection, request, incident, at)
    failpoints.reached(Failpoint.BEFORE_COMMIT)


def carry_out(connection: Connection, before: Incident, change: Change, at: datetime) -> None:
    """Write a change, its timeline entries and the messages that tell of them."""
    if not change.entries:
        return
    if change.is_archiving and before.open_channel_id is not None:
        enqueue.archive_after_last_word(connection, before.id, before.open_channel_id, at)
    for entry in change.edited:
        _edit(connection, before, entry, at)
    incident_rows.save(connection, before, change.incident)
    if change.responders is not None:
        responder_rows.save(connection, before.id, change.responders)
    _tell(connection, change, at)
    channel_id = change.incident.open_channel_id
    if channel_id is not None and before.channel_closed_at is not None:
        enqueue.edit_all_told(connection, before.id, channel_id, at)


def _edit(connection: Connection, incident: Incident, entry: TimelineEntry, at: datetime) -> None:
    incident_rows.save_entry(connection, entry)
    if entry.undone_at is not None:
        undoable_rows.end(connection, entry.id or 0)
    edit_told(connection, incident, entry.id or 0, at)


def edit_told(connection: Connection, incident: Incident, entry_id: int, at: datetime) -> None:
    """Have what was told of an entry edited, wherever the incident can still be spoken of."""
    told = destinations_of(connection, incident)
    enqueue.edit_told(connection, incident.id, entry_id, told, at)


def destinations_of(connection: Connection, incident: Incident) -> tuple[str, ...]:
    """Where an incident is announced, or is to be, and things can be said."""
    closed = incident.channel_id if incident.open_channel_id is None else None
    found = connection.scalars(_DESTINATIONS, {"incident": incident.id})
    return tuple(destination for destination in found if destination != closed)


def audience_of(connection: Connection, incident: Incident) -> Audience:
    """Who may hear of what happens to it now."""
    return Audience(
        destinations_of(connection, incident),
        incident.open_channel_id,
        tuple(following.followers_of(connection, incident.id)),
    )


def _tell(connection: Connection, change: Change, at: datetime) -> None:
    incident_id, channel_id = change.incident.id, change.incident.open_channel_id
    entry_ids = {
        entry.version: events.record(connection, change.incident, entry) for entry in change.entries
    }
    audience = audience_of(connection, change.incident)
    for destination in audience.channels:
        enqueue.bring_up_to_date(connection, incident_id, destination, at)
    for hearer, entry in hearers(change, audience):
        tell = enqueue.write_to if hearer.is_person else enqueue.notify
        tell(connection, incident_id, hearer.destination, entry_ids[entry.version], at)
    for entry in heard_in_channels(change):
        if entry.facts.is_undoable and is_user_id(entry.actor):
            former = former_of(entry, change, entry_ids)
            undoable_rows.offer(connection, entry_ids[entry.version], at, former)
    if channel_id is not None:
        _tend_channel(connection, change, channel_id, entry_ids, at)


def _tend_channel(
    connection: Connection,
    change: Change,
    channel_id: str,
    entry_ids: Mapping[int, int],
    at: datetime,
) -> None:
    """Have the incident's own channel show how it stands, and those in it who are brought in."""
    incident_id = change.incident.id
    if any(entry.facts.changes_topic for entry in change.entries):
        enqueue.set_topic(connection, incident_id, channel_id, at)
    if any(entry.kind is EntryKind.CHANNEL_OPENED for entry in change.entries):
        # Who came while it was closed could not be invited.
        enqueue.invite(connection, incident_id, channel_id, at)
    for entry in change.entries if not change.is_by_entering else ():
        user_id = entry.after or ""
        if entry.facts.brings_somebody and is_user_id(user_id):
            entry_id = entry_ids[entry.version]
            enqueue.invite_one(connection, incident_id, channel_id, user_id, entry_id, at)
