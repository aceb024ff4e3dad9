"""Looks into the database file from outside, past the code under test."""

import contextlib
import sqlite3
from pathlib import Path
from typing import Any


class Rows:
    """What is committed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def of(self, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
        return self.query(f"SELECT {columns} FROM {table} ORDER BY 1")  # noqa: S608 - a test's words

    def count(self, table: str) -> int:
        return len(self.of(table))

    def counts(self) -> dict[str, int]:
        tables = ("incidents", "timeline_entries", "outbox", "requests")
        return {table: self.count(table) for table in tables}

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(self._path)) as connection:
            return connection.execute(statement).fetchall()

    def execute(self, statement: str) -> None:
        """Change the file behind the bot's back; foreign keys are checked as the bot has them."""
        with contextlib.closing(sqlite3.connect(self._path)) as connection, connection:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(statement)
