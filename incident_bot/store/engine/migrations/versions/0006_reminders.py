"""What was said of reminders: when again, or never."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "reminders",
        sa.Column("incident_id", _ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        # Whose it is, where several have their own; else empty.
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("about", _MOMENT, nullable=False),
        sa.Column("said_at", _MOMENT),
        sa.Column("not_before", _MOMENT),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name="fk_reminders_incident_id"),
        sa.PrimaryKeyConstraint("incident_id", "kind", "owner", name="pk_reminders"),
    )
    op.create_index(
        "ix_incidents_next_update_at",
        "incidents",
        ["next_update_at"],
        sqlite_where=sa.text("next_update_at IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("next_update_at IS NOT NULL AND deleted_at IS NULL"),
    )
