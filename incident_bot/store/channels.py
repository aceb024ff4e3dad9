"""The channels in which incidents are worked on: what happens to them, and in them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, exists, or_, select

from incident_bot.domain.actors import BOT
from incident_bot.domain.errors import IncidentError
from incident_bot.domain.incident import SHARED, Change, Incident
from incident_bot.domain.responders import Responders
from incident_bot.domain.timeline import EntryKind, TimelineEntry
from incident_bot.store.outbox import channel_ids, enqueue, uninvited
from incident_bot.store.outbox.operations import Operation
from incident_bot.store.requests import Request
from incident_bot.store.rows import following, incident_rows, responder_rows
from incident_bot.store.rows.reading import INCIDENT_COLUMNS, incident_of
from incident_bot.store.rows.tables import incidents, is_unfinished, outbox, timeline_entries
from incident_bot.store.transaction import Store, carry_out, destinations_of

_STILL_WATCHED: Final = timedelta(days=30)

_INCIDENT_IN: Final = select(incidents.c.id).where(
    incidents.c.channel_id == bindparam("channel"), incidents.c.deleted_at.is_(None)
)
_PRIVATE_IN: Final = _INCIDENT_IN.where(incidents.c.is_private)
# What the bot is doing in a channel just now must not be taken for what somebody else has done.
_KNOWN: Final = select(*INCIDENT_COLUMNS).where(
    incidents.c.channel_id.is_not(None),
    incidents.c.deleted_at.is_(None),
    or_(
        incidents.c.resolved_at.is_(None),
        incidents.c.channel_closed_at.is_(None)
        & (incidents.c.is_private | (incidents.c.resolved_at >= bindparam("since"))),
    ),
    ~exists().where(
        outbox.c.incident_id == incidents.c.id,
        or_(
            outbox.c.operation == Operation.ARCHIVING,
            (outbox.c.operation == Operation.INVITATION) & outbox.c.entry_id.is_(None),
        ),
        is_unfinished(),
    ),
)
_BEING_INVITED: Final = (
    select(timeline_entries.c.after)
    .join(outbox, outbox.c.entry_id == timeline_entries.c.id)
    .where(
        outbox.c.incident_id == bindparam("incident"),
        outbox.c.operation == Operation.INVITATION,
        is_unfinished(),
    )
)
_TO_BE_ARCHIVED: Final = select(incidents.c.id).where(
    incidents.c.channel_id.is_not(None),
    incidents.c.channel_closed_at.is_(None),
    incidents.c.deleted_at.is_(None),
    incidents.c.resolved_at < bindparam("before"),
    # Somebody has opened it again, or Slack did not let it be archived: not every hour anew.
    ~exists().where(
        timeline_entries.c.incident_id == incidents.c.id,
        timeline_entries.c.kind == EntryKind.CHANNEL_OPENED,
        timeline_entries.c.at >= bindparam("before"),
    ),
)


@dataclass(frozen=True)
class KnownChannel:
    """The channel with this ID, with all that is believed of it.

    `uninvited` are those whom Slack did not let in, `being_invited` those whose invitation is on
    its way. `closed_for` says why nothing can be said there, None when it was archived by hand,
    or is open.
    """

    id: str
    incident: Incident
    responders: Responders
    uninvited: frozenset[str] = frozenset()
    being_invited: frozenset[str] = frozenset()
    closed_for: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether things can be said there."""
        return self.incident.open_channel_id is not None


class IncidentChannels(Store):
    """Follows what is done to incidents' channels, and has them archived.

    What Slack tells may come twice, late or not at all: nothing is recorded twice.
    """

    async def incident_in(self, channel_id: str) -> int | None:
        """The ID of the incident whose own channel this is."""
        return await self._database.read(
            lambda connection: connection.scalar(_INCIDENT_IN, {"channel": channel_id})
        )

    async def is_private(self, channel_id: str) -> bool:
        """Whether it is a private incident's: who is in it decides who may see that."""
        return await self._database.read(
            lambda connection: connection.scalar(_PRIVATE_IN, {"channel": channel_id}) is not None
        )

    async def known(self, channel_id: str | None = None) -> Sequence[KnownChannel]:
        """The channels that should be as they are believed to be, or the one with this ID.

        Left out is where the bot itself still has to invite everybody or to archive, the closed
        channel of what is resolved, and what is resolved for a month, unless it is private.
        """
        since = {"since": self._clock() - _STILL_WATCHED}
        wanted = _KNOWN
        if channel_id is not None:
            wanted = _KNOWN.where(incidents.c.channel_id == channel_id)

        def work(connection: Connection) -> Sequence[KnownChannel]:
            rows = connection.execute(wanted, since).all()
            return [_known(connection, incident_of(row)) for row in rows]

        return await self._database.scan(work)

    async def archive(self, request: Request, incident_id: int) -> Incident:
        """Have the channel archived, after what waits to be said there."""
        return await self.transaction(
            request,
            incident_id,
            lambda case, at: case.incident.archive_channel(request.actor, at),
        )

    async def archive_old(self, before: datetime) -> None:
        """Have the channels archived of what was resolved before, unless opened since."""
        ids = await self._database.scan(
            lambda connection: tuple(connection.scalars(_TO_BE_ARCHIVED, {"before": before}))
        )
        request = Request(BOT, sees_private=True)
        for incident_id in ids:
            try:
                await self.archive(request, incident_id)
            except IncidentError:  # somebody was faster
                continue

    async def renamed(self, channel_id: str, name: str, actor: str) -> None:
        await self._follow(
            channel_id, lambda _connection, incident, at: incident.rename_channel(name, actor, at)
        )

    async def moved(self, old: str, new: str, *, is_shared: bool) -> None:
        """Slack has given the channel `old` the ID `new`: all goes on under that one.

        If it `is_shared` with another organisation, which nobody asked us to tell anything, it is
        told nothing more: an incident's own channel is closed, another one is forgotten.
        """
        at = self._clock()

        def work(connection: Connection) -> None:
            channel_ids.lock_incidents(connection, old)
            incident = incident_rows.load_in(connection, old)
            channel_ids.replace(connection, old, new, is_shared=is_shared)
            if incident is not None:
                _move_own(connection, incident, new, at, is_shared=is_shared)

        await self._database.write(work)

    async def is_closed_as_shared(self, channel_id: str) -> bool:
        """Whether it is an incident's own that was closed because others may read it."""
        return await self._database.read(
            lambda connection: _is_closed_as_shared(connection, channel_id)
        )

    async def closed(self, channel_id: str, actor: str, reason: str | None = None) -> None:
        """Somebody archived it, or for another `reason` nothing can be said there."""
        await self._follow(
            channel_id, lambda _connection, incident, at: incident.close_channel(actor, at, reason)
        )

    async def opened(self, channel_id: str, actor: str) -> None:
        """It was unarchived, or the bot is in it again."""
        await self._follow(
            channel_id, lambda _connection, incident, at: incident.open_channel(actor, at)
        )

    async def entered(self, channel_id: str, user_id: str, actor: str) -> None:
        """Somebody is in the channel; `actor` brought them there."""

        def decide(connection: Connection, incident: Incident, at: datetime) -> Change:
            uninvited.forget(connection, incident.id, [user_id])
            responders = responder_rows.load(connection, incident.id)
            return incident.enter(user_id, responders, actor, at)

        await self._follow(channel_id, decide)

    async def left(self, channel_id: str, user_id: str) -> None:
        """Somebody is in the channel no more: of what is private they are told nothing more."""

        def decide(connection: Connection, incident: Incident, at: datetime) -> Change:
            uninvited.forget(connection, incident.id, [user_id])
            responders = responder_rows.load(connection, incident.id)
            change = incident.leave(user_id, responders, at)
            # Its reporter and its lead see it wherever they are.
            if change.responders and not incident.concerns(user_id, change.responders):
                following.unfollow(connection, incident.id, user_id)
            return change

        await self._follow(channel_id, decide)

    async def _follow(
        self, channel_id: str, decide: Callable[[Connection, Incident, datetime], Change]
    ) -> None:
        if await self.incident_in(channel_id) is None:
            return
        at = self._clock()

        def work(connection: Connection) -> None:
            incident = incident_rows.load_in(connection, channel_id)
            if incident is not None and not incident.is_deleted:
                carry_out(connection, incident, decide(connection, incident, at), at)

        await self._database.write(work)


def _move_own(
    connection: Connection, incident: Incident, channel_id: str, at: datetime, *, is_shared: bool
) -> None:
    moved = incident.move_channel(channel_id)
    incident_rows.save(connection, incident, moved)
    if moved.is_deleted:
        return
    if is_shared:
        carry_out(connection, moved, moved.close_shared_channel(at), at)
        return
    for destination in destinations_of(connection, moved):
        enqueue.bring_up_to_date(connection, moved.id, destination, at)


def _is_closed_as_shared(connection: Connection, channel_id: str) -> bool:
    incident = incident_rows.find_in(connection, channel_id)
    if incident is None or incident.open_channel_id is not None:
        return False
    closed = _closing(connection, incident)
    return closed is not None and closed.text == SHARED


def _closing(connection: Connection, incident: Incident) -> TimelineEntry | None:
    return incident_rows.newest_entry(connection, incident.id, [EntryKind.CHANNEL_CLOSED])


def _known(connection: Connection, incident: Incident) -> KnownChannel:
    closed = None
    if incident.open_channel_id is None:
        closed = _closing(connection, incident)
    return KnownChannel(
        str(incident.channel_id),
        incident,
        responder_rows.load(connection, incident.id),
        uninvited.uninvited_of(connection, incident.id),
        frozenset(connection.scalars(_BEING_INVITED, {"incident": incident.id})),
        None if closed is None else closed.text,
    )


def begin(
    connection: Connection, incident: Incident, channel_id: str, name: str, at: datetime
) -> None:
    """Note an incident's new channel, and have it made ready."""
    is_announced_elsewhere = bool(destinations_of(connection, incident))
    change = incident.make_channel(channel_id, name, at)
    if incident.is_deleted:  # while it was being made
        change += change.incident.close_channel(BOT, at)
        carry_out(connection, incident, change, at)
        enqueue.archive(connection, incident.id, channel_id, at)
        return
    carry_out(connection, incident, change, at)
    enqueue.announce(connection, incident.id, channel_id, at)
    enqueue.invite(connection, incident.id, channel_id, at)
    enqueue.set_topic(connection, incident.id, channel_id, at)
    if is_announced_elsewhere:
        enqueue.bookmark(connection, incident.id, channel_id, at)
