"""What PostgreSQL adds: several processes on one database."""

import asyncio
import contextlib
import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, NullPool, create_engine, literal, make_url, select, text

from incident_bot.domain.edits import ProgressUpdate
from incident_bot.domain.errors import RepeatedRequest
from incident_bot.domain.status import Status, Step
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.case import SeenVersion
from incident_bot.store.engine.database import Database, DatabaseAway, SchemaChanged
from incident_bot.store.engine.opening import open_database
from incident_bot.store.engine.postgres import PostgresDatabase
from incident_bot.store.engine.schema import HEAD
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.outbox.queue import LEASE, LONGEST_CALL, ClaimLost
from incident_bot.store.requests import Request
from tests.databases import Rows
from tests.factories import Clock, a_declaration
from tests.postgres import PostgresServer
from tests.waiting import eventually

pytestmark = pytest.mark.postgres

# As a worker does it, in one transaction.
_NOTE_SENT = """
    UPDATE outbox SET state = 'sent', settled_at = now(), claimed_by = NULL, lease_until = NULL
    WHERE id = :post
"""
_KEEP_PLACE = """
    INSERT INTO notifications (channel_id, message_ts, entry_id, destination)
    VALUES ('C0INC', '2.000001', :entry, 'incidents')
"""
_WHO_WAITS = """
    SELECT pid FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE NOT granted AND datname = current_database()
"""


@pytest.fixture
def kind() -> str:
    """All of this is about PostgreSQL."""
    return "postgresql"


@pytest.fixture
def other(address: str, database: Database) -> Iterator[Database]:
    """A second process's way into the same database."""
    del database
    with contextlib.closing(open_database(address)) as opened:
        yield opened


async def declared(store: IncidentStore, key: str | None = None) -> int:
    incident = await store.declare(Request("U0CARA", key), a_declaration(), ["incidents"])
    return incident.id


def test_processes_that_start_at_once_migrate_once(postgres: PostgresServer) -> None:
    address = postgres.empty_database()

    with ThreadPoolExecutor(4) as starting:
        opened = list(starting.map(open_database, [address] * 4))

    with contextlib.closing(Rows(address)) as rows:
        assert rows.of("alembic_version") == [(HEAD,)]
    for database in opened:
        database.close()


async def test_a_claim_is_one_process_s_alone(
    store: IncidentStore, outbox: Outbox, other: Database, clock: Clock
) -> None:
    for number in range(10):
        await store.declare(Request("U0CARA"), a_declaration(), [f"C0{number}"])
    now = clock()

    ours, theirs = await asyncio.gather(outbox.claim(now, 10, 10), Outbox(other).claim(now, 10, 10))

    claimed = [delivery.id for delivery in (*ours, *theirs)]
    assert len(claimed) == len(set(claimed))


async def test_what_a_process_that_is_gone_had_claimed_is_taken_over_when_its_lease_runs_out(
    store: IncidentStore, outbox: Outbox, other: Database, clock: Clock, rows: Rows
) -> None:
    await declared(store)
    [held] = await outbox.claim(clock(), 1, 1)
    survivor = Outbox(other)
    assert await survivor.claim(clock(), 1, 1) == ()

    rows.execute("UPDATE outbox SET lease_until = now() - interval '1 second'")
    [taken] = await survivor.claim(clock(), 1, 1)

    assert taken.id == held.id
    assert taken.is_uncertain


async def test_a_lease_that_is_renewed_does_not_run_out(
    store: IncidentStore, outbox: Outbox, other: Database, clock: Clock, rows: Rows
) -> None:
    await declared(store)
    await outbox.claim(clock(), 1, 1)
    rows.execute("UPDATE outbox SET lease_until = now() - interval '1 second'")

    await outbox.renew()

    assert await Outbox(other).claim(clock(), 1, 1) == ()


async def test_a_claim_that_holds_is_kept_for_the_call(
    store: IncidentStore, outbox: Outbox, other: Database, clock: Clock, rows: Rows
) -> None:
    await declared(store)
    [held] = await outbox.claim(clock(), 1, 1)
    rows.execute("UPDATE outbox SET lease_until = now() + interval '1 second'")

    await outbox.hold(held)

    [(left,)] = rows.query("SELECT extract(epoch FROM lease_until - now()) FROM outbox")
    assert LONGEST_CALL < left <= LEASE.total_seconds()
    assert await Outbox(other).claim(clock(), 1, 1) == ()


@pytest.mark.parametrize("is_taken_over", [True, False])
async def test_a_claim_that_has_run_out_is_not_held_any_more(
    store: IncidentStore,
    outbox: Outbox,
    other: Database,
    clock: Clock,
    rows: Rows,
    *,
    is_taken_over: bool,
) -> None:
    await declared(store)
    [late] = await outbox.claim(clock(), 1, 1)
    rows.execute("UPDATE outbox SET lease_until = now() - interval '1 second'")
    if is_taken_over:
        await Outbox(other).claim(clock(), 1, 1)

    with pytest.raises(ClaimLost):
        await outbox.hold(late)


async def test_a_claim_that_ran_out_before_the_answer_came_is_not_held_any_more(
    store: IncidentStore, database: Database, clock: Clock, rows: Rows
) -> None:
    await declared(store)
    seconds = itertools.count()

    def monotonic() -> float:
        if second := next(seconds):  # the database has answered, but late
            rows.execute("UPDATE outbox SET lease_until = now() - interval '1 second'")
        return second * LEASE.total_seconds()

    outbox = Outbox(database, monotonic=monotonic)
    [late] = await outbox.claim(clock(), 1, 1)

    with pytest.raises(ClaimLost):
        await outbox.hold(late)


async def test_a_late_outcome_of_what_another_took_over_is_not_noted(
    store: IncidentStore, outbox: Outbox, other: Database, clock: Clock, rows: Rows
) -> None:
    await declared(store)
    [late] = await outbox.claim(clock(), 1, 1)
    rows.execute("UPDATE outbox SET lease_until = now() - interval '1 second'")
    await Outbox(other).claim(clock(), 1, 1)

    await outbox.failed(late, "too late", clock())

    assert rows.of("outbox", "state") == [("sending",)]


async def test_a_request_that_reaches_two_processes_at_once_is_carried_out_once(
    store: IncidentStore, other: Database, clock: Clock, rows: Rows
) -> None:
    elsewhere = IncidentStore(other, clock)

    outcomes = await asyncio.gather(
        *(declared(each, "command:1") for each in (store, elsewhere) * 5), return_exceptions=True
    )

    assert sum(isinstance(outcome, int) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, RepeatedRequest) for outcome in outcomes) == 9
    assert rows.count("incidents") == 1


async def test_changes_from_two_processes_at_once_all_count(
    store: IncidentStore, other: Database, clock: Clock, rows: Rows
) -> None:
    incident_id = await declared(store)
    elsewhere = IncidentStore(other, clock)
    severities = ["Low", "Medium"] * 10

    await asyncio.gather(
        *(
            each.set_severity(Request("U0ANA"), incident_id, severity)
            for each in (store, elsewhere)
            for severity in severities
        ),
        return_exceptions=True,
    )

    changes = rows.query("SELECT before, after FROM timeline_entries WHERE version > 1 ORDER BY id")
    assert all(earlier[1] == later[0] for earlier, later in itertools.pairwise(changes))


async def test_a_change_while_its_announcement_is_being_claimed_is_shown_in_the_end(
    store: IncidentStore, other: Database, clock: Clock
) -> None:
    sender = Outbox(other)
    ids = [await declared(store) for _ in range(5)]
    shown: dict[int, Status] = {}

    async def send(tries: int) -> None:
        for _ in range(tries):
            for delivery in await sender.claim(clock(), 1, 1):
                content = await sender.messages.content(delivery)
                assert content is not None
                shown[delivery.incident_id] = content.incident.status
                await sender.sent(delivery, "C0INCIDENTS", "1.000001", clock())

    async def resolve() -> None:
        for incident_id in ids:
            await store.take(Request("U0ANA"), incident_id, Step.RESOLVE)

    await asyncio.gather(send(10), resolve())
    await send(20)

    assert shown == dict.fromkeys(ids, Status.RESOLVED)


async def test_an_edit_while_another_process_notes_where_the_post_is_finds_it_there(
    store: IncidentStore, other: Database, clock: Clock, address: str, rows: Rows
) -> None:
    await declared(store)
    sender = Outbox(other)
    [announcement] = await sender.claim(clock(), 1, 1)
    await sender.sent(announcement, "C0INC", "1.000001", clock())
    await store.post_update(Request("U0BEN"), 1, ProgressUpdate(message="Rolled bakc"))
    [post] = await sender.claim(clock(), 1, 0)

    engine = create_engine(address, poolclass=NullPool)
    with engine.connect() as noting:
        post_and_entry = {"post": post.id, "entry": post.entry_id}
        noting.execute(text(_NOTE_SENT), post_and_entry)
        noting.execute(text(_KEEP_PLACE), post_and_entry)
        seen = SeenVersion(1, post.entry_id or 0, None)
        editing = asyncio.create_task(store.edit_update(Request("U0BEN"), seen, "Rolled back"))
        await eventually(lambda: rows.query(_WHO_WAITS), "the edit waits for the other process")
        noting.commit()
    await editing

    edits = [one for one in await sender.claim(clock(), 9, 9) if one.is_edit_of_entry]
    assert [one.entry_id for one in edits] == [post.entry_id]


async def test_a_process_older_than_the_schema_steps_aside(
    address: str, database: Database, rows: Rows
) -> None:
    del address
    rows.execute("UPDATE alembic_version SET version_num = '9999'")

    assert "newer than this version's" in str(await database.problem())


async def test_what_an_older_process_would_write_is_refused(
    address: str, rows: Rows, clock: Clock
) -> None:
    with contextlib.closing(PostgresDatabase(make_url(address), check_schema_every=0)) as database:
        rows.execute("UPDATE alembic_version SET version_num = '9999'")

        with pytest.raises(SchemaChanged, match="The bot is being updated"):
            await declared(IncidentStore(database, clock))
        with pytest.raises(SchemaChanged):
            await database.read(lambda connection: connection.scalar(text("SELECT 1")))
        assert database.outdated.is_set()


async def test_its_limits_are_set_without_options_at_the_start_up(database: Database) -> None:
    """PgBouncer refuses those."""
    query = text(
        "SELECT name, setting, source FROM pg_settings "
        "WHERE name IN ('statement_timeout', 'lock_timeout', 'TimeZone') ORDER BY 1"
    )

    settings = await database.read(lambda connection: connection.execute(query).all())

    assert [tuple(setting) for setting in settings] == [
        ("TimeZone", "UTC", "session"),
        ("lock_timeout", "2000", "session"),
        ("statement_timeout", "5000", "session"),
    ]


async def test_an_answer_that_comes_late_tells_nothing(address: str, database: Database) -> None:
    del database  # it has made the tables
    seconds = [0.0]

    def late(connection: Connection) -> int | None:
        seconds[0] += 11
        return connection.scalar(select(literal(1)))

    with contextlib.closing(
        PostgresDatabase(make_url(address), monotonic=lambda: seconds[0])
    ) as slow:
        for ask in (slow.read, slow.scan):
            with pytest.raises(DatabaseAway):
                await ask(late)


async def test_each_connection_speaks_utc(database: Database) -> None:
    zone = await database.read(lambda connection: connection.scalar(text("SHOW timezone")))

    assert zone == "UTC"
