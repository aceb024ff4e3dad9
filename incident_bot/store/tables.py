"""The tables. The migrations make them; a test holds the two against each other."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    DateTime,
    Dialect,
    ForeignKey,
    FromClause,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    column,
    event,
    literal_column,
)
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts its own row IDs, of 64 bits, only in a column declared as INTEGER.
_ID: Final = BigInteger().with_variant(Integer, "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; on SQLite text of ISO 8601, all of one length, so that it sorts as time.

    Refuses datetimes without a zone.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        # With SQLAlchemy's own DateTime reading a page takes 1.6 times as long.
        return Text() if dialect.name == "sqlite" else self.impl_instance

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        utc = value.astimezone(UTC)
        if dialect.name != "sqlite":
            return utc
        return utc.isoformat(timespec="microseconds").replace("+00:00", "Z")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401
        if value is None:
            return None
        if dialect.name == "sqlite":
            return datetime.fromisoformat(value)
        moment: datetime = value
        return moment.astimezone(UTC)


incidents = Table(
    "incidents",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("reported_by", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("declared_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("acknowledged_at", UtcDateTime),
    Column("resolved_at", UtcDateTime),
    Column("lead", Text),
    Column("latest_update", Text),
    Column("latest_update_by", Text),
    Column("latest_update_at", UtcDateTime),
    Column("summary", Text),
    Column("version", Integer, nullable=False),
    Column("deleted_at", UtcDateTime),
    Column(
        "has_named_reporter",
        Boolean(create_constraint=True, name="has_named_reporter"),
        nullable=False,
    ),
    CheckConstraint("status IN ('Open', 'In Progress', 'Resolved')", name="status"),
    CheckConstraint("(status = 'Resolved') = (resolved_at IS NOT NULL)", name="resolved_at"),
    CheckConstraint("version >= 1", name="version"),
    # AUTOINCREMENT: without it SQLite gives the highest ID again when its row is gone.
    sqlite_autoincrement=True,
)
_SHOWN: Final = column("deleted_at").is_(None)
# What is listed by status, by severity or by both is there in its order, and counted by the index
# alone. Measured with 100,000 incidents: counting them takes 4 ms instead of 22.
for _filters in (["status"], ["severity"], ["status", "severity"], ["lead", "status"]):
    Index(
        f"ix_incidents_{'_'.join(_filters)}",
        *(incidents.c[name] for name in [*_filters, "id"]),
        sqlite_where=_SHOWN,
        postgresql_where=_SHOWN,
    )

timeline_entries = Table(
    "timeline_entries",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("incident_id", ForeignKey("incidents.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("text", Text),
    Index("ix_timeline_entries_incident_id", "incident_id", "id"),
)

announcements = Table(
    "announcements",
    metadata,
    Column("incident_id", ForeignKey("incidents.id"), primary_key=True),
    Column("destination", Text, primary_key=True),
    Column("channel_id", Text),
    Column("message_ts", Text),
    Column("permalink", Text),
    CheckConstraint("message_ts IS NULL OR channel_id IS NOT NULL", name="message"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("incident_id", ForeignKey("incidents.id"), nullable=False),
    Column("entry_id", ForeignKey("timeline_entries.id")),
    Column("kind", Text, nullable=False),
    Column("destination", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("is_uncertain", Boolean(create_constraint=True, name="is_uncertain"), nullable=False),
    Column("reason", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("first_tried_at", UtcDateTime),
    Column("claimed_by", Text),
    Column("lease_until", UtcDateTime),
    Column("settled_at", UtcDateTime),
    CheckConstraint("kind IN ('announcement', 'notification')", name="kind"),
    CheckConstraint("state IN ('pending', 'sending', 'sent', 'failed', 'discarded')", name="state"),
    CheckConstraint("(kind = 'notification') = (entry_id IS NOT NULL)", name="entry"),
    CheckConstraint(
        "(state IN ('sent', 'failed', 'discarded')) = (settled_at IS NOT NULL)", name="settled"
    ),
    CheckConstraint("state NOT IN ('failed', 'discarded') OR reason IS NOT NULL", name="reason"),
    CheckConstraint("state IN ('pending', 'discarded') OR attempts > 0", name="attempts"),
    CheckConstraint("(state = 'sending') = (claimed_by IS NOT NULL)", name="claimed_by"),
    CheckConstraint("(claimed_by IS NULL) = (lease_until IS NULL)", name="lease"),
    sqlite_autoincrement=True,
)
_UNFINISHED = column("state").in_(["pending", "sending"])
Index(
    "ix_outbox_lane",
    outbox.c.lane,
    outbox.c.id,
    sqlite_where=_UNFINISHED,
    postgresql_where=_UNFINISHED,
)
Index(
    "ix_outbox_announcement",
    outbox.c.incident_id,
    outbox.c.destination,
    sqlite_where=_UNFINISHED & (column("kind") == "announcement"),
    postgresql_where=_UNFINISHED & (column("kind") == "announcement"),
)


def is_unfinished(table: FromClause = outbox) -> ColumnElement[bool]:
    """Whether a row of the outbox waits or is being sent; in the words of the partial indexes.

    SQLite uses one only where it finds its very condition again, without parameters.
    """
    return table.c.state.in_([literal_column("'pending'"), literal_column("'sending'")])


def is_announcement(table: FromClause = outbox) -> ColumnElement[bool]:
    """Whether a row of the outbox is an announcement or an edit of one; as `is_unfinished`."""
    return table.c.kind == literal_column("'announcement'")


requests = Table(
    "requests",
    metadata,
    Column("key", Text, primary_key=True),
    Column("incident_id", ForeignKey("incidents.id")),
    Column("at", UtcDateTime, nullable=False),
    Column("fingerprint", Text),
    Column("answer", Text),
    CheckConstraint("(fingerprint IS NULL) = (answer IS NULL)", name="answer"),
    Index("ix_requests_at", "at"),
)

# The words of titles and descriptions. Only SQLite has FTS5, and only as such statements.
_SEARCH: Final = (
    """
    CREATE VIRTUAL TABLE incident_words USING fts5(
        title, description, content='incidents', content_rowid='id',
        tokenize='unicode61 remove_diacritics 2'
    )
    """,
    """
    CREATE TRIGGER incident_words_insert AFTER INSERT ON incidents BEGIN
        INSERT INTO incident_words (rowid, title, description)
        VALUES (new.id, new.title, new.description);
    END
    """,
    """
    CREATE TRIGGER incident_words_update AFTER UPDATE OF title, description ON incidents BEGIN
        INSERT INTO incident_words (incident_words, rowid, title, description)
        VALUES ('delete', old.id, old.title, old.description);
        INSERT INTO incident_words (rowid, title, description)
        VALUES (new.id, new.title, new.description);
    END
    """,
    """
    CREATE TRIGGER incident_words_delete AFTER DELETE ON incidents BEGIN
        INSERT INTO incident_words (incident_words, rowid, title, description)
        VALUES ('delete', old.id, old.title, old.description);
    END
    """,
)

incident_counts = Table(
    "incident_counts",
    metadata,
    Column("status", Text, primary_key=True),
    Column("severity", Text, primary_key=True),
    Column("number", Integer, nullable=False),
)
# Kept by SQLite alone: on PostgreSQL all who declare would wait for each other at one row.
_COUNTS: Final = (
    """
    CREATE TRIGGER incident_counts_insert AFTER INSERT ON incidents
    WHEN new.deleted_at IS NULL BEGIN
        INSERT INTO incident_counts (status, severity, number)
        VALUES (new.status, new.severity, 1)
        ON CONFLICT (status, severity) DO UPDATE SET number = number + 1;
    END
    """,
    """
    CREATE TRIGGER incident_counts_leave AFTER UPDATE OF status, severity, deleted_at ON incidents
    WHEN old.deleted_at IS NULL BEGIN
        UPDATE incident_counts SET number = number - 1
        WHERE status = old.status AND severity = old.severity;
    END
    """,
    """
    CREATE TRIGGER incident_counts_enter AFTER UPDATE OF status, severity, deleted_at ON incidents
    WHEN new.deleted_at IS NULL BEGIN
        INSERT INTO incident_counts (status, severity, number)
        VALUES (new.status, new.severity, 1)
        ON CONFLICT (status, severity) DO UPDATE SET number = number + 1;
    END
    """,
)
for _statement in (*_SEARCH, *_COUNTS):
    _ddl = DDL(_statement)  # type: ignore[no-untyped-call]
    event.listen(metadata, "after_create", _ddl.execute_if(dialect="sqlite"))
