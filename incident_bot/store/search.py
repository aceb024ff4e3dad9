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
    Text,
    and_,
    bindparam,
    case,
    column,
    exists,
    func,
    literal_column,
    or_,
    select,
    table,
    true,
    union_all,
)

from incident_bot.domain.actors import Viewer
from incident_bot.domain.status import Status
from incident_bot.store.tables import incident_counts, incidents, responders

_LIMIT: Final = bindparam("limit", type_=Integer)
_BEFORE: Final = bindparam("before", type_=BigInteger)
_VIEWER: Final = bindparam("viewer", type_=Text)
# In the words of the partial index: SQLite uses it only where it finds its very condition again.
_IS_PRIVATE: Final[ColumnElement[bool]] = literal_column("incidents.is_private")
# Building a query takes longer than running it; most are asked for again and again.
_built_once: Final = lru_cache(maxsize=256)

COUNTED: Final = 1000
"""How far those are counted that could take long: with words, or of one lead."""

# FTS5 gives a table's own name a hidden column: what is matched against it is a query.
_words: Final = table("incident_words", column("rowid", Integer), column("incident_words"))


@dataclass(frozen=True)
class IncidentFilter:
    """Which incidents to find; what is None or empty does not matter.

    `besides_lead` leaves out those of one lead. `words` all have to be in the title or the
    description, in any order and any case.
    """

    statuses: frozenset[Status] = frozenset()
    severity: str | None = None
    lead: str | None = None
    besides_lead: str | None = None
    words: tuple[str, ...] = ()

    @property
    def is_counted_to_the_end(self) -> bool:
        """Whether `count` goes beyond COUNTED: what it takes to count these is known before."""
        return not self.words and self.lead is None and self.besides_lead is None


def words_of(text: str) -> tuple[str, ...]:
    """The words of a search; what has neither letter nor digit is none."""
    return tuple(word for word in text.split() if any(map(str.isalnum, word)))


@dataclass(frozen=True)
class Kind:
    """All that decides how a search is written; `dialect` is SQLAlchemy's name."""

    wanted: IncidentFilter
    sees_private: bool
    dialect: str


@dataclass(frozen=True)
class Search:
    """What somebody looks for, as far as they may see it."""

    wanted: IncidentFilter
    viewer: Viewer

    def kind(self, dialect: str) -> Kind:
        return Kind(self.wanted, self.viewer.sees_private, dialect)

    @property
    def parameters(self) -> dict[str, Any]:
        return {} if self.viewer.sees_private else {"viewer": self.viewer.actor}


@_built_once
def newest(columns: tuple[ColumnElement[Any], ...], kind: Kind, *, is_first: bool) -> Select[Any]:
    """`columns`, the ID among them, of the newest `:limit` incidents.

    Unless it `is_first`, a page has those with an ID below `:before`.
    """
    wanted = kind.wanted
    statuses = wanted.statuses or (frozenset(Status) if wanted.lead is not None else frozenset())
    if wanted.words or len(statuses) <= 1:
        return _newest(columns, kind, is_first=is_first)
    # An index holds the incidents of one status in their order, those of several it does not:
    # the newest of each, then the newest of those.
    of_one = [
        replace(kind, wanted=replace(wanted, statuses=frozenset({status})))
        for status in sorted(statuses)
    ]
    parts = [_newest(columns, one, is_first=is_first).subquery() for one in of_one]
    together = union_all(*map(select, parts)).subquery()
    return select(together).order_by(together.c.id.desc()).limit(_LIMIT)


def _newest(columns: tuple[ColumnElement[Any], ...], kind: Kind, *, is_first: bool) -> Select[Any]:
    # By the ID of the table that is searched: so FTS5 walks from the newest and can stop.
    has_words_table = kind.wanted.words and kind.dialect == "sqlite"
    incident_id = _words.c.rowid if has_words_table else incidents.c.id
    query = _where(select(*columns), kind).order_by(incident_id.desc()).limit(_LIMIT)
    return query if is_first else query.where(incident_id < _BEFORE)


@_built_once
def count(kind: Kind) -> Select[Any]:
    """How many there are; of those that are not counted to the end, COUNTED + 1 at most."""
    if not kind.wanted.is_counted_to_the_end:
        some = _where(select(literal_column("1")).select_from(incidents), kind)
        return select(func.count()).select_from(some.limit(COUNTED + 1).subquery())
    everyone = select(func.count()).select_from(incidents)
    if kind.dialect != "sqlite":
        return _where(everyone, kind)
    counted = _where_counted(select(func.coalesce(func.sum(incident_counts.c.number), 0)), kind)
    private = _where(everyone.where(_IS_PRIVATE), kind)
    return select(counted.scalar_subquery() + private.scalar_subquery())


def _where_counted(query: Select[Any], kind: Kind) -> Select[Any]:
    if kind.wanted.statuses:
        query = query.where(incident_counts.c.status.in_(sorted(kind.wanted.statuses)))
    if kind.wanted.severity is not None:
        query = query.where(incident_counts.c.severity == kind.wanted.severity)
    return query


def _where(query: Select[Any], kind: Kind) -> Select[Any]:
    wanted = kind.wanted
    query = query.where(incidents.c.deleted_at.is_(None))
    if not kind.sees_private:
        query = query.where(_is_visible())
    if wanted.words and kind.dialect == "sqlite":
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
    if wanted.besides_lead is not None:
        query = query.where(incidents.c.lead.is_distinct_from(wanted.besides_lead))
    return query


def _is_visible() -> ColumnElement[bool]:
    """Whether `:viewer` may know of an incident; `Incident.is_visible_to` says the same."""
    is_responder = exists().where(
        responders.c.incident_id == incidents.c.id, responders.c.user_id == _VIEWER
    )
    is_reporter = and_(incidents.c.reported_by == _VIEWER, ~incidents.c.has_named_reporter)
    is_theirs = or_(is_reporter, incidents.c.lead == _VIEWER, is_responder)
    # As one of several conditions joined by OR, SQLite would look each up in an index of its own
    # and sort what it found. Measured with 20,000 incidents: 100 times as slow.
    return case((_IS_PRIVATE, is_theirs), else_=true())


def _match(words: tuple[str, ...]) -> str:
    """An FTS5 query for all of `words`: quoted, nothing in them is an operator."""
    return " ".join('"' + word.replace('"', '""') + '"' for word in words)
