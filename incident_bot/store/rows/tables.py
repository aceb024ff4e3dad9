"""The tables' columns, as queries name them.

The migrations make them, and what keeps their rows right: constraints, indexes and triggers. A
test holds the columns against each other.
"""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    DateTime,
    Dialect,
    ForeignKey,
    FromClause,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    literal_column,
)
from sqlalchemy.types import TypeEngine, UserDefinedType

metadata = MetaData()

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


class SearchTerms(TypeDecorator[tuple[str, ...]]):
    """The terms of `search_terms.py`, in their order. On PostgreSQL nobody reads them back."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return Text() if dialect.name == "sqlite" else TsVector()

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str:
        terms = value or ()
        if dialect.name == "sqlite":
            return " ".join(terms)
        return " ".join(f"'{term}':{place}" for place, term in enumerate(terms, start=1))


class TsVector(UserDefinedType[str]):
    """PostgreSQL's own; SQLAlchemy's would have all of its dialect imported on SQLite, too."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "TSVECTOR"


class TsQuery(UserDefinedType[str]):
    """A search in a tsvector."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "TSQUERY"


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
    Column("has_named_reporter", Boolean, nullable=False),
    Column("next_update_at", UtcDateTime),
    Column("is_private", Boolean, nullable=False),
    Column("channel_id", Text),
    Column("channel_name", Text),
    Column("channel_closed_at", UtcDateTime),
    Column("search_terms", SearchTerms, nullable=False),
)

followers = Table(
    "followers",
    metadata,
    Column("incident_id", ForeignKey("incidents.id"), primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("since", UtcDateTime, nullable=False),
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
    Column("happened_at", UtcDateTime),
    Column("edited_at", UtcDateTime),
    Column("removed_at", UtcDateTime),
    Column("undone_at", UtcDateTime),
    Column("author", Text),
    Column("channel_id", Text),
    Column("message_ts", Text),
    Column("permalink", Text),
)

responders = Table(
    "responders",
    metadata,
    Column("incident_id", ForeignKey("incidents.id"), primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("role", Text),
    Column("joined_at", UtcDateTime, nullable=False),
)

uninvited = Table(
    "uninvited",
    metadata,
    Column("incident_id", ForeignKey("incidents.id"), primary_key=True),
    Column("user_id", Text, primary_key=True),
)

action_items = Table(
    "action_items",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("incident_id", ForeignKey("incidents.id"), nullable=False),
    Column("entry_id", ForeignKey("timeline_entries.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("owner", Text),
    Column("due_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("done_at", UtcDateTime),
    Column("done_by", Text),
)

announcements = Table(
    "announcements",
    metadata,
    Column("incident_id", ForeignKey("incidents.id"), primary_key=True),
    Column("destination", Text, primary_key=True),
    Column("channel_id", Text),
    Column("message_ts", Text),
    Column("permalink", Text),
)

# `message_ts` is that of the reply below the message, once it is there.
origins = Table(
    "origins",
    metadata,
    Column("incident_id", ForeignKey("incidents.id"), primary_key=True),
    Column("channel_id", Text, nullable=False),
    Column("thread_ts", Text, nullable=False),
    Column("message_ts", Text),
)

notifications = Table(
    "notifications",
    metadata,
    Column("channel_id", Text, primary_key=True),
    Column("message_ts", Text, primary_key=True),
    Column("entry_id", ForeignKey("timeline_entries.id"), nullable=False),
    Column("destination", Text, nullable=False),
)

undoable = Table(
    "undoable",
    metadata,
    Column("entry_id", ForeignKey("timeline_entries.id"), primary_key=True),
    Column("until", UtcDateTime, nullable=False),
    Column("was", Text),
    Column("became", Text),
    Column("lead_entry_id", ForeignKey("timeline_entries.id")),
)

reminders = Table(
    "reminders",
    metadata,
    Column("incident_id", ForeignKey("incidents.id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("about", UtcDateTime, nullable=False),
    Column("said_at", UtcDateTime),
    Column("not_before", UtcDateTime),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("incident_id", ForeignKey("incidents.id"), nullable=False),
    Column("entry_id", ForeignKey("timeline_entries.id")),
    Column("operation", Text, nullable=False),
    Column("destination", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("is_uncertain", Boolean, nullable=False),
    Column("reason", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("first_tried_at", UtcDateTime),
    Column("claimed_by", Text),
    Column("lease_until", UtcDateTime),
    Column("settled_at", UtcDateTime),
    Column("about_id", ForeignKey("outbox.id")),
    Column("target", Text, nullable=False),
    Column("dedupe_key", Text, nullable=False),
    Column("body", Text),
    Column("receipt", Text),
)


def is_unfinished(table: FromClause = outbox) -> ColumnElement[bool]:
    """Whether a row of the outbox waits or is being sent; in the words of its partial indexes.

    SQLite uses one only where it finds its very condition again, without parameters.
    """
    return table.c.state.in_([literal_column("'pending'"), literal_column("'sending'")])


def is_in_lane(
    lane: ColumnElement[str], table: FromClause = outbox
) -> tuple[ColumnElement[bool], ...]:
    """Whether a row is in a lane of Slack's, and unfinished; as `is_unfinished`."""
    return table.c.target == literal_column("'slack'"), table.c.lane == lane, is_unfinished(table)


def is_announcement(table: FromClause = outbox) -> ColumnElement[bool]:
    """Whether a row of the outbox is an announcement or an edit of one; as `is_unfinished`."""
    return table.c.operation == literal_column("'announcement'")


requests = Table(
    "requests",
    metadata,
    Column("key", Text, primary_key=True),
    Column("incident_id", ForeignKey("incidents.id")),
    Column("at", UtcDateTime, nullable=False),
    Column("fingerprint", Text),
    Column("answer", Text),
)

# Kept by triggers, on SQLite alone: on PostgreSQL all who declare would wait at one row.
incident_counts = Table(
    "incident_counts",
    metadata,
    Column("status", Text, primary_key=True),
    Column("severity", Text, primary_key=True),
    Column("number", Integer, nullable=False),
)
