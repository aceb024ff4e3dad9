"""Action items."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "action_items",
        sa.Column("id", _ID, nullable=False),
        sa.Column("incident_id", _ID, nullable=False),
        sa.Column("entry_id", _ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text()),
        sa.Column("due_at", _MOMENT),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("done_at", _MOMENT),
        sa.Column("done_by", sa.Text()),
        sa.CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name="ck_action_items_done"),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["timeline_entries.id"], name="fk_action_items_entry_id"
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name="fk_action_items_incident_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_action_items"),
        sa.UniqueConstraint("entry_id", name="uq_action_items_entry_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_action_items_incident_id", "action_items", ["incident_id", "id"])
    # What is open and due before some time.
    op.create_index(
        "ix_action_items_due_at",
        "action_items",
        ["due_at"],
        sqlite_where=sa.text("done_at IS NULL AND due_at IS NOT NULL"),
        postgresql_where=sa.text("done_at IS NULL AND due_at IS NOT NULL"),
    )
