"""Which incidents are wanted, as a query; the one place that knows how words are searched.

SQLite's FTS5 keeps the words of titles and descriptions in `incident_words`, by triggers;
PostgreSQL in a column of its own, `incidents.words`.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    bindparam,
    column,
    func,
    literal_column,
    select,
    table,
    union_all,
)

from incident_bot.domain.status import Status
from incident_bot.store.tables import incident_counts, incidents

_LIMIT: Final = bindparam("limit", type_=Integer)
_BEFORE: Final = bindparam("before", type_=BigInteger)
# Building a query takes longer than running it; most are asked for again and again.
_built_once: Final = lru_cache(maxsize=256)

COUNTED: Final = 1000
"""How far those are counted that could take long: with words, or of one lead."""

# FTS5 gives a table's own name a hidden column: what is matched against it is a query.
_words: Final = table("incident_words", column("rowid", Integer), column("incident_words"))


@dataclass(frozen=True)
class IncidentFilter:
    """Which incidents to find; what is None or empty does not matter.

    `words` all have to be in the title or the description, in any order and any case.
    """

    statuses: frozenset[Status] = frozenset()
    severity: str | None = None
    lead: str | None = None
    words: tuple[str, ...] = ()

    @property
    def is_counted_to_the_end(self) -> bool:
        """Whether `count` goes beyond COUNTED: what it takes to count these is known before."""
        return not self.words and self.lead is None


def words_of(text: str) -> tuple[str, ...]:
    """The words of a search; what has neither letter nor digit is none."""
    return tuple(word for word in text.split() if any(map(str.isalnum, word)))


@_built_once
def newest(
    columns: tuple[ColumnElement[Any], ...],
    wanted: IncidentFilter,
    dialect: str,
    *,
    is_first: bool,
) -> Select[Any]:
    """`columns`, the ID among them, of the newest `:limit` incidents.

    Unless it `is_first`, a page has those with an ID below `:before`. `dialect` is SQLAlchemy's
    name.
    """
    statuses = wanted.statuses or (frozenset(Status) if wanted.lead is not None else frozenset())
    if wanted.words or len(statuses) <= 1:
        return _newest(columns, wanted, dialect, is_first=is_first)
    # An index holds the incidents of one status in their order, those of several it does not:
    # the newest of each, then the newest of those.
    of_one = [replace(wanted, statuses=frozenset({status})) for status in sorted(statuses)]
    parts = [_newest(columns, one, dialect, is_first=is_first).subquery() for one in of_one]
    together = union_all(*map(select, parts)).subquery()
    return select(together).order_by(together.c.id.desc()).limit(_LIMIT)


def _newest(
    columns: tuple[ColumnElement[Any], ...],
    wanted: IncidentFilter,
    dialect: str,
    *,
    is_first: bool,
) -> Select[Any]:
    # By the ID of the table that is searched: so FTS5 walks from the newest and can stop.
    has_words_table = wanted.words and dialect == "sqlite"
    incident_id = _words.c.rowid if has_words_table else incidents.c.id
    query = _where(select(*columns), wanted, dialect).order_by(incident_id.desc()).limit(_LIMIT)
    return query if is_first else query.where(incident_id < _BEFORE)


@_built_once
def count(wanted: IncidentFilter, dialect: str) -> Select[Any]:
    """How many there are; of those that are not counted to the end, COUNTED + 1 at most."""
    if not wanted.is_counted_to_the_end:
        some = _where(select(literal_column("1")).select_from(incidents), wanted, dialect)
        return select(func.count()).select_from(some.limit(COUNTED + 1).subquery())
    if dialect == "sqlite":
        return _where_counted(select(func.sum(incident_counts.c.number)), wanted)
    return _where(select(func.count()).select_from(incidents), wanted, dialect)


def _where_counted(query: Select[Any], wanted: IncidentFilter) -> Select[Any]:
    if wanted.statuses:
        query = query.where(incident_counts.c.status.in_(sorted(wanted.statuses)))
    if wanted.severity is not None:
        query = query.where(incident_counts.c.severity == wanted.severity)
    return query


def _where(query: Select[Any], wanted: IncidentFilter, dialect: str) -> Select[Any]:
    query = query.where(incidents.c.deleted_at.is_(None))
    if wanted.words and dialect == "sqlite":
        query = query.join(_words, _words.c.rowid == incidents.c.id)
        query = query.where(_words.c.incident_words.op("MATCH")(_match(wanted.words)))
    elif wanted.words:
        asked = func.plainto_tsquery("simple", " ".join(wanted.words))
        query = query.where(literal_column("incidents.words").op("@@")(asked))
    if wanted.statuses:
        query = query.where(incidents.c.status.in_(sorted(wanted.statuses)))
    if wanted.severity is not None:
        query = query.where(incidents.c.severity == wanted.severity)
    if wanted.lead is not None:
        query = query.where(incidents.c.lead == wanted.lead)
    return query


def _match(words: tuple[str, ...]) -> str:
    """An FTS5 query for all of `words`: quoted, nothing in them is an operator."""
    return " ".join('"' + word.replace('"', '""') + '"' for word in words)
