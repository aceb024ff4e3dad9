"""What can be undone keeps what was; of what was done before that is not known."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_LONG_AGO = "1970-01-01T00:00:00.000000Z"


def upgrade() -> None:
    op.add_column("undoable", sa.Column("was", sa.Text()))
    op.add_column("undoable", sa.Column("became", sa.Text()))
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE undoable ADD COLUMN lead_entry_id {kind} "
        "CONSTRAINT fk_undoable_lead_entry_id REFERENCES timeline_entries (id)"
    )
    op.drop_column("undoable", "next_update_at")
    # Housekeeping takes their buttons away.
    op.execute(f"UPDATE undoable SET until = '{_LONG_AGO}'")  # noqa: S608 - a constant
