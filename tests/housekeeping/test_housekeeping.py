"""What is done now and then, whatever people do."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator, MutableMapping
from datetime import timedelta
from typing import Any

import pytest

from incident_bot.domain.errors import RepeatedRequest
from incident_bot.domain.status import Step
from incident_bot.housekeeping import Housekeeping
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.channels import IncidentChannels
from incident_bot.store.engine.database import Database
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.outbox.operations import Operation
from tests.factories import A_VIEWER, ANA, CARA, NOON, Clock, a_declaration, by
from tests.movable_time import put_forward, turns, until
from tests.new_sqlite import opened_sqlite

OWN = "C0OWN"
HOUR = 60 * 60
DAY = 24 * HOUR


def _nobody() -> None:
    """Nobody delivers here."""


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database() -> Iterator[Database]:
    with opened_sqlite() as opened:
        yield opened


@pytest.fixture
def store(database: Database, clock: Clock) -> IncidentStore:
    return IncidentStore(database, clock)


@pytest.fixture
async def begins(
    database: Database, store: IncidentStore, clock: Clock
) -> AsyncIterator[Callable[..., None]]:
    """Begins to keep house, with the chores that are given."""
    running: list[asyncio.Task[None]] = []

    def begin(archive_after: timedelta | None = None, **chores: Any) -> None:  # noqa: ANN401 - chores
        channels = IncidentChannels(database, clock)
        housekeeping = Housekeeping(store, channels, clock, archive_after, **chores)
        running.append(asyncio.create_task(housekeeping.run()))

    yield begin
    for task in running:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


class Chore:
    """Counts how often it is done; told so, it fails."""

    def __init__(self, *, fails: bool = False) -> None:
        self.times = 0
        self._fails = fails

    async def __call__(self) -> None:
        self.times += 1
        if self._fails:
            raise ValueError("odd")


async def test_chores_are_done_at_the_start_and_then_often_or_hourly(
    begins: Callable[..., None],
) -> None:
    often, hourly = Chore(), Chore()
    begins(often=[often], hourly=[hourly])
    await until(lambda: (often.times, hourly.times) == (1, 1))

    put_forward(5)
    await until(lambda: often.times == 2)
    assert hourly.times == 1
    put_forward(HOUR - 5)

    await until(lambda: hourly.times == 2)
    assert often.times == 3


async def test_a_chore_that_fails_is_logged_and_done_again(
    begins: Callable[..., None], logs: list[MutableMapping[str, Any]]
) -> None:
    failing, other = Chore(fails=True), Chore()
    begins(often=[failing, other])
    await until(lambda: failing.times == 1)

    await until(lambda: failing.times == 3, pace=1)

    assert other.times >= 2
    assert logs[0]["event"] == "what is to be done now and then was not done"
    assert logs[0]["exc_info"]


@pytest.mark.parametrize(("seconds", "is_kept"), [(2 * DAY, True), (2 * DAY + 1, False)])
async def test_after_two_days_nobody_sends_a_request_again(
    begins: Callable[..., None],
    database: Database,
    store: IncidentStore,
    clock: Clock,
    *,
    seconds: int,
    is_kept: bool,
) -> None:
    await store.declare(by(CARA, "key"), a_declaration(), [])
    clock.advance(seconds)
    done = Chore()

    begins(hourly=[done])
    await until(lambda: done.times)
    await database.write(lambda _connection: None)  # what was begun before is written by now

    again = store.declare(by(CARA, "key"), a_declaration(), [])
    if is_kept:
        with pytest.raises(RepeatedRequest):
            await again
    else:
        assert (await again).id == 2


@pytest.mark.parametrize(
    ("archive_after", "days", "is_open"),
    [
        (timedelta(days=7), 7, True),
        (timedelta(days=7), 8, False),
        (None, 8, True),
    ],
)
async def test_the_channel_of_what_was_resolved_long_ago_is_archived(
    begins: Callable[..., None],
    database: Database,
    store: IncidentStore,
    clock: Clock,
    *,
    archive_after: timedelta | None,
    days: int,
    is_open: bool,
) -> None:
    await store.declare(by(CARA), a_declaration(wants_channel=True), [])
    outbox = Outbox(database)
    [delivery] = await outbox.claim(NOON, 9, 9)
    assert delivery.operation is Operation.CHANNEL
    await outbox.channel_made(delivery, OWN, "inc-1-checkout", NOON)
    await store.take(by(ANA), 1, Step.RESOLVE)
    clock.advance(days * DAY)
    done = Chore()

    begins(archive_after, often=[done])
    await until(lambda: done.times == 3, pace=1)
    # The one write of the tidying comes after the other, however slow the disk.
    for _ in range(20):
        await database.write(lambda _connection: None)
        await turns()

    assert ((await store.get(1, A_VIEWER)).open_channel_id == OWN) is is_open
