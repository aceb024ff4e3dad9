"""Which incidents are wanted, as a query; the one place that knows how words are searched.

SQLite's FTS5 keeps the words of titles and descriptions in `incident_words`, by triggers;
PostgreSQL in a column of its own, `incidents.words`.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Integer, Select, column, func, literal_column, select, table

from incident_bot.domain.status import Status
from incident_bot.store.tables import incidents

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


def words_of(text: str) -> tuple[str, ...]:
    """The words of a search; what has neither letter nor digit is none."""
    return tuple(word for word in text.split() if any(map(str.isalnum, word)))


def newest(wanted: IncidentFilter, limit: int, before: int | None, dialect: str) -> Select[Any]:
    """The newest `limit` incidents with an ID below `before`; `dialect` is SQLAlchemy's name."""
    # By the ID of the table that is searched: so FTS5 walks from the newest and can stop.
    has_words_table = wanted.words and dialect == "sqlite"
    incident_id = _words.c.rowid if has_words_table else incidents.c.id
    query = _where(select(incidents), wanted, dialect).order_by(incident_id.desc()).limit(limit)
    return query if before is None else query.where(incident_id < before)


def count(wanted: IncidentFilter, dialect: str) -> Select[Any]:
    """How many there are."""
    return _where(select(func.count()).select_from(incidents), wanted, dialect)


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
