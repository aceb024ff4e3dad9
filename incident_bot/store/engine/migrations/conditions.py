"""Changes the conditions of a table, also where the database cannot."""

from collections.abc import Iterable, Mapping

from alembic import op


def change(
    table: str, conditions: Mapping[str, tuple[str, str]], *, required: Iterable[str] = ()
) -> None:
    """Give check constraints another condition: by name, the one that was and the one that is.

    `required` are columns of text that may not be NULL from now on.
    """
    if op.get_bind().dialect.name == "sqlite":
        changes = [*conditions.values()]
        changes += [(f"{column} TEXT", f"{column} TEXT NOT NULL") for column in required]
        _make_again(table, changes)
        return
    for column in required:
        op.alter_column(table, column, nullable=False)
    for name, (_, condition) in conditions.items():
        op.drop_constraint(name, table, type_="check")
        op.create_check_constraint(name, table, condition)


def _make_again(table: str, changes: Iterable[tuple[str, str]]) -> None:
    """SQLite cannot change them: the rows go to a new table, made in the old words.

    The IDs go on where they were: none is given twice.
    """
    execute = op.get_bind().exec_driver_sql
    made = execute(
        "SELECT name, sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL", (table,)
    )
    words: dict[str, str] = {row.name: row.sql for row in made}
    new = words.pop(table)
    for before, after in changes:
        assert before in new  # noqa: S101 - an earlier migration has made it so
        new = new.replace(before, after)
    for index in words:
        op.drop_index(index, table)
    op.rename_table(table, f"old_{table}")
    execute(new)
    execute(f"INSERT INTO {table} SELECT * FROM old_{table}")  # noqa: S608 - a name of ours
    execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
    execute("UPDATE sqlite_sequence SET name = ? WHERE name = ?", (table, f"old_{table}"))
    op.drop_table(f"old_{table}")
    for index in words.values():
        execute(index)
