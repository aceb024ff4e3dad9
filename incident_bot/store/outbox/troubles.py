"""What keeps a message from going out, or ended it, for who asked for it.

They are told by a message of the outbox's own, with the operation `trouble`, about the other.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from incident_bot.store.outbox import enqueue
from incident_bot.store.outbox.deliveries import Delivery
from incident_bot.store.outbox.operations import Operation
from incident_bot.store.rows.tables import is_in_lane, outbox

_ABOUT: Final = select(
    outbox.c.operation, outbox.c.destination, outbox.c.state, outbox.c.reason
).where(outbox.c.id == bindparam("about"))
_TOLD: Final = (
    select(outbox.c.state, outbox.c.lane, outbox.c.settled_at)
    .where(outbox.c.about_id == bindparam("about"))
    .order_by(outbox.c.id.desc())
    .limit(1)
)
_TRIES_IN_LANE: Final = select(func.max(outbox.c.attempts)).where(
    *is_in_lane(bindparam("in_lane")), outbox.c.about_id.is_not(None)
)
_UNFINISHED: Final = ("pending", "sending")
_PROVES_FOR: Final = timedelta(minutes=10)
"""For how long a message that got through shows that Slack takes messages."""


@dataclass(frozen=True)
class Trouble:
    """The message that has trouble, as it is now.

    `is_over` says that it has gone out, `is_final` that it is not tried any more.
    """

    operation: Operation
    destination: str
    reason: str
    is_over: bool = False
    is_final: bool = False


def load(connection: Connection, delivery: Delivery) -> Trouble | None:
    """What a delivery is about, if it tells of trouble."""
    if delivery.about_id is None:
        return None
    about = connection.execute(_ABOUT, {"about": delivery.about_id}).one()
    return Trouble(
        Operation(about.operation),
        about.destination,
        about.reason or "Slack does not take it",
        is_over=about.state == "sent",
        is_final=about.state not in ("sent", *_UNFINISHED),
    )


def tell(
    connection: Connection, about: Delivery, user_id: str, at: datetime, *, is_final: bool
) -> None:
    """Have somebody told what keeps `about`, or that it has ended: once of each.

    What waits to tell them tells how things stand by then.
    """
    told = connection.execute(_TOLD, {"about": about.id}).first()
    if told is not None and (told.state in _UNFINISHED or not is_final):
        return
    enqueue.write_of_trouble(connection, about.incident_id, user_id, about.id, at)


def is_told(connection: Connection, about: Delivery, now: datetime) -> bool | None:
    """Whether somebody could lately be told of it; None: it was not tried, or is long ago.

    While other trouble is told to the same person in vain, they cannot be told of this either.
    """
    told = connection.execute(_TOLD, {"about": about.id}).first()
    if told is None:
        return None
    if told.state in _UNFINISHED:
        return False if connection.scalar(_TRIES_IN_LANE, {"in_lane": told.lane}) else None
    is_fresh = told.settled_at is not None and told.settled_at > now - _PROVES_FOR
    return True if told.state == "sent" and is_fresh else None
