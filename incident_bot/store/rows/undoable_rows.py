"""What can be undone yet, in the caller's transaction: while a row is there, it is offered."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select

from incident_bot.domain.undo import UNDO_WITHIN
from incident_bot.store.rows.tables import undoable

_ADD: Final = insert(undoable)
_IS_OFFERED: Final = select(undoable.c.entry_id).where(undoable.c.entry_id == bindparam("entry"))
_ENDED_PROMISE: Final = select(undoable.c.next_update_at).where(
    undoable.c.entry_id == bindparam("entry")
)
_REMOVE: Final = delete(undoable).where(undoable.c.entry_id == bindparam("entry"))


def offer(
    connection: Connection, entry_id: int, at: datetime, next_update_at: datetime | None
) -> None:
    """`next_update_at` is the promise of an update that ended with the entry."""
    row = {"entry_id": entry_id, "until": at + UNDO_WITHIN, "next_update_at": next_update_at}
    connection.execute(_ADD, row)


def is_offered(connection: Connection, entry_id: int) -> bool:
    return connection.execute(_IS_OFFERED, {"entry": entry_id}).first() is not None


def ended_promise(connection: Connection, entry_id: int) -> datetime | None:
    return connection.scalar(_ENDED_PROMISE, {"entry": entry_id})


def end(connection: Connection, entry_id: int) -> None:
    connection.execute(_REMOVE, {"entry": entry_id})
