"""Channels of incidents, private incidents, and where notifications are."""

import sqlalchemy as sa
from alembic import op

from incident_bot.store.engine.migrations import conditions

revision = "0005"
down_revision = "0004"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")

_KINDS = ", ".join(
    f"'{kind}'"
    for kind in (
        "announcement",
        "notification",
        "direct",
        "channel",
        "invitation",
        "topic",
        "bookmark",
        "pin",
        "archiving",
    )
)

_TELLS_ENTRY = "(kind IN ('notification', 'direct')) = (entry_id IS NOT NULL)"

# By name: the condition that was, and the one that is.
_CONDITIONS = {
    "ck_outbox_entry": (_TELLS_ENTRY, f"kind = 'invitation' OR {_TELLS_ENTRY}"),
    "ck_outbox_kind": (
        "kind IN ('announcement', 'notification', 'direct')",
        f"kind IN ({_KINDS})",
    ),
}

# Private ones are not counted for everybody.
_COUNTS = (
    "DROP TRIGGER incident_counts_insert",
    "DROP TRIGGER incident_counts_leave",
    "DROP TRIGGER incident_counts_enter",
    """
    CREATE TRIGGER incident_counts_insert AFTER INSERT ON incidents
    WHEN new.deleted_at IS NULL AND NOT new.is_private BEGIN
        INSERT INTO incident_counts (status, severity, number)
        VALUES (new.status, new.severity, 1)
        ON CONFLICT (status, severity) DO UPDATE SET number = number + 1;
    END
    """,
    """
    CREATE TRIGGER incident_counts_leave AFTER UPDATE OF status, severity, deleted_at ON incidents
    WHEN old.deleted_at IS NULL AND NOT old.is_private BEGIN
        UPDATE incident_counts SET number = number - 1
        WHERE status = old.status AND severity = old.severity;
    END
    """,
    """
    CREATE TRIGGER incident_counts_enter AFTER UPDATE OF status, severity, deleted_at ON incidents
    WHEN new.deleted_at IS NULL AND NOT new.is_private BEGIN
        INSERT INTO incident_counts (status, severity, number)
        VALUES (new.status, new.severity, 1)
        ON CONFLICT (status, severity) DO UPDATE SET number = number + 1;
    END
    """,
)


def upgrade() -> None:
    op.add_column(
        "incidents",
        sa.Column("is_private", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    for name in ("channel_id", "channel_name"):
        op.add_column("incidents", sa.Column(name, sa.Text()))
    op.add_column("incidents", sa.Column("channel_closed_at", _MOMENT))
    for name, columns, where, is_unique in (
        ("channel_id", ["channel_id"], "channel_id IS NOT NULL", True),
        ("private", ["status", "severity", "id"], "is_private AND deleted_at IS NULL", False),
    ):
        op.create_index(
            f"ix_incidents_{name}",
            "incidents",
            columns,
            unique=is_unique,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
    op.create_table(
        "notifications",
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("message_ts", sa.Text(), nullable=False),
        sa.Column("entry_id", _ID, nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["timeline_entries.id"], name="fk_notifications_entry_id"
        ),
        sa.PrimaryKeyConstraint("channel_id", "message_ts", name="pk_notifications"),
    )
    op.create_index("ix_notifications_entry_id", "notifications", ["entry_id"])
    conditions.change("outbox", _CONDITIONS)
    if op.get_bind().dialect.name == "sqlite":
        for statement in _COUNTS:
            op.execute(statement)
