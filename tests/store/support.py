"""Looks into the database from outside, past the code under test."""

from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, event, text

ON_SQLITE = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
"""For what only SQLite has, or has in its own way."""


class Rows:
    """What is committed."""

    def __init__(self, address: str) -> None:
        self._engine = create_engine(address, poolclass=NullPool)
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "connect", _check_foreign_keys)

    def of(self, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
        return self.query(f"SELECT {columns} FROM {table} ORDER BY 1")  # noqa: S608 - a test's words

    def count(self, table: str) -> int:
        return len(self.of(table))

    def counts(self) -> dict[str, int]:
        tables = ("incidents", "timeline_entries", "outbox", "requests")
        return {table: self.count(table) for table in tables}

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    def execute(self, statement: str) -> None:
        """Change the rows behind the bot's back; foreign keys are checked as the bot has them."""
        with self._engine.begin() as connection:
            connection.execute(text(statement))

    def close(self) -> None:
        self._engine.dispose()


def _check_foreign_keys(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's
    connection.execute("PRAGMA foreign_keys = ON")
