"""What was said of reminders, in the caller's transaction.

A row tells when a reminder was said and when it may be said again, empty for never; "Snooze" and
"Stop" hold for what it is `about`.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    or_,
    select,
)

from incident_bot.domain.reminder import ReminderKind
from incident_bot.domain.timeline import EntryKind
from incident_bot.store.tables import (
    UtcDateTime,
    is_unfinished,
    outbox,
    reminders,
    timeline_entries,
)

_LEAST_PAUSE: Final = timedelta(hours=1)
"""However often what it is about changes, it is not said more often."""

_IS_THIS: Final = (
    reminders.c.incident_id == bindparam("incident"),
    reminders.c.kind == bindparam("of_kind"),
    reminders.c.owner == bindparam("whose"),
)
_IS_ONE_WAITING: Final = select(
    exists().where(
        is_unfinished(),
        outbox.c.lane.in_(bindparam("there", expanding=True)),
        timeline_entries.c.id == outbox.c.entry_id,
        timeline_entries.c.kind == EntryKind.REMINDED,
    )
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


def is_one_waiting(connection: Connection, destinations: Iterable[str]) -> bool:
    """Whether a reminder to one of these has yet to go out."""
    return bool(connection.scalar(_IS_ONE_WAITING, {"there": list(destinations)}))


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
