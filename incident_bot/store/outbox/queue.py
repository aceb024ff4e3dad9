"""The outbox as the delivery worker sees it: what is due, and what waits for what.

A row is `pending`, then `sending` while a worker has it, and ends as `sent` or `failed`.
`enqueue.py` puts rows in; `places.py` knows where the messages are then; `after_delivery.py` does
what follows; `undelivered.py` is for the operator, who may discard them.
"""

import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Update,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy import update as sql_update

from incident_bot.store.engine.database import Database
from incident_bot.store.outbox.deliveries import Delivery, delivery_of
from incident_bot.store.outbox.lanes import IS_POST, due, next_due
from incident_bot.store.outbox.operations import SLACK
from incident_bot.store.rows.tables import (
    UtcDateTime,
    outbox,
)

LONGEST_CALL: Final = 10.0
"""Seconds that one call to Slack may take."""

LONGEST_WAIT: Final = timedelta(hours=1, minutes=1)
"""Nothing is put off for longer: a method's longest rest is an hour."""

LEASE: Final = timedelta(seconds=LONGEST_CALL + 5)
"""How long a claim lasts that is not renewed, where processes share the database.

A call that began while the claim held has ended before another process may claim the message.
"""

_SPARE_SECONDS: Final = LEASE.total_seconds() - LONGEST_CALL

_UNCLAIMED: Final = {"claimed_by": None, "lease_until": None}


# Built once, like those in Queue: building a statement takes longer than running it.
_SETTLE: Final = (
    sql_update(outbox)
    .where(outbox.c.id == bindparam("of"), outbox.c.claimed_by == bindparam("worker"))
    .where(outbox.c.destination == bindparam("there"))
    .values(
        state=bindparam("as"),
        settled_at=bindparam("at"),
        reason=bindparam("why"),
        receipt=bindparam("came_of_it"),
        **_UNCLAIMED,
    )
)


_MOVED: Final = select(outbox.c.destination, outbox.c.lane).where(
    outbox.c.id == bindparam("of"),
    outbox.c.claimed_by == bindparam("worker"),
    outbox.c.destination != bindparam("there"),
)


_MAKE_DUE: Final = (
    sql_update(outbox)
    .where(outbox.c.target == bindparam("of_target"), outbox.c.state == "pending")
    .where(outbox.c.due_at > bindparam("moment", type_=UtcDateTime()))
    .values(due_at=bindparam("moment", type_=UtcDateTime()))
)


# Whoever let the lease run out may still be the last to have claimed the row.
_HOLD: Final = (
    sql_update(outbox)
    .where(outbox.c.id == bindparam("of"), outbox.c.claimed_by == bindparam("worker"))
    .where(outbox.c.lease_until > func.now())
    .values(lease_until=func.now() + LEASE)
)


class ClaimLost(Exception):
    """The claim has run out: another process may be sending the message, so this one must not."""


class Queue:
    """The delivery worker's side of the outbox: what is due, and who has it."""

    def __init__(
        self,
        database: Database,
        target: str,
        slack_now: Callable[[], datetime] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`target` is whose rows it has.

        `slack_now` is Slack's clock, by which a message is looked for that was tried.

        Without it that is the clock of whoever claims it.
        """
        self._database = database
        self._target = target
        self._slack_now = slack_now
        self._monotonic = monotonic
        self._worker = secrets.token_hex(8)
        self.is_shared = database.is_shared
        # Built once: building one takes longer than running it.
        self._due = _posts_and_edits(due(is_shared=self.is_shared))
        self._due_in_turn = _posts_and_edits(due(is_shared=self.is_shared, in_turn=True))
        self._take = _take(is_shared=self.is_shared)
        self._next_due = next_due()

    async def take_over(self, now: datetime) -> int:
        """Give back what a process that is gone had claimed; how many it was.

        Whether those messages went out is not known. Where other processes share the database,
        their claims stay: those of one that is gone run out by themselves. What waits is due
        `now`, whatever that process waited for, and by whichever clock. What it was sending to
        a target that the settings name no more is given back, too: it can be discarded then.
        """

        def work(connection: Connection) -> int:
            connection.execute(_MAKE_DUE, {"of_target": self._target, "moment": now})
            if self.is_shared:
                return 0
            result = connection.execute(
                sql_update(outbox)
                .where(self._is_to_take_over(), outbox.c.state == "sending")
                .values(state="pending", due_at=now, is_uncertain=True, **_UNCLAIMED)
            )
            return result.rowcount

        return await self._database.write(work)

    async def make_due(self, now: datetime) -> None:
        """Have all that waits tried `now`, whatever it waits for, and by whichever clock."""
        moment = {"of_target": self._target, "moment": now}
        await self._database.write(lambda connection: connection.execute(_MAKE_DUE, moment))

    async def renew(self) -> None:
        """Keep what is claimed for LEASE from now on."""
        if not self.is_shared:
            return
        await self._database.write(
            lambda connection: connection.execute(
                sql_update(outbox).where(self._is_ours()).values(lease_until=func.now() + LEASE)
            )
        )

    async def hold(self, delivery: Delivery) -> None:
        """Keep one claim for LEASE from now on; to be called right before each call to Slack.

        Raises ClaimLost when the claim has run out, however that came: the process was paused,
        or the database could not be reached. Where nobody shares the database, nobody can have
        taken the message.
        """
        if not self.is_shared:
            return
        of = {"of": delivery.id, "worker": self._worker}
        while True:
            asked_at = self._monotonic()
            held = await self._database.write(
                lambda connection: connection.execute(_HOLD, of).rowcount
            )
            if held == 0:
                raise ClaimLost
            # An answer that came late tells how it was, not how it is.
            if self._monotonic() - asked_at < _SPARE_SECONDS:
                return

    async def claim(
        self, now: datetime, posts: int, edits: int, *, in_turn: bool = False
    ) -> tuple[Delivery, ...]:
        """Take so many deliveries that are due and have nothing unfinished before them.

        The oldest, or, `in_turn`, those that were not tried for longest.
        """
        queries = self._due_in_turn if in_turn else self._due
        tried_at = now if self._slack_now is None else self._slack_now()

        def work(connection: Connection) -> tuple[Delivery, ...]:
            rows: list[RowMapping] = []
            for query, limit in zip(queries, (posts, edits), strict=True):
                if limit > 0:
                    room = {"now": now, "latest": now + LONGEST_WAIT, "limit": limit}
                    room["target"] = self._target
                    rows += connection.execute(query, room).mappings()
            if not rows:
                return ()
            ids = [row["id"] for row in rows]
            lease_until = None if self.is_shared else now + LEASE
            values = {"ids": ids, "worker": self._worker, "until": lease_until}
            connection.execute(self._take, values | {"tried_at": tried_at})
            return tuple(delivery_of(row, tried_at) for row in sorted(rows, key=itemgetter("id")))

        return await self._database.write(work)

    async def next_due(self, posts: int, edits: int) -> datetime | None:
        """When the earliest delivery is due that `claim` would take; None when there is none."""
        if posts <= 0 and edits <= 0:
            return None
        room = {"target": self._target, "posts": posts > 0, "edits": edits > 0}
        return await self._database.scan(lambda connection: connection.scalar(self._next_due, room))

    async def give_back(self, delivery: Delivery, due_at: datetime, reason: str | None) -> None:
        """Undo a claim: the message was not tried, and is due at `due_at`."""
        untried = replace(delivery, attempts=delivery.attempts - 1)
        await self.put_back(untried, due_at, reason, is_uncertain=delivery.is_uncertain)

    async def put_back(
        self, delivery: Delivery, due_at: datetime, reason: str | None, *, is_uncertain: bool
    ) -> None:
        """Have it tried again at `due_at`; `reason` says what kept it."""
        query = (
            sql_update(outbox)
            .where(outbox.c.id == delivery.id, self._is_ours())
            .values(
                state="pending",
                due_at=due_at,
                reason=reason,
                attempts=delivery.attempts,
                is_uncertain=is_uncertain,
                **_UNCLAIMED,
            )
        )
        await self._database.write(lambda connection: connection.execute(query))

    async def bring_forward(self, due: Mapping[int, datetime]) -> None:
        """Have deliveries, by ID, tried then, unless they are to be tried before."""

        def work(connection: Connection) -> None:
            for delivery_id, due_at in due.items():
                connection.execute(
                    sql_update(outbox)
                    .where(outbox.c.id == delivery_id, outbox.c.state == "pending")
                    .where(outbox.c.due_at > due_at)
                    .values(due_at=due_at)
                )

        await self._database.write(work)

    async def hurry(self, destinations: Iterable[str], now: datetime) -> None:
        """Try what waits for these destinations at once: something has changed there."""
        await self._database.write(
            lambda connection: connection.execute(
                sql_update(outbox)
                .where(outbox.c.state == "pending", outbox.c.destination.in_(list(destinations)))
                .values(due_at=now)
            )
        )

    def _is_to_take_over(self) -> ColumnElement[bool]:
        named = (SLACK, *self._database.told_targets)
        return or_(outbox.c.target == self._target, outbox.c.target.not_in(named))

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
        receipt: str | None = None,
    ) -> Delivery | None:
        """The delivery, whose channel may have got another ID while it was being sent.

        None when another has taken it over, or it is settled already.
        """
        values = {"as": state, "at": now, "why": reason, "came_of_it": receipt}
        if connection.execute(_SETTLE, values | self._claim_on(delivery)).rowcount > 0:
            return delivery
        moved = self._moved(connection, delivery)
        if moved is not None:
            connection.execute(_SETTLE, values | self._claim_on(moved))
        return moved

    def _moved(self, connection: Connection, delivery: Delivery) -> Delivery | None:
        """The delivery as it is now, if its channel has got another ID since it was claimed."""
        row = connection.execute(_MOVED, self._claim_on(delivery)).first()
        return (
            None if row is None else replace(delivery, destination=row.destination, lane=row.lane)
        )

    def _goes_elsewhere(self, connection: Connection, delivery: Delivery, now: datetime) -> bool:
        """Whether its channel has got another ID meanwhile: then it goes there now."""
        moved = self._moved(connection, delivery)
        if moved is not None:
            connection.execute(
                sql_update(outbox)
                .where(outbox.c.id == delivery.id)
                .values(state="pending", due_at=now, **_UNCLAIMED)
            )
        return moved is not None

    def _claim_on(self, delivery: Delivery) -> dict[str, Any]:
        return {"of": delivery.id, "worker": self._worker, "there": delivery.destination}


def _posts_and_edits(query: Select[Any]) -> tuple[Select[Any], Select[Any]]:
    return query.where(IS_POST), query.where(~IS_POST)


def _take(*, is_shared: bool) -> Update:
    """Claim the rows `ids` for `worker`."""
    tried_at = bindparam("tried_at", type_=UtcDateTime())
    until = func.now() + LEASE if is_shared else bindparam("until", type_=UtcDateTime())
    return (
        sql_update(outbox)
        .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
        .values(
            state="sending",
            attempts=outbox.c.attempts + 1,
            is_uncertain=or_(outbox.c.is_uncertain, outbox.c.state == "sending"),
            first_tried_at=func.coalesce(outbox.c.first_tried_at, tried_at),
            claimed_by=bindparam("worker"),
            lease_until=until,
        )
    )
