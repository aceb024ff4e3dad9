"""Whom Slack did not let into an incident's channel."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# An invitation of everybody does not say who was refused.
_REFUSED_BEFORE = """
    INSERT INTO uninvited (incident_id, user_id)
    SELECT DISTINCT responders.incident_id, responders.user_id
    FROM outbox
    JOIN timeline_entries ON timeline_entries.id = outbox.entry_id
    JOIN responders ON responders.incident_id = outbox.incident_id
        AND responders.user_id = timeline_entries.after
    WHERE outbox.kind = 'invitation' AND outbox.state IN ('failed', 'discarded')
"""


def upgrade() -> None:
    op.create_table(
        "uninvited",
        sa.Column("incident_id", _ID, nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name="fk_uninvited_incident_id"),
        sa.PrimaryKeyConstraint("incident_id", "user_id", name="pk_uninvited"),
    )
    op.execute(_REFUSED_BEFORE)
