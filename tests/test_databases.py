"""The databases that tests get: one on PostgreSQL is used again and again, see `databases.py`."""

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, NullPool, create_engine, text

from incident_bot.domain.status import Step
from incident_bot.store.engine.opening import open_database
from incident_bot.store.incidents import IncidentStore
from tests.databases import Rows
from tests.factories import ANA, CARA, INCIDENTS, Clock, a_declaration, by
from tests.postgres import PostgresServer

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences ORDER BY 1"


def contents(address: str) -> dict[str, list[tuple[Any, ...]]]:
    with contextlib.closing(Rows(address)) as rows:
        tables = {name: rows.of(name) for (name,) in rows.query(_TABLES)}
        return tables | {"sequences": rows.query(_SEQUENCES)}


@contextlib.contextmanager
def a_session(address: str) -> Iterator[Connection]:
    """A session of a test that has gone wrong: it may be ended from the server's side."""
    engine = create_engine(address, poolclass=NullPool)
    connection = engine.connect()
    yield connection
    connection.invalidate()
    connection.close()


@pytest.mark.usefixtures("address")
def test_what_needs_postgresql_is_marked(kind: str, request: pytest.FixtureRequest) -> None:
    is_marked = request.node.get_closest_marker("postgres") is not None

    assert is_marked is (kind == "postgresql")


async def test_an_emptied_database_is_as_the_migrations_leave_it(postgres: PostgresServer) -> None:
    address = postgres.emptied_database()
    with contextlib.closing(open_database(address)) as database:
        store = IncidentStore(database, Clock())
        await store.declare(by(CARA, "view:V1"), a_declaration(), [INCIDENTS])
        await store.take(by(ANA), 1, Step.ACKNOWLEDGE)
    with contextlib.closing(Rows(address)) as rows:
        rows.execute("UPDATE alembic_version SET version_num = '9999'")

    assert postgres.emptied_database() == address

    assert contents(address) == contents(postgres.new_database())


def test_what_a_test_left_open_holds_up_no_other(postgres: PostgresServer) -> None:
    address = postgres.emptied_database()
    with a_session(address) as session:
        for statement in (
            "INSERT INTO requests (key, at) VALUES ('k', now())",
            "LOCK TABLE outbox",
            "SELECT pg_advisory_lock(1)",
        ):
            session.execute(text(statement))

        postgres.emptied_database()

    with contextlib.closing(Rows(address)) as rows:
        assert rows.count("requests") == 0
        assert rows.query("SELECT pg_try_advisory_lock(1)") == [(True,)]
