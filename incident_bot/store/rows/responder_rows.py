"""The responders of an incident, read and written in the caller's transaction."""

from dataclasses import asdict
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from incident_bot.domain.responders import Responder, Responders
from incident_bot.store.rows.tables import responders

# Built once: building a statement takes longer than running it.
_LOAD: Final = (
    select(responders.c.user_id, responders.c.joined_at, responders.c.role)
    .where(responders.c.incident_id == bindparam("incident"))
    .order_by(responders.c.role.is_(None), responders.c.joined_at, responders.c.user_id)
)
_ADD: Final = insert(responders)
_IS_ONE: Final = (
    responders.c.incident_id == bindparam("incident"),
    responders.c.user_id == bindparam("who"),
)
_SET_ROLE: Final = update(responders).where(*_IS_ONE).values(role=bindparam("as"))
_REMOVE: Final = delete(responders).where(*_IS_ONE)


def load(connection: Connection, incident_id: int) -> Responders:
    """Those with a role first, else in the order in which they joined."""
    rows = connection.execute(_LOAD, {"incident": incident_id})
    return Responders(tuple(Responder(*row) for row in rows))


def save(connection: Connection, incident_id: int, after: Responders) -> None:
    """Keep who is there, and who has which role now."""
    before = load(connection, incident_id)
    for gone in (one.user_id for one in before if after.find(one.user_id) is None):
        connection.execute(_REMOVE, {"incident": incident_id, "who": gone})
    changed = [responder for responder in after if responder not in before]
    # A role has to be free before somebody else gets it.
    for responder in sorted(changed, key=lambda one: one.role is not None):
        if before.find(responder.user_id) is None:
            connection.execute(_ADD, {"incident_id": incident_id, **asdict(responder)})
        else:
            where = {"incident": incident_id, "who": responder.user_id}
            connection.execute(_SET_ROLE, where | {"as": responder.role})
