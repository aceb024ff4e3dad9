"""Followers, and when the next update of an incident is promised."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.add_column("incidents", sa.Column("next_update_at", _MOMENT))
    op.create_table(
        "followers",
        sa.Column("incident_id", _ID, nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name="fk_followers_incident_id"),
        sa.PrimaryKeyConstraint("incident_id", "user_id", name="pk_followers"),
    )
