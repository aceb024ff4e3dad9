"""Which incidents are wanted, as a query; the one place that knows how words are searched.

Titles and descriptions are found by the terms in `incidents.search_terms`: SQLite's FTS5 keeps
them in `incident_words`, by triggers; PostgreSQL has an index of the column.
"""

from collections.abc import Sequence
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
    cast,
    column,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
    true,
    union_all,
)

from incident_bot.domain.actors import Viewer
from incident_bot.domain.status import Status
from incident_bot.store.rows.search_terms import Phrase, phrase_of, telling_terms
from incident_bot.store.rows.tables import TsQuery, incident_counts, incidents, responders

_LIMIT: Final = bindparam("limit", type_=Integer)
_BEFORE: Final = bindparam("before", type_=BigInteger)
_VIEWER: Final = bindparam("viewer", type_=Text)
# In the words of the partial index: SQLite uses it only where it finds its very condition again.
_IS_PRIVATE: Final[ColumnElement[bool]] = literal_column("incidents.is_private")
# Building a query takes longer than running it; most are asked for again and again.
_built_once: Final = lru_cache(maxsize=256)

COUNTED: Final = 1000
"""How far those are counted that could take long: with words, or of one lead."""

FAR: Final = 500
"""How many incidents are looked at for what is similar, of each word or status."""

_MOST_WORDS: Final = 8
# By them everything is similar to everything; other languages are as good as their short words.
_SAY_LITTLE: Final = frozenset(
    telling_terms(
        "all and any are but can does for from has have its not now our since that the this was "
        "when with you your"
    )
)

# FTS5 gives a table's own name a hidden column: what is matched against it is a query.
_words: Final = table("incident_words", column("rowid", Integer), column("incident_words"))


@dataclass(frozen=True)
class IncidentFilter:
    """Which incidents to find; what is None or empty does not matter.

    `besides_lead` leaves out those of one lead. `words` all have to be in the title or the
    description, in any order; `search_terms.py` says when one is.
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
    return tuple(word for word in text.split() if phrase_of(word).terms)


def telling_words(title: str) -> tuple[str, ...]:
    """The terms that tell what a title is about, the longest ones."""
    terms = set(telling_terms(title)) - _SAY_LITTLE
    return tuple(sorted(terms, key=lambda term: (-len(term), term)))[:_MOST_WORDS]


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


@_built_once
def similar(columns: tuple[ColumnElement[Any], ...], number: int, kind: Kind) -> Select[Any]:
    """`columns` of the `:limit` incidents with the most of the `number` words `:word_0` and so on.

    Of those with equally many the newest. However many incidents there are, and however frequent
    the words, it takes no longer: no more than FAR are looked at, of each word or status.
    """
    names = [f"word_{place}" for place in range(number)]
    build = _similar_by_word if kind.dialect == "sqlite" else _similar_by_status
    return build(columns, [bindparam(name, type_=Text) for name in names], kind).limit(_LIMIT)


def _similar_by_word(
    columns: tuple[ColumnElement[Any], ...], words: Sequence[ColumnElement[str]], kind: Kind
) -> Select[Any]:
    """FTS5 walks from a word's newest incident and can stop; the resolved are left out then."""
    newest_first = select(_words.c.rowid.label("id")).order_by(_words.c.rowid.desc()).limit(FAR)
    parts = [
        newest_first.where(_words.c.incident_words.op("MATCH")(word)).subquery() for word in words
    ]
    found = union_all(*map(select, parts)).subquery()
    ranked = select(found.c.id, func.count().label("hits")).group_by(found.c.id).subquery()
    query = _where(select(*columns), kind).join(ranked, ranked.c.id == incidents.c.id)
    return query.order_by(ranked.c.hits.desc(), incidents.c.id.desc())


def _similar_by_status(
    columns: tuple[ColumnElement[Any], ...], words: Sequence[ColumnElement[str]], kind: Kind
) -> Select[Any]:
    """PostgreSQL reads the newest of each status and looks for the words in them.

    By words it would read all there are for one that it takes to be more frequent than it is.
    """
    with_words = (*columns, incidents.c.search_terms.label("words"))
    parts = [
        _where(select(*with_words), replace(kind, wanted=IncidentFilter(frozenset({status}))))
        .order_by(incidents.c.id.desc())
        .limit(FAR)
        .subquery()
        for status in sorted(kind.wanted.statuses)
    ]
    newest = union_all(*map(select, parts)).subquery()
    hits = [cast(newest.c.words.op("@@")(cast(word, TsQuery)), Integer) for word in words]
    ranked = select(newest, sum(hits, start=literal_column("0", Integer)).label("hits")).subquery()
    wanted = [ranked.c[column.name] for column in columns]
    query = select(*wanted).where(ranked.c.hits > 0)
    return query.order_by(ranked.c.hits.desc(), ranked.c.id.desc())


def similar_parameters(words: tuple[str, ...], dialect: str) -> dict[str, str]:
    write = _in_fts5 if dialect == "sqlite" else _in_tsquery
    return {f"word_{place}": write(Phrase((word,))) for place, word in enumerate(words)}


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
    phrases = [phrase_of(word) for word in wanted.words]
    if phrases and kind.dialect == "sqlite":
        query = query.join(_words, _words.c.rowid == incidents.c.id)
        asked = " ".join(map(_in_fts5, phrases))
        query = query.where(_words.c.incident_words.op("MATCH")(asked))
    elif phrases:
        asked = " & ".join(map(_in_tsquery, phrases))
        query = query.where(incidents.c.search_terms.op("@@")(cast(literal(asked, Text), TsQuery)))
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


def _in_fts5(phrase: Phrase) -> str:
    """A phrase as FTS5 reads it; the quotes keep words such as AND from being operators."""
    return f'"{" ".join(phrase.terms)}"{" *" if phrase.is_open else ""}'


def _in_tsquery(phrase: Phrase) -> str:
    """A phrase as PostgreSQL's `tsquery` reads it."""
    joined = " <-> ".join(f"'{term}'" for term in phrase.terms)
    return f"({joined}{':*' if phrase.is_open else ''})"
