"""What became of a delivery, and what follows from that, in one transaction."""

import json
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam
from sqlalchemy import update as sql_update

from incident_bot import failpoints
from incident_bot.domain.actors import BOT
from incident_bot.domain.timeline import EntryKind
from incident_bot.failpoints import Failpoint
from incident_bot.store import channels
from incident_bot.store.engine.database import Database
from incident_bot.store.outbox import enqueue, places, troubles, uninvited
from incident_bot.store.outbox.deliveries import Delivery
from incident_bot.store.outbox.messages import Messages
from incident_bot.store.outbox.operations import SLACK, Operation
from incident_bot.store.outbox.queue import Queue
from incident_bot.store.rows import incident_rows
from incident_bot.store.rows.tables import outbox, timeline_entries
from incident_bot.store.transaction import carry_out, destinations_of

_FOR_EVERYBODY: Final = (
    sql_update(timeline_entries)
    .where(timeline_entries.c.id == bindparam("entry"))
    .where(timeline_entries.c.kind == EntryKind.REMINDED)
    .values(after=None)
)


class Outbox(Queue):
    """The delivery worker's side of the outbox; `messages` are what it sends to Slack."""

    def __init__(
        self,
        database: Database,
        target: str = SLACK,
        slack_now: Callable[[], datetime] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(database, target, slack_now, monotonic)
        self.messages = Messages(database)

    async def sent(
        self, delivery: Delivery, channel_id: str, message_ts: str, now: datetime
    ) -> None:
        """Note that it is in the channel; its place is kept for its edits."""

        def work(connection: Connection) -> None:
            receipt = json.dumps({"channel": channel_id, "ts": message_ts})
            if settled := self._settle(connection, delivery, "sent", now, receipt=receipt):
                is_moved = channel_id == delivery.destination != settled.destination
                place = settled.destination if is_moved else channel_id
                places.keep(connection, settled, place, message_ts, now)
            failpoints.reached(Failpoint.BEFORE_MARK)

        await self._database.write(work)
        failpoints.reached(Failpoint.AFTER_MARK)

    async def done(self, delivery: Delivery, now: datetime, receipt: str | None = None) -> None:
        """Note that a channel is as it is to be, or that another target has taken it."""

        def work(connection: Connection) -> None:
            settled = self._settle(connection, delivery, "sent", now, receipt=receipt)
            if settled and delivery.operation is Operation.INVITATION:
                uninvited.note_accepted(connection, delivery.incident_id, delivery.entry_id)

        await self._database.write(work)

    async def channel_made(
        self, delivery: Delivery, channel_id: str, name: str, now: datetime
    ) -> None:
        """Note which channel an incident has got; what is to be done there follows."""

        def work(connection: Connection) -> None:
            receipt = json.dumps({"channel": channel_id})
            if self._settle(connection, delivery, "sent", now, receipt=receipt):
                incident = incident_rows.load_even_deleted(connection, delivery.incident_id)
                channels.begin(connection, incident, channel_id, name, now)

        await self._database.write(work)

    async def failed(
        self, delivery: Delivery, reason: str, now: datetime, *, tell: str | None = None
    ) -> None:
        """Give it up for good; it is kept with its reason, and the person `tell` told of it.

        A channel that could not be archived is one in which things can be said. Of an invitation
        none were let in whom it was for. A reminder that cannot reach its reader goes to the
        channels. What was tried under an ID that the channel has no more is tried again, under
        the new one.
        """

        def work(connection: Connection) -> None:
            if self._goes_elsewhere(connection, delivery, now):
                return
            is_ours = self._give_up(connection, delivery, reason, now, tell)
            if is_ours and delivery.operation is Operation.INVITATION:
                uninvited.note_given_up(connection, delivery.incident_id, delivery.entry_id)
            if is_ours and delivery.operation is Operation.DIRECT and delivery.is_post:
                _remind_channels(connection, delivery, now)
            if is_ours and delivery.operation is Operation.ARCHIVING:
                incident = incident_rows.load_even_deleted(connection, delivery.incident_id)
                if not incident.is_deleted:
                    carry_out(connection, incident, incident.open_channel(BOT, now), now)

        await self._database.write(work)

    async def not_let_in(
        self,
        delivery: Delivery,
        user_ids: Iterable[str],
        reason: str,
        now: datetime,
        *,
        tell: str | None = None,
    ) -> None:
        """Close an invitation that let everybody in except these people; `tell` as in `failed`."""

        def work(connection: Connection) -> None:
            if self._give_up(connection, delivery, reason, now, tell):
                uninvited.note_accepted(connection, delivery.incident_id, delivery.entry_id)
                uninvited.note(connection, delivery.incident_id, user_ids)

        await self._database.write(work)

    async def forget_destination(
        self, delivery: Delivery, reason: str, now: datetime, *, tell: str | None = None
    ) -> None:
        """Give up this and all else that this destination was to be told of the incident.

        The incident's own channel is not forgotten but closed: it may be opened again. What was
        tried under an ID that the channel has no more is tried again, under the new one. `tell`
        as in `failed`.
        """
        is_forgotten = (
            (outbox.c.incident_id == delivery.incident_id)
            & (outbox.c.target == SLACK)
            & (outbox.c.destination == delivery.destination)
            & (outbox.c.state == "pending")
        )

        def work(connection: Connection) -> None:
            incident = incident_rows.load_even_deleted(connection, delivery.incident_id)
            if self._goes_elsewhere(connection, delivery, now):
                return
            # Before the channel is closed: these are from before.
            uninvited.note_all_given_up(connection, is_forgotten | (outbox.c.id == delivery.id))
            if incident.channel_id == delivery.destination:
                carry_out(connection, incident, incident.close_channel(BOT, now, reason), now)
            else:
                places.announce_there_no_more(connection, delivery)
            connection.execute(outbox.delete().where(is_forgotten))
            self._give_up(connection, delivery, reason, now, tell)

        await self._database.write(work)

    async def tell_what_keeps(self, delivery: Delivery, user_id: str, now: datetime) -> None:
        """Have somebody told why it has not gone out yet, unless somebody was told already."""
        await self._database.write(
            lambda connection: troubles.tell(connection, delivery, user_id, now, is_final=False)
        )

    async def is_trouble_told(self, delivery: Delivery, now: datetime) -> bool | None:
        """Whether somebody could lately be told what keeps it; None: that was not tried."""
        return await self._database.read(
            lambda connection: troubles.is_told(connection, delivery, now)
        )

    def _give_up(
        self,
        connection: Connection,
        delivery: Delivery,
        reason: str,
        now: datetime,
        tell: str | None,
    ) -> bool:
        """Settle it as failed and have `tell` told, unless another worker has taken it over."""
        is_ours = self._settle(connection, delivery, "failed", now, reason) is not None
        if is_ours and tell is not None:
            troubles.tell(connection, delivery, tell, now, is_final=True)
        return is_ours


def _remind_channels(connection: Connection, delivery: Delivery, now: datetime) -> None:
    """If it is a reminder, have the channels hear it instead of the person."""
    if connection.execute(_FOR_EVERYBODY, {"entry": delivery.entry_id}).rowcount == 0:
        return
    incident = incident_rows.load_even_deleted(connection, delivery.incident_id)
    if incident.is_deleted or delivery.entry_id is None:
        return
    for destination in destinations_of(connection, incident):
        enqueue.notify(connection, incident.id, destination, delivery.entry_id, now)
