"""Notes and pinned messages in the timeline."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    # SQLite adds a column without a default only where it may be empty; it never is.
    op.add_column("timeline_entries", sa.Column("happened_at", _MOMENT))
    op.execute("UPDATE timeline_entries SET happened_at = at")
    if op.get_bind().dialect.name == "postgresql":
        # There an older process may still write, for a moment: it must not leave it empty.
        op.alter_column("timeline_entries", "happened_at", nullable=False)
    op.add_column("timeline_entries", sa.Column("edited_at", _MOMENT))
    op.add_column("timeline_entries", sa.Column("removed_at", _MOMENT))
    for name in ("author", "channel_id", "message_ts", "permalink"):
        op.add_column("timeline_entries", sa.Column(name, sa.Text()))
    op.create_index(
        "ix_timeline_entries_happened_at",
        "timeline_entries",
        ["incident_id", "happened_at", "id"],
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    # A message is pinned once, however many pin it at the same time.
    op.create_index(
        "ix_timeline_entries_message",
        "timeline_entries",
        ["channel_id", "message_ts"],
        unique=True,
        sqlite_where=sa.text("channel_id IS NOT NULL AND removed_at IS NULL"),
        postgresql_where=sa.text("channel_id IS NOT NULL AND removed_at IS NULL"),
    )
    op.create_index("ix_announcements_message", "announcements", ["channel_id", "message_ts"])
