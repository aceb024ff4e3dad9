"""Where a copy of the database may be, what is not copied, and what a copy says."""

from pathlib import Path

import pytest

from incident_bot.store.after_delivery import Outbox
from incident_bot.store.backup import NotBackedUp, back_up
from incident_bot.store.engine.database import Database
from incident_bot.store.engine.errors import DatabaseUnusable
from incident_bot.store.incidents import IncidentStore
from tests.databases import Rows
from tests.factories import CARA, NOON, a_declaration, by


@pytest.fixture
def kind() -> str:
    """PostgreSQL has its own tool."""
    return "sqlite"


async def test_what_is_not_sent_is_uncertain_in_the_copy_alone(
    store: IncidentStore, outbox: Outbox, address: str, rows: Rows, tmp_path: Path
) -> None:
    await store.declare(by(CARA), a_declaration(), ["C1", "C2", "C3", "C4"])
    sent, failed, _sending = await outbox.claim(NOON, 3, 0)
    await outbox.sent(sent, "C1", "100.1", NOON)
    await outbox.failed(failed, "invalid_blocks", NOON)
    live = rows.of("outbox")

    back_up(address, tmp_path / "backup.db", replace=False)

    copy = Rows(f"sqlite:///{tmp_path / 'backup.db'}")
    tried = copy.of("incidents", "id, declared_at")[0][1]
    assert copy.of("outbox", "id, state, is_uncertain, first_tried_at, claimed_by") == [
        (1, "sent", 0, tried, None),
        (2, "failed", 1, tried, None),
        (3, "pending", 1, tried, None),
        (4, "pending", 1, tried, None),
    ]
    assert rows.of("outbox") == live


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("incident_bot.db", "is the database itself"),
        ("incident_bot.db-wal", "is the database itself"),
        ("incident_bot.db.lock", "is the database itself"),
        ("link.db", "is the database itself"),
        ("open.db", "open.db-wal belongs to a database in use"),
        (".", "is no file"),
        ("/dev/null", "is no file"),
        ("no such folder/backup.db", "No such file or directory"),
        ("x" * 300, "File name too long"),
    ],
)
def test_a_place_where_no_copy_may_be_is_refused_even_if_forced(
    database: Database, address: str, path: Path, target: str, words: str
) -> None:
    del database
    folder = path.parent
    (folder / "link.db").symlink_to(path)
    (folder / "open.db-wal").write_text("of an open database")
    before = sorted(folder.iterdir())

    with pytest.raises(NotBackedUp, match=words):
        back_up(address, folder / target, replace=True)

    assert sorted(folder.iterdir()) == before


def assert_not_copied(address: str, path: Path, words: str) -> None:
    with pytest.raises(NotBackedUp, match=words):
        back_up(address, path.with_name("backup.db"), replace=False)

    # Beside the database itself is what SQLite puts there for whoever reads it.
    assert {file.name.partition("-")[0] for file in path.parent.iterdir()} <= {
        "incident_bot.db",
        "incident_bot.db.lock",
    }


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9])
def test_a_damaged_database_is_not_copied(migrated: str, path: Path, share: float) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])

    assert_not_copied(migrated, path, "malformed|damaged")


def test_another_kind_of_file_is_not_copied(address: str, path: Path) -> None:
    path.write_text("This is no database. " * 100)

    assert_not_copied(address, path, "not a database")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "is at schema 9999, newer than"),
        ("DROP TABLE alembic_version", "this is no database of incident-bot"),
    ],
)
def test_a_database_of_something_else_is_not_copied(
    database: Database, address: str, path: Path, rows: Rows, statement: str, words: str
) -> None:
    rows.execute(statement)
    database.close()

    assert_not_copied(address, path, words)


def test_a_database_that_is_not_there_is_not_made(address: str, path: Path) -> None:
    with pytest.raises(DatabaseUnusable, match="there is no file"):
        back_up(address, path.with_name("backup.db"), replace=False)

    assert list(path.parent.iterdir()) == []
