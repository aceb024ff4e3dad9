"""Responders and their roles, and direct messages in the outbox."""

import sqlalchemy as sa
from alembic import op

from incident_bot.store.engine.migrations import conditions

revision = "0003"
down_revision = "0002"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")

# By name: the condition that was, and the one that is.
_CONDITIONS = {
    "ck_outbox_entry": (
        "(kind = 'notification') = (entry_id IS NOT NULL)",
        "(kind IN ('notification', 'direct')) = (entry_id IS NOT NULL)",
    ),
    "ck_outbox_kind": (
        "kind IN ('announcement', 'notification')",
        "kind IN ('announcement', 'notification', 'direct')",
    ),
}


def upgrade() -> None:
    op.create_table(
        "responders",
        sa.Column("incident_id", _ID, nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text()),
        sa.Column("joined_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name="fk_responders_incident_id"
        ),
        sa.PrimaryKeyConstraint("incident_id", "user_id", name="pk_responders"),
        # Many may have none.
        sa.UniqueConstraint("incident_id", "role", name="uq_responders_role"),
    )
    conditions.change("outbox", _CONDITIONS)
