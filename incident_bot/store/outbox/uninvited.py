"""Whom Slack did not let into an incident's channel, in the caller's transaction.

They haven't left the channel, although they aren't in it. What is noted here holds for one
person each, until that person is in the channel.
"""

from collections.abc import Collection, Iterable
from typing import Final

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, select

from incident_bot.domain.timeline import EntryKind
from incident_bot.store.outbox.operations import Operation
from incident_bot.store.rows import incident_rows, responder_rows
from incident_bot.store.rows.tables import outbox, timeline_entries, uninvited

# Built once: building a statement takes longer than running it.
_OF_INCIDENT: Final = select(uninvited.c.user_id).where(
    uninvited.c.incident_id == bindparam("incident")
)
_ADD: Final = insert(uninvited)
_DROP: Final = delete(uninvited).where(
    uninvited.c.incident_id == bindparam("incident"),
    uninvited.c.user_id.in_(bindparam("who", expanding=True)),
)
_DROP_ALL: Final = delete(uninvited).where(uninvited.c.incident_id == bindparam("incident"))
_BROUGHT_IN: Final = select(timeline_entries.c.after).where(
    timeline_entries.c.id == bindparam("entry")
)


def uninvited_of(connection: Connection, incident_id: int) -> frozenset[str]:
    """Their user IDs."""
    return frozenset(connection.scalars(_OF_INCIDENT, {"incident": incident_id}))


def note(connection: Connection, incident_id: int, user_ids: Iterable[str]) -> None:
    """Slack did not let them in; may be noted twice."""
    new = sorted(set(user_ids) - uninvited_of(connection, incident_id))
    if new:
        rows = [{"incident_id": incident_id, "user_id": user_id} for user_id in new]
        connection.execute(_ADD, rows)


def forget(connection: Connection, incident_id: int, user_ids: Collection[str]) -> None:
    """They are in the channel, or have left it."""
    connection.execute(_DROP, {"incident": incident_id, "who": list(user_ids)})


def note_accepted(connection: Connection, incident_id: int, entry_id: int | None) -> None:
    """Note that everybody the invitation was for is in the channel, see `enqueue.invite`."""
    if entry_id is None:
        connection.execute(_DROP_ALL, {"incident": incident_id})
    else:
        forget(connection, incident_id, _brought_in(connection, entry_id))


def note_given_up(connection: Connection, incident_id: int, entry_id: int | None) -> None:
    """None of those were let in whom an invitation was for.

    An invitation of everybody to a channel that was opened again is for those who came while it
    was closed: the others were in it before, or are noted here already.
    """
    if entry_id is not None:
        note(connection, incident_id, _brought_in(connection, entry_id))
        return
    responders = responder_rows.load(connection, incident_id)
    closed = incident_rows.newest_entry(connection, incident_id, [EntryKind.CHANNEL_CLOSED])
    came = (one.user_id for one in responders if closed is None or one.joined_at >= closed.at)
    note(connection, incident_id, came)


def note_all_given_up(connection: Connection, which: ColumnElement[bool]) -> None:
    """The same for each invitation among these rows of the outbox."""
    is_invitation = outbox.c.operation == Operation.INVITATION
    found = select(outbox.c.incident_id, outbox.c.entry_id).where(which, is_invitation)
    for row in connection.execute(found).all():
        note_given_up(connection, row.incident_id, row.entry_id)


def _brought_in(connection: Connection, entry_id: int) -> tuple[str, ...]:
    user_id = connection.scalar(_BROUGHT_IN, {"entry": entry_id})
    return () if user_id is None else (user_id,)
