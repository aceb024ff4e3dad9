"""What the bots' database holds, read past the bots, which may be cut off from it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, create_engine, text

_UNSENT: Final = """
    SELECT o.incident_id, o.operation, o.destination, o.lane = o.destination, o.state, o.attempts,
        o.reason, coalesce(e.actor, i.reported_by)
    FROM outbox o JOIN incidents i ON i.id = o.incident_id
        LEFT JOIN timeline_entries e ON e.id = o.entry_id
    WHERE o.state = ANY(:states) ORDER BY o.id
"""
_DECLARED: Final = "SELECT id, title FROM incidents WHERE title = ANY(:titles) ORDER BY id"
_BEING_TOLD: Final = """
    SELECT 1 FROM outbox
    WHERE incident_id = :id AND destination = :user AND state = 'sending'
"""
_UPDATES: Final = """
    SELECT text FROM timeline_entries
    WHERE incident_id = :id AND kind = 'update posted' ORDER BY id
"""


@dataclass(frozen=True)
class Waiting:
    """A message, or a step in a channel, that is not sent; `actor` is who asked for it."""

    incident_id: int
    kind: str
    destination: str
    is_post: bool
    state: str
    attempts: int
    reason: str | None
    actor: str

    def __str__(self) -> str:
        where = f"INC-{self.incident_id}'s {self.kind} in {self.destination}"
        return f"{where} is {self.state} after {self.attempts} tries: {self.reason}"


class Records:
    """By a connection of their own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def counts_from(self, first_id: int) -> None:
        """Have the incidents' IDs begin there: the bot's examples name smaller ones."""
        sequence = "pg_get_serial_sequence('incidents', 'id')"
        self._query(f"SELECT setval({sequence}, :first, false)", first=first_id)

    def declared(self, titles: Sequence[str]) -> tuple[int, str] | None:
        """The first that has one of the titles, if any: its ID and its title."""
        found = self._query(_DECLARED, titles=list(titles))
        return (found[0][0], found[0][1]) if found else None

    def channel_of(self, incident_id: int) -> str | None:
        """The ID of its own channel."""
        rows = self._query("SELECT channel_id FROM incidents WHERE id = :id", id=incident_id)
        return rows[0][0] if rows else None

    def responds(self, incident_id: int, user_id: str) -> bool:
        responder = "SELECT 1 FROM responders WHERE incident_id = :id AND user_id = :user"
        return bool(self._query(responder, id=incident_id, user=user_id))

    def is_being_told(self, incident_id: int, user_id: str) -> bool:
        """Whether a direct message to somebody is on its way just now."""
        return bool(self._query(_BEING_TOLD, id=incident_id, user=user_id))

    def updates(self, incident_id: int) -> list[str]:
        """Their texts."""
        return [words for (words,) in self._query(_UPDATES, id=incident_id)]

    def unsent(self, *states: str) -> list[Waiting]:
        """The rows of the outbox in these states."""
        return [Waiting(*row) for row in self._query(_UNSENT, states=list(states))]

    def _query(self, statement: str, **given: object) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._connection.execute(text(statement), given)]


@contextmanager
def records(address: str) -> Iterator[Records]:
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield Records(connection)
    engine.dispose()
