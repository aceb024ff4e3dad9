"""Messages that tell who asked what keeps another message from going out."""

from alembic import op

from incident_bot.store.engine.migrations import conditions

revision = "0013"
down_revision = "0012"

_KINDS = (
    "'announcement', 'notification', 'direct', 'channel', 'invitation', 'topic', 'bookmark', "
    "'pin', 'archiving', 'origin'"
)


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    kind = "INTEGER" if is_sqlite else "BIGINT"
    op.execute(
        f"ALTER TABLE outbox ADD COLUMN about_id {kind} "
        "CONSTRAINT fk_outbox_about_id REFERENCES outbox (id) ON DELETE CASCADE"
    )
    op.execute("CREATE INDEX ix_outbox_about_id ON outbox (about_id) WHERE about_id IS NOT NULL")
    before, after = f"kind IN ({_KINDS})", f"kind IN ({_KINDS}, 'trouble')"
    conditions.change("outbox", {"ck_outbox_kind": (before, after)})
