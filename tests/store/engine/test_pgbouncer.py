"""PostgreSQL by way of PgBouncer, which gives each transaction another connection."""

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, create_engine, text

from incident_bot.store.engine.opening import open_database
from incident_bot.store.engine.schema import HEAD
from incident_bot.store.incidents import IncidentStore
from tests.databases import Rows
from tests.factories import A_VIEWER, Clock
from tests.pgbouncer import Pooler
from tests.postgres import PostgresServer
from tests.store.declaring import acknowledged

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

_LIMITS = "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')"


def limits(connection: Connection) -> tuple[str, str]:
    return tuple(connection.execute(text(_LIMITS)).one())


def test_processes_that_start_at_once_migrate_once(
    postgres: PostgresServer, pooler: Pooler
) -> None:
    address = pooler.address(postgres.empty_database())

    with ThreadPoolExecutor(4) as starting:
        opened = list(starting.map(open_database, [address] * 4))

    with contextlib.closing(Rows(address)) as rows:
        assert rows.of("alembic_version") == [(HEAD,)]
    for database in opened:
        database.close()


async def test_each_transaction_has_its_limits_and_leaves_none_to_others(
    postgres: PostgresServer, pooler: Pooler
) -> None:
    address = pooler.address(postgres.new_database())
    with contextlib.closing(open_database(address)) as database:
        ours = await asyncio.gather(*(database.read(limits) for _ in range(20)))
    engine = create_engine(address, connect_args={"prepare_threshold": None})
    with engine.connect() as connection:
        others = limits(connection)
    engine.dispose()

    assert set(ours) == {("5s", "2s")}
    assert others == ("0", "0")


async def test_what_is_said_often_is_prepared_on_no_connection(
    postgres: PostgresServer, pooler: Pooler, clock: Clock
) -> None:
    """Another connection would not know of it."""
    address = pooler.address(postgres.new_database())
    with contextlib.closing(open_database(address)) as database:
        store = IncidentStore(database, clock)
        await asyncio.gather(*(acknowledged(store) for _ in range(30)))
        prepared = await database.read(
            lambda connection: connection.scalar(
                text("SELECT count(*) FROM pg_prepared_statements")
            )
        )
        timelines = [await store.timeline(number + 1, A_VIEWER) for number in range(30)]

    assert prepared == 0
    assert {len(timeline) for timeline in timelines} == {3}
