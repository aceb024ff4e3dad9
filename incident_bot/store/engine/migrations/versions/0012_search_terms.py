"""The terms by which incidents are found, the same on both databases."""

from collections.abc import Iterator
from typing import Final

import sqlalchemy as sa
from alembic import op

from incident_bot.store.rows.search_terms import incident_terms
from incident_bot.store.rows.tables import incidents

revision = "0012"
down_revision = "0011"

_AT_ONCE: Final = 1000
_TRIGGERS: Final = ("insert", "update", "delete")

# FTS5's own tokenizers fold and part text each in their way; terms only need to be kept apart.
_SQLITE_SEARCH: Final = (
    """
    CREATE VIRTUAL TABLE incident_words USING fts5(
        search_terms, content='incidents', content_rowid='id', tokenize='ascii'
    )
    """,
    "INSERT INTO incident_words (incident_words) VALUES ('rebuild')",
    """
    CREATE TRIGGER incident_words_insert AFTER INSERT ON incidents BEGIN
        INSERT INTO incident_words (rowid, search_terms) VALUES (new.id, new.search_terms);
    END
    """,
    """
    CREATE TRIGGER incident_words_update AFTER UPDATE OF search_terms ON incidents BEGIN
        INSERT INTO incident_words (incident_words, rowid, search_terms)
        VALUES ('delete', old.id, old.search_terms);
        INSERT INTO incident_words (rowid, search_terms) VALUES (new.id, new.search_terms);
    END
    """,
    """
    CREATE TRIGGER incident_words_delete AFTER DELETE ON incidents BEGIN
        INSERT INTO incident_words (incident_words, rowid, search_terms)
        VALUES ('delete', old.id, old.search_terms);
    END
    """,
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _upgrade_sqlite()
    else:
        _upgrade_postgres()


def _upgrade_sqlite() -> None:
    for name in _TRIGGERS:
        op.execute(f"DROP TRIGGER incident_words_{name}")
    op.execute("DROP TABLE incident_words")
    op.execute("ALTER TABLE incidents ADD COLUMN search_terms TEXT NOT NULL DEFAULT ''")
    _fill()
    for statement in _SQLITE_SEARCH:
        op.execute(statement)
    _make_last("incident_counts_insert")


def _make_last(trigger: str) -> None:
    """Have SQLite compile another trigger before those of FTS5: it begins with the newest.

    Opening FTS5's tables while an INSERT is compiled, after another connection has changed the
    schema, fails as "no such table: incidents" (SQLite 3.40).
    """
    statement = op.get_bind().scalar(
        sa.text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": trigger}
    )
    op.execute(f"DROP TRIGGER {trigger}")
    op.execute(str(statement))


def _upgrade_postgres() -> None:
    op.execute("ALTER TABLE incidents DROP COLUMN words")
    # With a default: there an older process may still write, for a moment.
    op.execute("ALTER TABLE incidents ADD COLUMN search_terms TSVECTOR NOT NULL DEFAULT ''")
    _fill()
    op.execute("CREATE INDEX ix_incidents_search_terms ON incidents USING gin (search_terms)")


def _fill() -> None:
    connection = op.get_bind()
    change = (
        sa.update(incidents)
        .where(incidents.c.id == sa.bindparam("number"))
        .values(search_terms=sa.bindparam("terms", type_=incidents.c.search_terms.type))
    )
    for some in _texts(connection):
        terms = [
            {"number": row.id, "terms": incident_terms(row.title, row.description)} for row in some
        ]
        connection.execute(change, terms)


def _texts(connection: sa.Connection) -> Iterator[list[sa.Row[int, str, str]]]:
    texts = (
        sa.select(incidents.c.id, incidents.c.title, incidents.c.description)
        .where(incidents.c.id > sa.bindparam("after"))
        .order_by(incidents.c.id)
        .limit(_AT_ONCE)
    )
    last = 0
    while some := list(connection.execute(texts, {"after": last})):
        yield some
        last = some[-1].id
