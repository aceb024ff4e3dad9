"""What a database of an earlier version becomes."""

from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, inspect

from incident_bot.domain.timeline import EntryKind
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.engine import migrations
from incident_bot.store.engine.opening import open_database
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.outbox.operations import Operation
from incident_bot.store.queries.lists import IncidentLists
from incident_bot.store.queries.search import IncidentFilter
from tests.databases import ON_SQLITE, Rows
from tests.factories import A_VIEWER, ANA, BEN, CARA, INCIDENTS, NOON, a_declaration, by

_MOMENT = "'2026-11-22T12:00:00.000000Z'"
_MICROSECONDS = 1795348800000000
_INCIDENT = f"""
    INSERT INTO incidents (title, description, reported_by, severity, status, declared_at,
        updated_at, version, has_named_reporter)
    VALUES ('Down', 'All of it', '{CARA}', 'High', 'Open', {_MOMENT}, {_MOMENT}, 1, false)
"""  # noqa: S608 - a test's words
_ENTRY = f"""
    INSERT INTO timeline_entries (incident_id, kind, actor, at, version)
    VALUES (1, 'declared', '{CARA}', {_MOMENT}, 1)
"""  # noqa: S608 - the same


_ANNOUNCED = f"INSERT INTO announcements (incident_id, destination) VALUES (1, '{INCIDENTS}')"  # noqa: S608 - the same
REVISIONS = sorted(
    script.revision
    for script in ScriptDirectory(str(Path(migrations.__file__).parent)).walk_revisions()
)


def message(kind: str, entry_id: str, state: str = "'pending', 0, NULL, NULL") -> str:
    """A row of the outbox; `state` with attempts, reason and when it was settled."""
    return f"""
        INSERT INTO outbox (incident_id, kind, entry_id, destination, lane, is_uncertain,
            created_at, due_at, state, attempts, reason, settled_at)
        VALUES (1, '{kind}', {entry_id}, '{INCIDENTS}', '{INCIDENTS}', false,
            {_MOMENT}, {_MOMENT}, {state})
    """  # noqa: S608 - a test's words


@pytest.fixture
def first_version(kind: str, path: Path, request: pytest.FixtureRequest) -> str:
    """The address of a database with the first schema and some rows."""
    address = f"sqlite:///{path}"
    if kind == "postgresql":
        address = request.getfixturevalue("postgres").empty_database()
    engine = create_engine(address, poolclass=NullPool)
    with engine.begin() as connection:
        _migrate(connection, "0001")
        for statement in (
            _INCIDENT,
            _ENTRY,
            message("announcement", "NULL"),
            message("notification", "1"),
            message("notification", "1", f"'failed', 1, 'no', {_MOMENT}"),
            message("announcement", "NULL"),
            "DELETE FROM outbox WHERE id = 4",
        ):
            connection.exec_driver_sql(statement)
    return address


def _migrate(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _to(address: str, revision: str) -> None:
    engine = create_engine(address, poolclass=NullPool)
    with engine.begin() as connection:
        _migrate(connection, revision)


def indexes(address: str) -> set[str]:
    engine = create_engine(address, poolclass=NullPool)
    return {str(index["name"]) for index in inspect(engine).get_indexes("outbox")}


def test_what_waits_in_the_outbox_stays_as_it_is(first_version: str) -> None:
    rows = Rows(first_version)
    before, indexed = rows.of("outbox"), indexes(first_version)

    open_database(first_version).close()

    about_no_other, target, body, receipt = None, "slack", None, None
    assert rows.of("outbox") == [
        (*row, about_no_other, target, f"{row[0]}-{_MICROSECONDS}", body, receipt) for row in before
    ]
    assert len(before) == 3
    assert indexes(first_version) == indexed | {"ix_outbox_about_id"}
    rows.close()


@pytest.mark.parametrize("revision", REVISIONS)
async def test_whatever_the_version_was_the_outbox_goes_out(
    first_version: str, revision: str
) -> None:
    Rows(first_version).execute(_ANNOUNCED)
    _to(first_version, revision)
    database = open_database(first_version)
    outbox = Outbox(database)

    [announcement] = await outbox.claim(NOON + timedelta(days=1), 9, 9)
    content = await outbox.messages.content(announcement)
    await outbox.failed(announcement, "no", NOON)
    [notification] = await outbox.claim(NOON + timedelta(days=1), 9, 9)
    database.close()

    assert (announcement.operation, announcement.key) == (
        Operation.ANNOUNCEMENT,
        f"1-{_MICROSECONDS}",
    )
    assert content is not None
    assert content.incident.title == "Down"
    assert (notification.operation, notification.entry_id) == (Operation.NOTIFICATION, 1)


async def test_what_comes_after_has_new_ids_and_may_be_direct(first_version: str) -> None:
    database = open_database(first_version)
    store = IncidentStore(database, lambda: NOON)

    await store.hand_over(by(ANA), 1, BEN)
    entries = await store.timeline(1, A_VIEWER)
    database.close()

    rows = Rows(first_version)
    assert rows.query("SELECT id, operation FROM outbox WHERE id > 3") == [(5, "direct")]
    assert [entry.kind for entry in entries] == [EntryKind.DECLARED, EntryKind.LEAD_CHANGED]
    rows.close()


def test_who_was_not_let_in_before_is_still_known(first_version: str) -> None:
    _to(first_version, "0010")
    rows = Rows(first_version)
    for number, (user_id, state) in enumerate(((BEN, "failed"), (ANA, "sent")), start=2):
        for statement in (
            f"INSERT INTO responders VALUES (1, '{user_id}', NULL, {_MOMENT})",  # noqa: S608 - a test's words
            f"""INSERT INTO timeline_entries
                    (incident_id, kind, actor, at, happened_at, version, after)
                VALUES (1, 'joined', '{CARA}', {_MOMENT}, {_MOMENT}, {number}, '{user_id}')""",  # noqa: S608 - the same
            message("invitation", str(number), f"'{state}', 1, 'no', {_MOMENT}"),
        ):
            rows.execute(statement)

    open_database(first_version).close()

    assert rows.of("uninvited") == [(1, BEN)]
    rows.close()


@ON_SQLITE
async def test_the_words_are_still_searched_and_incidents_counted(first_version: str) -> None:
    database = open_database(first_version)
    store = IncidentStore(database, lambda: NOON)

    await store.declare(by(CARA), a_declaration(), [INCIDENTS])
    database.close()

    rows = Rows(first_version)
    assert rows.query("SELECT sum(number) FROM incident_counts") == [(2,)]
    found = "SELECT rowid FROM incident_words WHERE incident_words MATCH 'checkout'"
    assert rows.query(found) == [(2,)]
    rows.close()


async def test_what_was_declared_before_is_found_by_parts_of_text_without_spaces(
    first_version: str,
) -> None:
    _to(first_version, "0011")
    rows = Rows(first_version)
    rows.execute("UPDATE incidents SET title = '我家在上海断电', description = 'Café on db-01'")
    rows.close()

    database = open_database(first_version)
    lists = IncidentLists(database)
    totals = [
        (await lists.find(IncidentFilter(words=(word,)), A_VIEWER, 1))[1]
        for word in ("上海", "cafe", "db-01", "db-02")
    ]
    database.close()

    assert totals == [1, 1, 1, 0]
