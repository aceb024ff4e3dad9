"""Which rows of the outbox may go out next: of each lane the oldest that is unfinished."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from incident_bot.store.outbox.operations import Operation
from incident_bot.store.rows.tables import UtcDateTime, is_announcement, is_unfinished, outbox

IS_POST: Final = outbox.c.lane == outbox.c.destination
NOW: Final = bindparam("now", type_=UtcDateTime())
TARGET: Final = bindparam("target", type_=Text)


def _literally(operations: Iterable[Operation]) -> tuple[ColumnElement[str], ...]:
    return tuple(literal_column(f"'{operation}'", Text) for operation in operations)


_FIRST: Final = _literally((Operation.ANNOUNCEMENT, Operation.NOTIFICATION))
_OF_ENTRY: Final = _literally(operation for operation in Operation if operation.is_of_entry)


def due(*, is_shared: bool, in_turn: bool = False) -> Select[Any]:
    """The oldest `limit` rows that may be claimed at `now`; `in_turn`, those longest not tried.

    Nothing is put off beyond `latest`: what is due after that was put off by a clock that was
    wrong, and may be claimed, too.
    """
    is_due = and_(
        outbox.c.state == "pending",
        or_(outbox.c.due_at <= NOW, outbox.c.due_at > bindparam("latest", type_=UtcDateTime())),
    )
    if is_shared:  # leases are stamped by the database: the processes' clocks may differ
        has_run_out = and_(outbox.c.state == "sending", outbox.c.lease_until < func.now())
        is_due = or_(is_due, has_run_out)
    # Many may follow an incident, and much is done to its channel: announcements and notifications
    # do not wait for that.
    oldest = (outbox.c.operation.not_in(_FIRST), outbox.c.id)
    return (
        select(outbox)
        .where(is_due, _is_next())
        .order_by(*((outbox.c.due_at, outbox.c.id) if in_turn else oldest))
        .limit(bindparam("limit", type_=Integer))
        .with_for_update(skip_locked=True, of=outbox)
    )


def next_due() -> Select[Any]:
    """When the first of the `posts` and `edits` that may go out is due."""
    has_room = or_(
        and_(bindparam("posts", type_=Boolean), IS_POST),
        and_(bindparam("edits", type_=Boolean), ~IS_POST),
    )
    return select(func.min(outbox.c.due_at)).where(
        outbox.c.state == "pending", has_room, _is_next()
    )


def _is_next() -> ColumnElement[bool]:
    """Whether nothing unfinished is before a row."""
    # An edit has a lane of its own, yet there is nothing to edit before the post is made.
    earlier = outbox.alias("earlier")
    is_announcement_under_way = exists().where(
        is_announcement(),
        is_announcement(earlier),
        earlier.c.incident_id == outbox.c.incident_id,
        earlier.c.destination == outbox.c.destination,
        earlier.c.id < outbox.c.id,
        is_unfinished(earlier),
    )
    post = outbox.alias("post")
    is_post_under_way = exists().where(
        post.c.target == outbox.c.target,
        post.c.lane == outbox.c.destination,
        post.c.entry_id == outbox.c.entry_id,
        is_unfinished(post),
    )
    # For others, which wait for no post, what waits in their channel is not even looked at.
    is_entry_posted = or_(IS_POST, outbox.c.operation.not_in(_OF_ENTRY), ~is_post_under_way)
    return and_(outbox.c.id.in_(_heads()), ~is_announcement_under_way, is_entry_posted)


def _heads() -> Select[int]:
    """The first row of each lane of `target`.

    The lanes are found one after the other along their index: however much waits in them, each
    costs one look. Grouping by lane would read all that waits, at every claim.
    """
    lanes = (
        select(func.min(outbox.c.lane).label("lane"))
        .where(outbox.c.target == TARGET, is_unfinished())
        .cte("lanes", recursive=True)
    )
    row = outbox.alias("following")
    following = select(func.min(row.c.lane)).where(
        row.c.target == TARGET, is_unfinished(row), row.c.lane > lanes.c.lane
    )
    lanes = lanes.union_all(select(following.scalar_subquery()).where(lanes.c.lane.is_not(None)))
    row = outbox.alias("head")
    head = select(func.min(row.c.id)).where(
        row.c.target == TARGET, is_unfinished(row), row.c.lane == lanes.c.lane
    )
    return select(head.scalar_subquery()).where(lanes.c.lane.is_not(None))
