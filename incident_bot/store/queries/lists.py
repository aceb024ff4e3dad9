"""Lists of incidents: filtered, searched, page by page."""

from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Connection, func, select

from incident_bot.domain.actors import Viewer
from incident_bot.domain.incident import Incident
from incident_bot.domain.status import UNRESOLVED
from incident_bot.store.engine.database import Database
from incident_bot.store.queries import documents, search
from incident_bot.store.queries.documents import Document, Keys
from incident_bot.store.queries.search import IncidentFilter, Search
from incident_bot.store.rows.reading import INCIDENT_COLUMNS, incident_of
from incident_bot.store.rows.tables import timeline_entries

T = TypeVar("T")

_LATEST_ENTRY_ID: Final = select(func.max(timeline_entries.c.id))
_UNRESOLVED: Final = IncidentFilter(UNRESOLVED)

BATCH: Final = 100
"""How many incidents are read at once when all are wanted."""


class IncidentLists:
    """Finds incidents, newest first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(
        self, wanted: IncidentFilter, viewer: Viewer, limit: int, before: int | None = None
    ) -> tuple[tuple[Incident, ...], int]:
        """The newest `limit` incidents that are `wanted`, and how many there are in all.

        What the viewer may not know of is neither found nor counted.
        `before` is the ID of an incident: only older ones are given, but all are counted, those
        that are not counted to the end as far as COUNTED + 1.
        """
        looked_for = Search(wanted, viewer)

        def work(connection: Connection) -> tuple[tuple[Incident, ...], int]:
            rows, total = _page(connection, INCIDENT_COLUMNS, looked_for, limit, before)
            return tuple(map(incident_of, rows)), total

        return await self._look(wanted, work)

    async def newest(
        self, wanted: IncidentFilter, viewer: Viewer, limit: int, before: int | None = None
    ) -> tuple[Incident, ...]:
        """The same without counting them all, which may take longer."""
        looked_for = Search(wanted, viewer)

        def work(connection: Connection) -> tuple[Incident, ...]:
            rows = _newest(connection, INCIDENT_COLUMNS, looked_for, limit, before)
            return tuple(map(incident_of, rows))

        return await self._look(wanted, work)

    async def count(self, wanted: IncidentFilter, viewer: Viewer) -> int:
        """How many there are, as far as `find` counts them."""
        looked_for = Search(wanted, viewer)
        return await self._look(wanted, lambda connection: _count(connection, looked_for))

    async def latest_entry_id(self) -> int:
        """The ID of what was recorded last of any incident: it grows with every change."""
        return await self._database.read(
            lambda connection: connection.scalar(_LATEST_ENTRY_ID) or 0
        )

    async def find_documents(
        self,
        keys: Keys,
        wanted: IncidentFilter,
        viewer: Viewer,
        limit: int,
        before: int | None = None,
    ) -> tuple[tuple[Document, ...], int]:
        """As `find`, but as JSON."""
        looked_for = Search(wanted, viewer)

        def work(connection: Connection) -> tuple[tuple[Document, ...], int]:
            columns = documents.columns(keys, connection.dialect.name)
            rows, total = _page(connection, columns, looked_for, limit, before)
            return tuple(Document(*row) for row in rows), total

        return await self._look(wanted, work)

    async def all_documents(
        self, keys: Keys, wanted: IncidentFilter, viewer: Viewer
    ) -> AsyncIterator[tuple[Document, ...]]:
        """All incidents that are `wanted`, newest first, a few at a time, as JSON.

        Each batch is a transaction of its own: however slowly they are taken, no snapshot is
        held. What is declared meanwhile is not among them.
        """
        looked_for = Search(wanted, viewer)

        def work(connection: Connection, before: int | None) -> tuple[Document, ...]:
            columns = documents.columns(keys, connection.dialect.name)
            rows = _newest(connection, columns, looked_for, BATCH, before)
            return tuple(Document(*row) for row in rows)

        before: int | None = None
        while True:
            found = await self._database.scan(partial(work, before=before))
            yield found
            if len(found) < BATCH:
                return
            before = found[-1].id

    async def find_similar(self, title: str, viewer: Viewer, limit: int) -> tuple[Incident, ...]:
        """The `limit` unresolved incidents that have most of a title's words, of those the newest.

        Any word may be missing. What the viewer may not know of is not found.
        """
        words = search.telling_words(title)
        if not words:
            return ()
        looked_for = Search(_UNRESOLVED, viewer)

        def work(connection: Connection) -> tuple[Incident, ...]:
            dialect = connection.dialect.name
            query = search.similar(INCIDENT_COLUMNS, len(words), looked_for.kind(dialect))
            where = search.similar_parameters(words, dialect) | {"limit": limit}
            return tuple(map(incident_of, connection.execute(query, looked_for.parameters | where)))

        return await self._database.scan(work)

    async def _look(self, wanted: IncidentFilter, work: Callable[[Connection], T]) -> T:
        """A page follows an index and is read at once; looking for words may take longer."""
        read = self._database.scan if wanted.words else self._database.read
        return await read(work)


def _page(
    connection: Connection,
    columns: tuple[ColumnElement[Any], ...],
    looked_for: Search,
    limit: int,
    before: int | None,
) -> tuple[Sequence[Sequence[Any]], int]:
    rows = _newest(connection, columns, looked_for, limit, before)
    if before is None and len(rows) < limit:
        return rows, len(rows)
    return rows, _count(connection, looked_for)


def _count(connection: Connection, looked_for: Search) -> int:
    query = search.count(looked_for.kind(connection.dialect.name))
    return connection.scalar(query, looked_for.parameters) or 0


def _newest(
    connection: Connection,
    columns: tuple[ColumnElement[Any], ...],
    looked_for: Search,
    limit: int,
    before: int | None,
) -> Sequence[Sequence[Any]]:
    kind = looked_for.kind(connection.dialect.name)
    query = search.newest(columns, kind, is_first=before is None)
    where = {"limit": limit} if before is None else {"limit": limit, "before": before}
    return connection.execute(query, looked_for.parameters | where).all()
