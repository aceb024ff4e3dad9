"""The outbox: messages that wait to be sent, and what became of them.

A row is `pending`, then `sending` while a worker has it, and ends as `sent` or `failed`. Rows of
one lane go out one after the other: all posts in a channel are one lane; the edits of one
incident's announcement in a channel are another, so that no edit waits for the pace of posts.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    and_,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
)
from sqlalchemy import update as sql_update

from incident_bot.domain.incident import Incident
from incident_bot.domain.reference import reference
from incident_bot.domain.timeline import TimelineEntry
from incident_bot.store.database import Database
from incident_bot.store.rows import entry_of, incident_of
from incident_bot.store.tables import (
    UtcDateTime,
    announcements,
    incidents,
    outbox,
    timeline_entries,
)

LEASE: Final = timedelta(seconds=5)
"""How long a claim lasts that is not renewed, where processes share the database."""

_UNFINISHED: Final = ("pending", "sending")
_UNCLAIMED: Final = {"claimed_by": None, "lease_until": None}


class DeliveryKind(StrEnum):
    """What is to be sent; the values are stored."""

    ANNOUNCEMENT = "announcement"
    NOTIFICATION = "notification"


@dataclass(frozen=True)
class Delivery:
    """One message to send, as a worker holds it.

    `is_uncertain` says that an earlier try may have reached the channel: look before posting.
    """

    id: int
    kind: DeliveryKind
    incident_id: int
    entry_id: int | None
    destination: str
    lane: str
    attempts: int
    is_uncertain: bool
    created_at: datetime
    first_tried_at: datetime

    @property
    def key(self) -> str:
        """Names this delivery also among those of an earlier database."""
        return f"{self.id}-{int(self.created_at.timestamp() * 1_000_000)}"

    @property
    def is_post(self) -> bool:
        """Whether it adds a message to the channel rather than edits one."""
        return self.lane == self.destination


@dataclass(frozen=True)
class Content:
    """What a delivery tells, and where its announcement is (None: nowhere yet)."""

    incident: Incident
    entry: TimelineEntry | None
    channel_id: str | None
    message_ts: str | None


def announce(connection: Connection, incident_id: int, destination: str, at: datetime) -> None:
    """Have a new incident announced in `destination`."""
    connection.execute(
        insert(announcements).values(incident_id=incident_id, destination=destination)
    )
    _put(connection, incident_id, DeliveryKind.ANNOUNCEMENT, destination, destination, at)


def bring_up_to_date(
    connection: Connection, incident_id: int, destination: str, at: datetime
) -> None:
    """Have the announcement edited, unless one that waits will show the newest state anyway.

    A post that may be in the channel already will not: it is found there as it was.
    """
    lane = f"{destination}/{incident_id}"
    waiting = (
        select(outbox.c.id)
        .where(
            outbox.c.incident_id == incident_id,
            outbox.c.destination == destination,
            outbox.c.kind == DeliveryKind.ANNOUNCEMENT,
            outbox.c.state == "pending",
            or_(outbox.c.lane == lane, ~outbox.c.is_uncertain),
        )
        .limit(1)
        .with_for_update()
    )
    # Locked where processes share the database: a worker that claims it now has to wait, one
    # that has claimed it already sends what it read before.
    if connection.scalar(waiting) is not None:
        return
    _put(connection, incident_id, DeliveryKind.ANNOUNCEMENT, destination, lane, at)


def forget_sent(connection: Connection, before: datetime) -> None:
    """Drop what was sent before; what was given up is kept with its reason."""
    is_old = (outbox.c.state == "sent") & (outbox.c.settled_at < before)
    connection.execute(outbox.delete().where(is_old))


def notify(
    connection: Connection, incident_id: int, destination: str, entry_id: int, at: datetime
) -> None:
    """Have a timeline entry told in the announcement's thread."""
    _put(
        connection,
        incident_id,
        DeliveryKind.NOTIFICATION,
        destination,
        destination,
        at,
        entry_id=entry_id,
    )


def _put(
    connection: Connection,
    incident_id: int,
    kind: DeliveryKind,
    destination: str,
    lane: str,
    at: datetime,
    *,
    entry_id: int | None = None,
) -> None:
    connection.execute(
        insert(outbox).values(
            incident_id=incident_id,
            entry_id=entry_id,
            kind=kind,
            destination=destination,
            lane=lane,
            state="pending",
            attempts=0,
            is_uncertain=False,
            created_at=at,
            due_at=at,
        )
    )


class Outbox:
    """The delivery worker's side of the outbox."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._worker = secrets.token_hex(8)
        self.is_shared = database.is_shared

    async def take_over(self) -> int:
        """Give back what a process that is gone had claimed; how many it was.

        Whether those messages went out is not known. Where other processes share the database,
        their claims stay: those of one that is gone run out by themselves.
        """
        if self.is_shared:
            return 0
        result = await self._database.write(
            lambda connection: connection.execute(
                sql_update(outbox)
                .where(outbox.c.state == "sending")
                .values(state="pending", is_uncertain=True, **_UNCLAIMED)
            )
        )
        return result.rowcount

    async def renew(self) -> None:
        """Keep what is claimed for LEASE from now on."""
        if not self.is_shared:
            return
        await self._database.write(
            lambda connection: connection.execute(
                sql_update(outbox).where(self._is_ours()).values(lease_until=func.now() + LEASE)
            )
        )

    async def claim(self, now: datetime, limit: int) -> tuple[Delivery, ...]:
        """Take up to `limit` deliveries that are due and have nothing unfinished before them."""
        # Leases are stamped by the database: the processes' clocks may differ.
        stamp = func.now() if self.is_shared else literal(now, UtcDateTime())
        is_due = and_(outbox.c.state == "pending", outbox.c.due_at <= now)
        if self.is_shared:
            has_run_out = and_(outbox.c.state == "sending", outbox.c.lease_until < stamp)
            is_due = or_(is_due, has_run_out)

        def work(connection: Connection) -> tuple[Delivery, ...]:
            query = (
                select(outbox)
                .where(is_due, _is_next())
                .order_by(outbox.c.id)
                .limit(limit)
                .with_for_update(skip_locked=True, of=outbox)
            )
            rows = connection.execute(query).mappings().all()
            connection.execute(
                sql_update(outbox)
                .where(outbox.c.id.in_([row["id"] for row in rows]))
                .values(
                    state="sending",
                    attempts=outbox.c.attempts + 1,
                    is_uncertain=or_(outbox.c.is_uncertain, outbox.c.state == "sending"),
                    first_tried_at=func.coalesce(outbox.c.first_tried_at, now),
                    claimed_by=self._worker,
                    lease_until=stamp + LEASE if self.is_shared else now + LEASE,
                )
            )
            return tuple(_delivery(row, now) for row in rows)

        return await self._database.write(work)

    async def next_due(self) -> datetime | None:
        """When the earliest delivery is due that nothing else holds back; None when none is."""
        return await self._database.scan(
            lambda connection: connection.scalar(
                select(func.min(outbox.c.due_at)).where(outbox.c.state == "pending", _is_next())
            )
        )

    async def content(self, delivery: Delivery) -> Content | None:
        """What to tell: the incident as it is now, the entry as it was then.

        None when the destination is not to be told of this incident any more.
        """

        def work(connection: Connection) -> Content | None:
            query = (
                select(incidents, announcements.c.channel_id, announcements.c.message_ts)
                .join(announcements, announcements.c.incident_id == incidents.c.id)
                .where(
                    incidents.c.id == delivery.incident_id,
                    announcements.c.destination == delivery.destination,
                )
            )
            row = connection.execute(query).mappings().first()
            if row is None:
                return None
            entry = _entry(connection, delivery.entry_id)
            return Content(incident_of(row), entry, row["channel_id"], row["message_ts"])

        return await self._database.read(work)

    async def sent(
        self, delivery: Delivery, channel_id: str, message_ts: str, now: datetime
    ) -> None:
        """Note that it is in the channel; an announcement's place is kept for its edits."""

        def work(connection: Connection) -> None:
            self._settle(connection, delivery, "sent", now)
            if delivery.kind is DeliveryKind.ANNOUNCEMENT:
                connection.execute(
                    sql_update(announcements)
                    .where(*_announcement_of(delivery))
                    .values(channel_id=channel_id, message_ts=message_ts)
                )

        await self._database.write(work)

    async def keep_permalink(self, delivery: Delivery, permalink: str) -> None:
        await self._database.write(
            lambda connection: connection.execute(
                sql_update(announcements)
                .where(*_announcement_of(delivery))
                .values(permalink=permalink)
            )
        )

    async def put_back(
        self, delivery: Delivery, due_at: datetime, reason: str | None, *, is_uncertain: bool
    ) -> None:
        """Have it tried again at `due_at`; `reason` says what kept it."""
        await self._database.write(
            lambda connection: connection.execute(
                sql_update(outbox)
                .where(outbox.c.id == delivery.id, self._is_ours())
                .values(
                    state="pending",
                    due_at=due_at,
                    reason=reason,
                    is_uncertain=is_uncertain,
                    **_UNCLAIMED,
                )
            )
        )

    async def failed(self, delivery: Delivery, reason: str, now: datetime) -> None:
        """Give it up for good; it is kept with its reason."""
        await self._database.write(
            lambda connection: self._settle(connection, delivery, "failed", now, reason)
        )

    async def forget_destination(self, delivery: Delivery, reason: str, now: datetime) -> None:
        """Give up this and all else that this destination was to be told of the incident."""

        def work(connection: Connection) -> None:
            connection.execute(announcements.delete().where(*_announcement_of(delivery)))
            connection.execute(
                outbox.delete().where(
                    outbox.c.incident_id == delivery.incident_id,
                    outbox.c.destination == delivery.destination,
                    outbox.c.state == "pending",
                )
            )
            self._settle(connection, delivery, "failed", now, reason)

        await self._database.write(work)

    async def forget_place(self, delivery: Delivery) -> None:
        """Forget where the incident is announced: the next announcement is a new message."""
        await self._database.write(
            lambda connection: connection.execute(
                sql_update(announcements)
                .where(*_announcement_of(delivery))
                .values(channel_id=None, message_ts=None, permalink=None)
            )
        )

    async def redirect(self, old: str, new: str) -> None:
        """Have what `old` was never told go to `new`: the announcement channel is another now."""

        def work(connection: Connection) -> None:
            unposted = (announcements.c.destination == old) & announcements.c.message_ts.is_(None)
            connection.execute(
                sql_update(outbox)
                .where(outbox.c.destination == old, outbox.c.lane == old)
                .where(outbox.c.state == "pending")
                .where(
                    exists().where(unposted, announcements.c.incident_id == outbox.c.incident_id)
                )
                .values(destination=new, lane=new)
            )
            connection.execute(sql_update(announcements).where(unposted).values(destination=new))

        await self._database.write(work)

    async def unposted_destinations(self) -> tuple[str, ...]:
        """Where something has yet to be announced."""
        query = select(announcements.c.destination).where(announcements.c.message_ts.is_(None))
        return await self._database.read(
            lambda connection: tuple(connection.scalars(query.distinct()))
        )

    async def failures(self, limit: int) -> tuple[str, ...]:
        """Why the latest messages were given up, newest first."""
        query = (
            select(outbox.c.incident_id, outbox.c.destination, outbox.c.reason)
            .where(outbox.c.state == "failed")
            .order_by(outbox.c.id.desc())
            .limit(limit)
        )
        return await self._database.scan(
            lambda connection: tuple(
                f"{reference(row.incident_id)} in {row.destination}: {row.reason}"
                for row in connection.execute(query)
            )
        )

    async def hurry(self, destinations: Iterable[str], now: datetime) -> None:
        """Try what waits for these destinations at once: something has changed there."""
        await self._database.write(
            lambda connection: connection.execute(
                sql_update(outbox)
                .where(outbox.c.state == "pending", outbox.c.destination.in_(list(destinations)))
                .values(due_at=now)
            )
        )

    def _is_ours(self) -> ColumnElement[bool]:
        """Whether a row is still claimed by this worker; another may have taken it over."""
        return outbox.c.claimed_by == self._worker

    def _settle(
        self,
        connection: Connection,
        delivery: Delivery,
        state: str,
        now: datetime,
        reason: str | None = None,
    ) -> None:
        connection.execute(
            sql_update(outbox)
            .where(outbox.c.id == delivery.id, self._is_ours())
            .values(state=state, settled_at=now, reason=reason, **_UNCLAIMED)
        )

    async def counts(self) -> dict[str, int]:
        """How many rows there are in each state."""

        def work(connection: Connection) -> dict[str, int]:
            query = select(outbox.c.state, func.count()).group_by(outbox.c.state)
            return dict(connection.execute(query).all())

        return await self._database.scan(work)


def _is_next() -> ColumnElement[bool]:
    """Whether nothing unfinished is before a row."""
    first_of_lanes = (
        select(func.min(outbox.c.id)).where(outbox.c.state.in_(_UNFINISHED)).group_by(outbox.c.lane)
    )
    # An edit has a lane of its own, yet there is nothing to edit before the post is made.
    earlier = outbox.alias("earlier")
    is_announcement_under_way = exists().where(
        outbox.c.kind == DeliveryKind.ANNOUNCEMENT,
        earlier.c.kind == DeliveryKind.ANNOUNCEMENT,
        earlier.c.incident_id == outbox.c.incident_id,
        earlier.c.destination == outbox.c.destination,
        earlier.c.id < outbox.c.id,
        earlier.c.state.in_(_UNFINISHED),
    )
    return and_(outbox.c.id.in_(first_of_lanes), ~is_announcement_under_way)


def _delivery(row: RowMapping, now: datetime) -> Delivery:
    return Delivery(
        id=row["id"],
        kind=DeliveryKind(row["kind"]),
        incident_id=row["incident_id"],
        entry_id=row["entry_id"],
        destination=row["destination"],
        lane=row["lane"],
        attempts=row["attempts"] + 1,
        is_uncertain=row["is_uncertain"] or row["state"] == "sending",
        created_at=row["created_at"],
        first_tried_at=row["first_tried_at"] or now,
    )


def _entry(connection: Connection, entry_id: int | None) -> TimelineEntry | None:
    if entry_id is None:
        return None
    query = select(timeline_entries).where(timeline_entries.c.id == entry_id)
    return entry_of(connection.execute(query).mappings().one())


def _announcement_of(delivery: Delivery) -> tuple[Any, ...]:
    return (
        announcements.c.incident_id == delivery.incident_id,
        announcements.c.destination == delivery.destination,
    )
