"""The migrations, the tables and what they refuse."""

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from incident_bot.store.engine import migrations
from incident_bot.store.engine.database import Database
from incident_bot.store.engine.errors import DatabaseUnusable
from incident_bot.store.engine.opening import open_database
from incident_bot.store.engine.schema import HEAD, revision_of
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.rows.tables import metadata
from tests.databases import Rows
from tests.factories import CARA, INCIDENTS, a_declaration, by


@pytest.fixture
def kind() -> str:
    """All of this is about SQLite."""
    return "sqlite"


async def test_the_migrations_make_the_columns(database: Database) -> None:
    def is_ours(_object: object, name: str, kind: str, *_: object) -> bool:
        # The words that are searched have tables that only FTS5 knows.
        return kind in {"table", "column"} and not str(name).startswith("incident_words")

    def compare(connection: Connection) -> list[Any]:
        opts = {"compare_type": True, "include_object": is_ours}
        return list(compare_metadata(MigrationContext.configure(connection, opts=opts), metadata))

    assert await database.read(compare) == []


async def test_a_new_database_is_at_the_newest_migration(database: Database) -> None:
    assert await database.read(revision_of) == HEAD


def test_the_newest_migration_is_the_one_that_the_code_knows() -> None:
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))

    assert scripts.get_heads() == [HEAD]


def test_a_newer_schema_is_refused_in_words(migrated: str) -> None:
    Rows(migrated).execute("UPDATE alembic_version SET version_num = '0999'")

    for _ in range(2):  # the first leaves no lock behind
        with pytest.raises(DatabaseUnusable) as refusal:
            open_database(migrated)

        assert "the database is at schema 0999" in str(refusal.value)
        assert "Start the newer version again" in str(refusal.value)


async def test_opening_again_keeps_what_is_there(address: str) -> None:
    open_database(address).close()
    Rows(address).execute("INSERT INTO requests (key, at) VALUES ('k', '2026-11-22 12:00:00')")

    open_database(address).close()

    assert Rows(address).count("requests") == 1


def test_a_half_made_schema_is_not_left_behind(address: str) -> None:
    Rows(address).execute("CREATE TABLE outbox (id INTEGER)")  # the migration will stumble over it

    with pytest.raises(DatabaseUnusable, match="already exists"):
        open_database(address)

    assert [name for (name,) in Rows(address).of("sqlite_master", "name")] == ["outbox"]


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE incidents SET status = 'Closed'", "ck_incidents_status"),
        ("UPDATE incidents SET status = 'Resolved'", "ck_incidents_resolved_at"),
        ("UPDATE incidents SET resolved_at = '2026-11-22'", "ck_incidents_resolved_at"),
        ("UPDATE incidents SET version = 0", "ck_incidents_version"),
        ("UPDATE incidents SET title = NULL", "incidents.title"),
        ("UPDATE announcements SET message_ts = '1.2'", "ck_announcements_message"),
        ("UPDATE outbox SET operation = 'gossip'", "ck_outbox_kind"),
        ("UPDATE outbox SET state = 'lost', attempts = 1", "ck_outbox_state"),
        ("UPDATE outbox SET state = 'sending'", "ck_outbox_attempts"),
        ("UPDATE outbox SET state = 'sent', attempts = 1", "ck_outbox_settled"),
        (
            "UPDATE outbox SET state = 'failed', attempts = 1, settled_at = '2026-11-22'",
            "ck_outbox_reason",
        ),
        ("UPDATE outbox SET state = 'discarded', settled_at = '2026'", "ck_outbox_reason"),
        ("UPDATE outbox SET state = 'discarded', reason = 'old'", "ck_outbox_settled"),
        ("UPDATE outbox SET entry_id = 1", "ck_outbox_entry"),
        ("UPDATE outbox SET operation = 'notification'", "ck_outbox_entry"),
        ("UPDATE outbox SET is_uncertain = 2", "ck_outbox_is_uncertain"),
        ("UPDATE timeline_entries SET incident_id = 99", "FOREIGN KEY"),
        ("DELETE FROM incidents", "FOREIGN KEY"),
        ("INSERT INTO requests (key, incident_id, at) VALUES ('k', 99, '2026')", "FOREIGN KEY"),
        (
            "INSERT INTO requests (key, at, answer) VALUES ('k', '2026', '{}')",
            "ck_requests_answer",
        ),
    ],
)
async def test_an_illegal_row_is_refused(
    store: IncidentStore, rows: Rows, statement: str, constraint: str
) -> None:
    await store.declare(by(CARA), a_declaration(), [INCIDENTS])

    with pytest.raises(IntegrityError, match=constraint):
        rows.execute(statement)
