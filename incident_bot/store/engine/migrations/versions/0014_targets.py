"""An outbox for more targets than Slack: what is sent there, by which key, and what came of it."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

from incident_bot.store.engine.migrations import conditions

revision = "0014"
down_revision = "0013"

_OPERATIONS = (
    "'announcement', 'notification', 'direct', 'channel', 'invitation', 'topic', 'bookmark', "
    "'pin', 'archiving', 'origin', 'trouble'"
)
_TELLS_ENTRY = "(operation IN ('notification', 'direct')) = (entry_id IS NOT NULL)"
_IS_UNFINISHED = sa.text("state IN ('pending', 'sending')")


def upgrade() -> None:
    op.execute("ALTER TABLE outbox RENAME COLUMN kind TO operation")
    op.execute("ALTER TABLE outbox ADD COLUMN target TEXT NOT NULL DEFAULT 'slack'")
    for column in ("dedupe_key", "body", "receipt"):
        op.execute(f"ALTER TABLE outbox ADD COLUMN {column} TEXT")
    _fill_keys()
    op.drop_index("ix_outbox_lane", "outbox")
    op.create_index(
        "ix_outbox_lane",
        "outbox",
        ["target", "lane", "id"],
        sqlite_where=_IS_UNFINISHED,
        postgresql_where=_IS_UNFINISHED,
    )
    operations = f"operation IN ({_OPERATIONS})"
    entry = f"operation = 'invitation' OR {_TELLS_ENTRY}"
    conditions.change(
        "outbox",
        {
            "ck_outbox_kind": (operations, f"operation IN ({_OPERATIONS}, 'event')"),
            "ck_outbox_entry": (entry, f"operation = 'event' OR {entry}"),
        },
        required=("dedupe_key",),
    )


def _fill_keys() -> None:
    """Give each message the key by which the versions before this one would look for it in Slack.

    It was made from ID and time whenever it was needed, in just this way.
    """
    connection = op.get_bind()
    outbox = sa.table(
        "outbox", sa.column("id"), sa.column("created_at"), sa.column("dedupe_key", sa.Text)
    )
    keys = [
        {"of": row.id, "key": f"{row.id}-{int(_moment(row.created_at).timestamp() * 1_000_000)}"}
        for row in connection.execute(sa.select(outbox.c.id, outbox.c.created_at))
    ]
    if keys:
        of = outbox.c.id == sa.bindparam("of")
        connection.execute(sa.update(outbox).where(of).values(dedupe_key=sa.bindparam("key")), keys)


def _moment(stored: str | datetime) -> datetime:
    return datetime.fromisoformat(stored) if isinstance(stored, str) else stored
