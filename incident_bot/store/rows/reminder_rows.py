"""What was said of reminders, in the caller's transaction.

A row tells when a reminder was said and when it may be said again, empty for never; "Snooze" and
"Stop" hold for what it is `about`.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
)

from incident_bot.domain.reminder import ReminderKind
from incident_bot.domain.timeline import EntryKind
from incident_bot.store.rows.tables import (
    UtcDateTime,
    is_unfinished,
    outbox,
    reminders,
    timeline_entries,
)

_LEAST_PAUSE: Final = timedelta(hours=1)
"""However often what it is about changes, it is not said more often."""

_STUCK_AFTER: Final = timedelta(minutes=10)

_IS_THIS: Final = (
    reminders.c.incident_id == bindparam("incident"),
    reminders.c.kind == bindparam("of_kind"),
    reminders.c.owner == bindparam("whose"),
)
_WAITING: Final = (
    select(outbox.c.lane, func.min(outbox.c.created_at, type_=UtcDateTime))
    .join(timeline_entries, timeline_entries.c.id == outbox.c.entry_id)
    .where(
        is_unfinished(),
        outbox.c.lane.in_(bindparam("there", expanding=True)),
        timeline_entries.c.kind == EntryKind.REMINDED,
    )
    .group_by(outbox.c.lane)
)
_FIND: Final = select(reminders).where(*_IS_THIS)
_REMOVE: Final = delete(reminders).where(*_IS_THIS)
_ADD: Final = insert(reminders)


def may_be_said(about: ColumnElement[datetime], now: datetime) -> ColumnElement[bool]:
    """Whether a row that is there lets it be said, or there is none."""
    spared = bindparam("spared", now - _LEAST_PAUSE, UtcDateTime(), unique=True)
    return or_(
        reminders.c.incident_id.is_(None),
        and_(
            or_(reminders.c.about != about, reminders.c.not_before <= now),
            or_(reminders.c.said_at.is_(None), reminders.c.said_at <= spared),
        ),
    )


def is_hushed(
    connection: Connection,
    incident_id: int,
    kind: ReminderKind,
    owner: str,
    about: datetime,
    now: datetime,
) -> bool:
    """The same of one, for a last look before it is said."""
    row = connection.execute(_FIND, _key(incident_id, kind, owner)).first()
    if row is None:
        return False
    if row.said_at is not None and row.said_at > now - _LEAST_PAUSE:
        return True
    # Of action items the latest is meant: one that is done leaves an earlier one, long known.
    is_known = row.about >= about if kind.is_of_items else row.about == about
    return is_known and (row.not_before is None or row.not_before > now)


def free(
    connection: Connection, destinations: Collection[str], now: datetime
) -> tuple[str, ...] | None:
    """Where it can be said now, the one before it having gone out; None: it has to wait.

    A destination that has kept one waiting for long takes no messages, and holds up no other.
    """
    rows = connection.execute(_WAITING, {"there": list(destinations)}).all()
    stuck = {lane for lane, since in rows if since <= now - _STUCK_AFTER}
    found = tuple(destination for destination in destinations if destination not in stuck)
    is_kept = len(rows) > len(stuck) or (not found and bool(stuck))
    return None if is_kept else found


def keep(
    connection: Connection,
    incident_id: int,
    kind: ReminderKind,
    owner: str,
    about: datetime,
    *,
    not_before: datetime | None,
    said_at: datetime | None = None,
) -> None:
    """Say it no sooner than that, or never; without `said_at` it was said when it was."""
    key = _key(incident_id, kind, owner)
    known = connection.execute(_FIND, key).first()
    connection.execute(_REMOVE, key)
    values = {
        "incident_id": incident_id,
        "kind": kind,
        "owner": owner,
        "about": about,
        "said_at": said_at or (known.said_at if known else None),
        "not_before": not_before,
    }
    connection.execute(_ADD, values)


def _key(incident_id: int, kind: ReminderKind, owner: str) -> dict[str, object]:
    return {"incident": incident_id, "of_kind": kind, "whose": owner}
