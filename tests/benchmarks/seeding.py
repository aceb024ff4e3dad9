"""Databases with many incidents or a full outbox, made quickly: past the bot.

Titles and descriptions are of words that are all frequent, those of titles never in descriptions.
"""

import random
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from sqlalchemy import create_engine, insert

from incident_bot.store.engine.opening import open_database
from incident_bot.store.rows.search_terms import incident_terms
from incident_bot.store.rows.tables import announcements, incidents, outbox

_TITLE_WORDS: Final = (
    "checkout payments login search email exports printer map reports invoices sessions uploads "
    "webhooks database cache queue backups network storage gateway latency timeouts errors "
    "crashes slow down broken refused missing stale duplicated wrong blocked lost late delayed "
    "rejected empty locked full expired unreachable throttled corrupted"
)
"""Five to eight in a title, each as likely: any four of them seldom meet, any six hardly ever."""

_DESCRIPTION_WORDS: Final = (
    "customers see that the page does not load since deploy of this morning in region west we "
    "are looking at it together with team on duty rollback has begun and support was told"
)
MINE: Final = 20
"""However many there are, `ME` leads so many that are not resolved."""

ME: Final = "U0ME"

_SEVERITIES: Final = ("Low", "Medium", "High")
_STATUSES: Final = ("Open", "In Progress", *("Resolved",) * 8)
_AT: Final = "2026-11-22T12:00:00.000000Z"

_INSERT: Final = """
    INSERT INTO incidents (title, description, reported_by, severity, status, declared_at,
        updated_at, resolved_at, lead, search_terms, version, has_named_reporter)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, FALSE)
"""


@cache
def seeded(number: int) -> Path:
    """A folder with the bot's database, made once; whoever writes to it must take a copy."""
    folder = Path(_folder().name, str(number))
    folder.mkdir()
    path = folder / "incident_bot.db"
    open_database(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        _fill(connection, number)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """It goes when the interpreter ends."""
    return tempfile.TemporaryDirectory(prefix="benchmarks-")


def fill_outbox(address: str, rows: int, channels: int) -> None:
    """Have so many incidents wait to be announced, in turn in so many channels."""
    at = datetime.now(UTC)
    numbers = range(1, rows + 1)
    places = [
        {"incident_id": number, "destination": f"C0CHANNEL{number % channels}"}
        for number in numbers
    ]
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(
            insert(incidents),
            [{"id": number, "title": f"Incident {number}"} | _incident(at) for number in numbers],
        )
        connection.execute(insert(announcements), places)
        connection.execute(
            insert(outbox),
            [
                place
                | {"lane": place["destination"], "dedupe_key": f"key of {place['incident_id']}"}
                | _pending(at)
                for place in places
            ],
        )
    engine.dispose()


def _incident(at: datetime) -> dict[str, Any]:
    return {
        "description": "It waits to be announced.",
        "reported_by": "U0CARA",
        "has_named_reporter": False,
        "severity": "High",
        "status": "Open",
        "declared_at": at,
        "updated_at": at,
        "version": 1,
        "search_terms": (),
    }


def _pending(at: datetime) -> dict[str, Any]:
    return {
        "target": "slack",
        "operation": "announcement",
        "state": "pending",
        "attempts": 0,
        "is_uncertain": False,
        "created_at": at,
        "due_at": at,
    }


def _fill(connection: sqlite3.Connection, number: int) -> None:
    """The words are indexed at the end: by the triggers it takes four times as long."""
    triggers = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    connection.executemany(_INSERT, _rows(number))
    connection.execute("INSERT INTO incident_words (incident_words) VALUES ('rebuild')")
    for _, statement in triggers:
        connection.execute(statement)


def _rows(rows: int) -> Iterator[tuple[str | None, ...]]:
    """The same at each run."""
    chance = random.Random(rows)  # noqa: S311 - no secret
    title_words, description_words = _TITLE_WORDS.split(), _DESCRIPTION_WORDS.split()
    for number in range(rows):
        is_mine = number % (rows // MINE) == 0
        status = "In Progress" if is_mine else chance.choice(_STATUSES)
        person = ME if is_mine else f"U0PERSON{chance.randrange(100)}"
        title = " ".join(chance.choices(title_words, k=chance.randint(5, 8))).capitalize()
        description = " ".join(chance.choices(description_words, k=30)).capitalize()
        yield (
            title,
            description,
            person,
            chance.choice(_SEVERITIES),
            status,
            _AT,
            _AT,
            _AT if status == "Resolved" else None,
            None if status == "Open" else person,
            " ".join(incident_terms(title, description)),
        )
