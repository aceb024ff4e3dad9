"""The outbox as the delivery worker sees it: what is due, and what became of it.

A row is `pending`, then `sending` while a worker has it, and ends as `sent` or `failed`.
`outgoing.py` puts rows in; `undelivered.py` is for the operator, who may discard them.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Update,
    bindparam,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy import update as sql_update

from incident_bot import failpoints
from incident_bot.domain.incident import Incident
from incident_bot.domain.responders import NOBODY, Responders
from incident_bot.domain.timeline import TimelineEntry
from incident_bot.failpoints import Failpoint
from incident_bot.store import permalinks, responder_rows
from incident_bot.store.database import Database
from incident_bot.store.lanes import IS_POST, NOW, due, next_due
from incident_bot.store.outgoing import DeliveryKind
from incident_bot.store.rows import INCIDENT_COLUMNS, entry_of, incident_of
from incident_bot.store.tables import (
    UtcDateTime,
    announcements,
    incidents,
    is_unfinished,
    outbox,
    timeline_entries,
)

LEASE: Final = timedelta(seconds=5)
"""How long a claim lasts that is not renewed, where processes share the database."""

_UNCLAIMED: Final = {"claimed_by": None, "lease_until": None}


# Built once, like those in Outbox: building a statement takes longer than running it.
_OF_DESTINATION: Final = (
    announcements.c.incident_id == bindparam("incident"),
    announcements.c.destination == bindparam("there"),
)
_INCIDENT: Final = select(*INCIDENT_COLUMNS).where(incidents.c.id == bindparam("incident"))
_CONTENT: Final = (
    select(*INCIDENT_COLUMNS, announcements.c.channel_id, announcements.c.message_ts)
    .join(announcements, announcements.c.incident_id == incidents.c.id)
    .where(*_OF_DESTINATION)
)
_PLACE: Final = (
    sql_update(announcements)
    .where(*_OF_DESTINATION)
    .values(channel_id=bindparam("channel"), message_ts=bindparam("ts"))
)
_SETTLE: Final = (
    sql_update(outbox)
    .where(outbox.c.id == bindparam("of"), outbox.c.claimed_by == bindparam("worker"))
    .values(
        state=bindparam("as"),
        settled_at=bindparam("at"),
        reason=bindparam("why"),
        **_UNCLAIMED,
    )
)


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
    """What a delivery tells, and where its announcement is (None: nowhere yet).

    A direct message has no announcement of its own; responders are shown by announcements alone.
    """

    incident: Incident
    entry: TimelineEntry | None
    channel_id: str | None = None
    message_ts: str | None = None
    responders: Responders = NOBODY


class Outbox:
    """The delivery worker's side of the outbox."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._worker = secrets.token_hex(8)
        self.is_shared = database.is_shared
        # Built once: building one takes longer than running it.
        self._due_posts = due(is_shared=self.is_shared).where(IS_POST)
        self._due_edits = due(is_shared=self.is_shared).where(~IS_POST)
        self._take = _take(is_shared=self.is_shared)
        self._next_due = next_due()

    async def take_over(self, now: datetime) -> int:
        """Give back what a process that is gone had claimed; how many it was.

        Whether those messages went out is not known. Where other processes share the database,
        their claims stay: those of one that is gone run out by themselves. What waits is due
        `now`, whatever that process waited for, and by whichever clock.
        """

        def work(connection: Connection) -> int:
            is_waiting = (outbox.c.state == "pending") & (outbox.c.due_at > now)
            connection.execute(sql_update(outbox).where(is_waiting).values(due_at=now))
            if self.is_shared:
                return 0
            result = connection.execute(
                sql_update(outbox)
                .where(outbox.c.state == "sending")
                .values(state="pending", due_at=now, is_uncertain=True, **_UNCLAIMED)
            )
            return result.rowcount

        return await self._database.write(work)

    async def renew(self) -> None:
        """Keep what is claimed for LEASE from now on."""
        if not self.is_shared:
            return
        await self._database.write(
            lambda connection: connection.execute(
                sql_update(outbox).where(self._is_ours()).values(lease_until=func.now() + LEASE)
            )
        )

    async def claim(self, now: datetime, posts: int, edits: int) -> tuple[Delivery, ...]:
        """Take so many deliveries that are due and have nothing unfinished before them."""

        def work(connection: Connection) -> tuple[Delivery, ...]:
            rows: list[RowMapping] = []
            for query, limit in ((self._due_posts, posts), (self._due_edits, edits)):
                if limit > 0:
                    rows += connection.execute(query, {"now": now, "limit": limit}).mappings()
            if not rows:
                return ()
            ids = [row["id"] for row in rows]
            lease_until = None if self.is_shared else now + LEASE
            values = {"now": now, "ids": ids, "worker": self._worker, "until": lease_until}
            connection.execute(self._take, values)
            return tuple(_delivery(row, now) for row in sorted(rows, key=itemgetter("id")))

        return await self._database.write(work)

    async def next_due(self, posts: int, edits: int) -> datetime | None:
        """When the earliest delivery is due that `claim` would take; None when there is none."""
        if posts <= 0 and edits <= 0:
            return None
        room = {"posts": posts > 0, "edits": edits > 0}
        return await self._database.scan(lambda connection: connection.scalar(self._next_due, room))

    async def content(self, delivery: Delivery) -> Content | None:
        """What to tell: the incident as it is now, the entry as it was then.

        None when the destination is not to be told of this incident any more.
        """
        return await self._database.read(
            lambda connection: (
                _direct_content(connection, delivery)
                if delivery.kind is DeliveryKind.DIRECT
                else _channel_content(connection, delivery)
            )
        )

    async def permalink(self, delivery: Delivery, preferred: str) -> str | None:
        """The link to the incident's announcement, if known; that in `preferred` if there is."""
        incident_id = delivery.incident_id
        links = await self._database.read(
            lambda connection: permalinks.find(connection, [incident_id], preferred)
        )
        return links.get(incident_id)

    async def is_thread_in_doubt(self, delivery: Delivery) -> bool:
        """Whether a notification may be in the thread of its announcement, and is not found yet."""
        query = select(
            exists().where(
                outbox.c.incident_id == delivery.incident_id,
                outbox.c.destination == delivery.destination,
                outbox.c.kind == DeliveryKind.NOTIFICATION,
                is_unfinished(),
                outbox.c.is_uncertain,
            )
        )
        return await self._database.scan(lambda connection: bool(connection.scalar(query)))

    async def sent(
        self, delivery: Delivery, channel_id: str, message_ts: str, now: datetime
    ) -> None:
        """Note that it is in the channel; an announcement's place is kept for its edits."""

        def work(connection: Connection) -> None:
            self._settle(connection, delivery, "sent", now)
            if delivery.kind is DeliveryKind.ANNOUNCEMENT:
                where = {"incident": delivery.incident_id, "there": delivery.destination}
                connection.execute(_PLACE, where | {"channel": channel_id, "ts": message_ts})
            failpoints.reached(Failpoint.BEFORE_MARK)

        await self._database.write(work)
        failpoints.reached(Failpoint.AFTER_MARK)

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
        values = {"as": state, "at": now, "why": reason}
        connection.execute(_SETTLE, {"of": delivery.id, "worker": self._worker} | values)


def _take(*, is_shared: bool) -> Update:
    """Claim the rows `ids` for `worker`."""
    until = func.now() + LEASE if is_shared else bindparam("until", type_=UtcDateTime())
    return (
        sql_update(outbox)
        .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
        .values(
            state="sending",
            attempts=outbox.c.attempts + 1,
            is_uncertain=or_(outbox.c.is_uncertain, outbox.c.state == "sending"),
            first_tried_at=func.coalesce(outbox.c.first_tried_at, NOW),
            claimed_by=bindparam("worker"),
            lease_until=until,
        )
    )


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


def _direct_content(connection: Connection, delivery: Delivery) -> Content:
    row = connection.execute(_INCIDENT, {"incident": delivery.incident_id}).one()
    return Content(incident_of(row), _entry(connection, delivery.entry_id))


def _channel_content(connection: Connection, delivery: Delivery) -> Content | None:
    where = {"incident": delivery.incident_id, "there": delivery.destination}
    row = connection.execute(_CONTENT, where).first()
    if row is None:
        return None
    content = Content(
        incident_of(row), _entry(connection, delivery.entry_id), row.channel_id, row.message_ts
    )
    if delivery.kind is not DeliveryKind.ANNOUNCEMENT:
        return content
    return replace(content, responders=responder_rows.load(connection, delivery.incident_id))


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
