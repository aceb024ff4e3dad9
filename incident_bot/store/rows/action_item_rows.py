"""The action items of an incident, read and written in the caller's transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, insert, select, update

from incident_bot.domain.action_item import ActionItem, NewActionItem, SomeActionItems
from incident_bot.domain.errors import ActionItemGone
from incident_bot.store.rows.tables import UtcDateTime, action_items, incidents

# Built once: building a statement takes longer than running it.
_COLUMNS: Final = tuple(column for column in action_items.c if column.name != "entry_id")
_OF_INCIDENT: Final = select(*_COLUMNS).where(action_items.c.incident_id == bindparam("incident"))
_EVERY: Final = _OF_INCIDENT.order_by(action_items.c.id)
_ONE: Final = _OF_INCIDENT.where(action_items.c.id == bindparam("item"))
_ADDED_BY: Final = select(*_COLUMNS).where(action_items.c.entry_id == bindparam("entry"))
# Those that are open have no time when they were done, so they go on by when they are due.
_PAGE: Final = (
    _OF_INCIDENT.order_by(
        action_items.c.done_at.is_not(None),
        action_items.c.done_at.desc(),
        action_items.c.due_at.is_(None),
        action_items.c.due_at,
        action_items.c.id,
    )
    .limit(bindparam("size"))
    .offset(bindparam("skipped"))
)
_OWNER: Final = func.coalesce(action_items.c.owner, "")
_DUE: Final = _OF_INCIDENT.where(
    bindparam("owner") == _OWNER,
    action_items.c.done_at.is_(None),
    action_items.c.due_at <= bindparam("at", type_=UtcDateTime()),
).order_by(action_items.c.due_at, action_items.c.id)
_OWNERS_OF_DUE: Final = (
    select(
        action_items.c.incident_id,
        _OWNER,
        func.max(action_items.c.due_at, type_=UtcDateTime()),
    )
    .join(incidents, incidents.c.id == action_items.c.incident_id)
    .where(
        incidents.c.deleted_at.is_(None),
        action_items.c.done_at.is_(None),
        action_items.c.due_at > bindparam("after", type_=UtcDateTime()),
        action_items.c.due_at <= bindparam("until", type_=UtcDateTime()),
    )
    .group_by(action_items.c.incident_id, _OWNER)
)
_COUNTS: Final = select(func.count(), func.count(action_items.c.done_at)).where(
    action_items.c.incident_id == bindparam("incident")
)
_ADD: Final = insert(action_items)
_SET_DONE: Final = (
    update(action_items)
    .where(action_items.c.id == bindparam("item"))
    .values(done_at=bindparam("at"), done_by=bindparam("actor"))
)


def add(
    connection: Connection,
    incident_id: int,
    new: NewActionItem,
    entry_id: int,
    actor: str,
    at: datetime,
) -> ActionItem:
    """`entry_id` is the timeline entry that tells of it."""
    values: dict[str, Any] = {
        "incident_id": incident_id,
        "text": new.text,
        "owner": new.owner,
        "due_at": new.due_at,
        "created_at": at,
        "created_by": actor,
    }
    key = connection.execute(_ADD, {**values, "entry_id": entry_id}).inserted_primary_key
    assert key is not None  # noqa: S101 - an INSERT of one row always gives it
    return ActionItem(id=key[0], **values)


def load(connection: Connection, incident_id: int, item_id: int) -> ActionItem:
    """Raises ActionItemGone when it is none of this incident's."""
    found = _read(connection, _ONE, {"incident": incident_id, "item": item_id})
    if not found:
        raise ActionItemGone(incident_id)
    return found[0]


def save(connection: Connection, item: ActionItem) -> None:
    """Keep whether it is done, when and by whom; nothing else of it changes."""
    connection.execute(_SET_DONE, {"item": item.id, "at": item.done_at, "actor": item.done_by})


def every(connection: Connection, incident_id: int) -> tuple[ActionItem, ...]:
    """In the order in which they were added."""
    return _read(connection, _EVERY, {"incident": incident_id})


def count(connection: Connection, incident_id: int) -> tuple[int, int]:
    """How many are open, and how many there are in all."""
    total, done = connection.execute(_COUNTS, {"incident": incident_id}).one()
    return total - done, total


def page(
    connection: Connection, incident_id: int, size: int, skipped: int = 0
) -> tuple[ActionItem, ...]:
    """Open ones first, as they are due; then those that were done last."""
    where = {"incident": incident_id, "size": size, "skipped": skipped}
    return _read(connection, _PAGE, where)


def first_open(connection: Connection, incident_id: int, size: int) -> SomeActionItems:
    """So many of those that are open, those first that are due first."""
    still_open, _ = count(connection, incident_id)
    return SomeActionItems(page(connection, incident_id, min(size, still_open)), still_open)


def due(
    connection: Connection, incident_id: int, owner: str | None, at: datetime
) -> SomeActionItems:
    """What is open and due by then of one owner's, or of nobody's."""
    found = _read(connection, _DUE, {"incident": incident_id, "owner": owner or "", "at": at})
    return SomeActionItems(found, len(found))


def owners_of_due(
    connection: Connection, after: datetime, until: datetime
) -> tuple[tuple[int, str, datetime], ...]:
    """Whose action items are due: incident, owner or "", and when the latest of them was."""
    where = {"after": after, "until": until}
    return tuple((row[0], row[1], row[2]) for row in connection.execute(_OWNERS_OF_DUE, where))


def added_by(connection: Connection, entry_id: int | None) -> SomeActionItems:
    """The one whose adding a timeline entry tells."""
    found = _read(connection, _ADDED_BY, {"entry": entry_id})
    return SomeActionItems(found, len(found))


def _read(
    connection: Connection, query: Select[Any], where: Mapping[str, Any]
) -> tuple[ActionItem, ...]:
    return tuple(ActionItem(**row) for row in connection.execute(query, where).mappings())
