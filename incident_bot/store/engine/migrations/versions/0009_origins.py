"""The messages from which incidents were declared, and what is replied to them."""

import sqlalchemy as sa
from alembic import op

from incident_bot.store.engine.migrations import conditions

revision = "0009"
down_revision = "0008"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_KINDS = (
    "'announcement', 'notification', 'direct', 'channel', 'invitation', 'topic', 'bookmark', "
    "'pin', 'archiving'"
)


def upgrade() -> None:
    op.create_table(
        "origins",
        sa.Column("incident_id", _ID, nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("thread_ts", sa.Text(), nullable=False),
        sa.Column("message_ts", sa.Text()),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name="fk_origins_incident_id"),
        sa.PrimaryKeyConstraint("incident_id", name="pk_origins"),
    )
    before, after = f"kind IN ({_KINDS})", f"kind IN ({_KINDS}, 'origin')"
    conditions.change("outbox", {"ck_outbox_kind": (before, after)})
