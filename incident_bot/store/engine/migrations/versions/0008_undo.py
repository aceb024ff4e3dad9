"""What can be undone, and what was."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.add_column("timeline_entries", sa.Column("undone_at", _MOMENT))
    op.create_table(
        "undoable",
        sa.Column("entry_id", _ID, nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["timeline_entries.id"], name="fk_undoable_entry_id"),
        sa.PrimaryKeyConstraint("entry_id", name="pk_undoable"),
    )
    op.create_index("ix_undoable_until", "undoable", ["until"])
