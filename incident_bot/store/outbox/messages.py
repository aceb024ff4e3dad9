"""What Slack's messages tell and where they are, as whoever sends them asks.

In transactions of its own. `contents.py` and `places.py` do so in the caller's.
"""

from sqlalchemy import Connection, exists, select
from sqlalchemy import update as sql_update

from incident_bot.store.engine.database import Database
from incident_bot.store.outbox import contents, places
from incident_bot.store.outbox.contents import Content
from incident_bot.store.outbox.deliveries import Delivery
from incident_bot.store.outbox.lanes import IS_POST
from incident_bot.store.outbox.operations import SLACK, Operation
from incident_bot.store.outbox.places import Place
from incident_bot.store.rows.tables import (
    announcements,
    incidents,
    is_announcement,
    is_unfinished,
    outbox,
)


class Messages:
    """What is said in Slack, and where."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def content(self, delivery: Delivery) -> Content | None:
        """What to tell: the incident as it is now, the entry as it was then.

        None when the destination is not to be told of this incident any more.
        """
        return await self._database.read(lambda connection: contents.load(connection, delivery))

    async def permalink(self, delivery: Delivery, preferred: str) -> str | None:
        """The link to the incident's announcement, if known; that in `preferred` if there is."""
        incident_id = delivery.incident_id
        links = await self._database.read(
            lambda connection: places.find_links(connection, [incident_id], preferred)
        )
        return links.get(incident_id)

    async def announced_at(self, delivery: Delivery, preferred: str) -> tuple[str, str] | None:
        """Channel and timestamp of the incident's announcement; as in `permalink`."""
        return await self._database.read(
            lambda connection: places.announced_at(connection, delivery.incident_id, preferred)
        )

    async def place_elsewhere(self, delivery: Delivery, preferred: str) -> Place | None:
        """The same, of an announcement outside the incident's own channel; known or not."""
        return await self._database.read(
            lambda connection: places.find_elsewhere(connection, delivery.incident_id, preferred)
        )

    async def is_announcing_elsewhere(self, delivery: Delivery) -> bool:
        """Whether an announcement of the incident is under way to another channel."""
        query = select(
            exists().where(
                outbox.c.incident_id == delivery.incident_id,
                outbox.c.destination != delivery.destination,
                is_announcement(),
                is_unfinished(),
            )
        )
        return await self._database.scan(lambda connection: bool(connection.scalar(query)))

    async def is_thread_in_doubt(self, delivery: Delivery) -> bool:
        """Whether a notification may be in the thread of its announcement, and is not found yet."""
        query = select(
            exists().where(
                outbox.c.incident_id == delivery.incident_id,
                outbox.c.destination == delivery.destination,
                outbox.c.operation == Operation.NOTIFICATION,
                IS_POST,
                is_unfinished(),
                outbox.c.is_uncertain,
            )
        )
        return await self._database.scan(lambda connection: bool(connection.scalar(query)))

    async def is_known_channel(self, channel_id: str) -> bool:
        """Whether it is an incident's already."""
        query = select(exists().where(incidents.c.channel_id == channel_id))
        return await self._database.read(lambda connection: bool(connection.scalar(query)))

    async def is_something_before(self, delivery: Delivery) -> bool:
        """Whether anything that was to be said in the same channel earlier is unfinished."""
        query = select(
            exists().where(
                outbox.c.destination == delivery.destination,
                outbox.c.operation.in_([one for one in Operation if one.is_message]),
                outbox.c.id < delivery.id,
                is_unfinished(),
            )
        )
        return await self._database.scan(lambda connection: bool(connection.scalar(query)))

    async def keep_permalink(self, delivery: Delivery, permalink: str) -> None:
        await self._database.write(
            lambda connection: places.keep_link(connection, delivery, permalink)
        )

    async def forget_place(self, delivery: Delivery) -> None:
        """Forget where the incident is announced: the next announcement is a new message."""
        await self._database.write(lambda connection: places.forget(connection, delivery))

    async def redirect(self, old: str, new: str) -> None:
        """Have what `old` was never told go to `new`: the announcement channel is another now."""

        def work(connection: Connection) -> None:
            unposted = (announcements.c.destination == old) & announcements.c.message_ts.is_(None)
            connection.execute(
                sql_update(outbox)
                .where(outbox.c.target == SLACK)
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
