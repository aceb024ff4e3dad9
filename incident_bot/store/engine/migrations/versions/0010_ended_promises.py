"""The promise of an update that ended with what can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.add_column("undoable", sa.Column("next_update_at", _MOMENT))
