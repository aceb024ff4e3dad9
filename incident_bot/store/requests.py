"""Which requests came before: the same one, sent again, changes nothing twice."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from incident_bot.domain.actors import Viewer
from incident_bot.domain.errors import KeyReused, RepeatedRequest
from incident_bot.domain.incident import Incident
from incident_bot.store.engine.database import Database
from incident_bot.store.rows.reading import incident_from_json, incident_to_json
from incident_bot.store.rows.tables import UtcDateTime, requests

ANSWERING_FOR: Final = timedelta(seconds=15)
"""How long an event is believed to be being answered by a process that says nothing more of it."""

# Built once: building a statement takes longer than running it.
_FIND: Final = select(requests).where(requests.c.key == bindparam("key"))
_ADD: Final = insert(requests)
_GO_ON: Final = (
    update(requests).where(requests.c.key == bindparam("of")).values(at=bindparam("now"))
)
_TAKE_OVER: Final = _GO_ON.where(requests.c.at <= bindparam("before", type_=UtcDateTime()))


@dataclass(frozen=True)
class Request:
    """Who asks, and the key under which the same request would come a second time.

    `actor` is a Slack user ID or the name of an API token. With a `fingerprint` of what is asked
    for, the same request is answered as it was the first time; without, it is refused.
    `sees_private` as in Viewer.
    """

    actor: str
    key: str | None = None
    fingerprint: str | None = None
    sees_private: bool = False

    @property
    def viewer(self) -> Viewer:
        return Viewer(self.actor, self.sees_private)


class AnsweredRequests:
    """Notes which of Slack's events were answered, by their IDs: Slack may tell of one again."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def is_answered(self, event_id: str) -> bool:
        key = {"key": _answer_to(event_id)}
        return await self._database.read(
            lambda connection: connection.execute(_FIND, key).first() is not None
        )

    async def begin(self, event_id: str) -> bool:
        """Whether to answer it now: False while another process that shares the database does.

        That holds for ANSWERING_FOR, unless it goes on.
        """
        if not self._database.is_shared:
            return True
        key, at = _answering(event_id), self._clock()

        def work(connection: Connection) -> bool:
            if connection.execute(_FIND, {"key": key}).first() is None:
                connection.execute(_ADD, {"key": key, "at": at})
                return True
            values = {"of": key, "now": at, "before": at - ANSWERING_FOR}
            return connection.execute(_TAKE_OVER, values).rowcount > 0

        try:
            return await self._database.write(work)
        except IntegrityError:  # another began at the same moment
            return False

    async def go_on(self, event_id: str) -> None:
        """It is still being answered."""
        if self._database.is_shared:
            values = {"of": _answering(event_id), "now": self._clock()}
            await self._database.write(lambda connection: connection.execute(_GO_ON, values))

    async def note(self, event_id: str) -> None:
        """May be noted twice."""
        key, at = _answer_to(event_id), self._clock()

        def work(connection: Connection) -> None:
            if connection.execute(_FIND, {"key": key}).first() is None:
                connection.execute(_ADD, {"key": key, "at": at})

        await self._database.write(work)


def _answering(event_id: str) -> str:
    return f"answering:{event_id}"


def _answer_to(event_id: str) -> str:
    return f"answer:{event_id}"


def answered_before(connection: Connection, request: Request) -> Incident | None:
    """The answer to a request that came before; raises RepeatedRequest when it is not kept."""
    if request.key is None:
        return None
    row = connection.execute(_FIND, {"key": request.key}).first()
    if row is None:
        return None
    if row.answer is None:
        raise RepeatedRequest(row.incident_id)
    if row.fingerprint != request.fingerprint:
        raise KeyReused
    return incident_from_json(row.answer)


def remember(connection: Connection, request: Request, incident: Incident, at: datetime) -> None:
    if request.key is None:
        return
    is_answer_kept = request.fingerprint is not None
    values = {
        "key": request.key,
        "incident_id": incident.id,
        "at": at,
        "fingerprint": request.fingerprint,
        "answer": incident_to_json(incident) if is_answer_kept else None,
    }
    connection.execute(_ADD, values)


def forget(connection: Connection, before: datetime) -> None:
    """Drop those that are so old that nobody sends them again."""
    connection.execute(requests.delete().where(requests.c.at < before))
