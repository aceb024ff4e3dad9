"""Responders and their roles, and direct messages in the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")

# By name: the condition that was, and the one that is.
_CONDITIONS = {
    "ck_outbox_entry": (
        "(kind = 'notification') = (entry_id IS NOT NULL)",
        "(kind IN ('notification', 'direct')) = (entry_id IS NOT NULL)",
    ),
    "ck_outbox_kind": (
        "kind IN ('announcement', 'notification')",
        "kind IN ('announcement', 'notification', 'direct')",
    ),
}


def upgrade() -> None:
    op.create_table(
        "responders",
        sa.Column("incident_id", _ID, nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text()),
        sa.Column("joined_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name="fk_responders_incident_id"
        ),
        sa.PrimaryKeyConstraint("incident_id", "user_id", name="pk_responders"),
        # Many may have none.
        sa.UniqueConstraint("incident_id", "role", name="uq_responders_role"),
    )
    if op.get_bind().dialect.name == "sqlite":
        _make_outbox_again()
        return
    for name, (_, condition) in _CONDITIONS.items():
        op.drop_constraint(name, "outbox", type_="check")
        op.create_check_constraint(name, "outbox", condition)


def _make_outbox_again() -> None:
    """Change the conditions where SQLite cannot: the rows go to a new table, made in the old words.

    The IDs go on where they were: none is given twice.
    """
    execute = op.get_bind().exec_driver_sql
    made = execute(
        "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'outbox' AND sql IS NOT NULL"
    )
    words: dict[str, str] = {row.name: row.sql for row in made}
    table = words.pop("outbox")
    for before, after in _CONDITIONS.values():
        assert before in table  # noqa: S101 - the first migration has made it so
        table = table.replace(before, after)
    for index in words:
        op.drop_index(index, "outbox")
    op.rename_table("outbox", "old_outbox")
    execute(table)
    execute("INSERT INTO outbox SELECT * FROM old_outbox")
    execute("DELETE FROM sqlite_sequence WHERE name = 'outbox'")
    execute("UPDATE sqlite_sequence SET name = 'outbox' WHERE name = 'old_outbox'")
    op.drop_table("old_outbox")
    for index in words.values():
        execute(index)
