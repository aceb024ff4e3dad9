"""A worker with a real outbox, a sender that does as it is told, and time that can be moved."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from sqlalchemy import Connection

from incident_bot.delivery.outcome import NotSent, Outcome, Sent
from incident_bot.delivery.pace import Pace
from incident_bot.delivery.worker import Worker
from incident_bot.domain.incident import Incident
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.engine.database import Database
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.outbox.deliveries import Delivery
from incident_bot.store.outbox.operations import Operation
from tests.databases import Rows
from tests.factories import CARA, INCIDENTS, NOON, a_declaration, by
from tests.movable_time import a_moment, put_forward

T = TypeVar("T")

POST = "chat.postMessage"
UPDATE = "chat.update"
SENT = Sent("C0INC", "100.1")

# Far more turns of the event loop than the worker takes from one query to the next.
_CALM_TURNS: Final = 50
_MOST_TURNS: Final = 20_000
_MOST_LOOKS: Final = 1000


class MovableClock:
    """The wall clock, in step with the event loop's but `ahead`; it counts how often it is seen."""

    def __init__(self) -> None:
        self._started_at = asyncio.get_running_loop().time()
        self.ahead = 0.0
        self.looks = 0

    def __call__(self) -> datetime:
        self.looks += 1
        passed = asyncio.get_running_loop().time() - self._started_at
        return NOON + timedelta(seconds=passed + self.ahead)


class FakeSender:
    """Stands where Slack's network begins: it notes what it is given and answers as told.

    `answers` are given one after the other, then all is sent; an exception among them is raised.
    Before them, what concerns an incident in `broken` is answered as said there. While `gate` is
    closed nothing is answered. `asked` is who is told of trouble, which is noted apart: it gets
    through if Slack `is_well`.
    """

    def __init__(self) -> None:
        self.tries: list[Delivery] = []
        self.answers: list[Outcome | Exception] = []
        self.broken: dict[int, Outcome] = {}
        self.takes_text_alone = False
        self.asked: str | None = CARA
        self.is_answering = True
        self.is_well = True
        self.gate = asyncio.Event()
        self.gate.set()

    async def send(self, delivery: Delivery) -> Outcome:
        if delivery.operation is Operation.TROUBLE:
            return SENT if self.is_well else NotSent("Slack is down", POST)
        self.tries.append(delivery)
        answer = self._next_answer(delivery)
        await self.gate.wait()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _next_answer(self, delivery: Delivery) -> Outcome | Exception:
        if delivery.incident_id in self.broken:
            is_taken = delivery.is_text_alone and self.takes_text_alone
            return SENT if is_taken else self.broken[delivery.incident_id]
        return self.answers.pop(0) if self.answers else SENT

    def method(self, delivery: Delivery) -> str:
        return POST if delivery.is_post else UPDATE

    async def who_asked(self, delivery: Delivery) -> str | None:  # noqa: ARG002
        return self.asked

    async def is_target_answering(self) -> bool:
        return self.is_answering


class WatchedDatabase(Database):
    """Passes all on, and knows how much is under way: the worker does nothing else in threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.is_shared = database.is_shared
        self.under_way = 0

    async def _commit(self, work: Callable[[Connection], T]) -> T:
        with self._under_way():
            return await self._database.write(work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        with self._under_way():
            return await self._database.read(work)

    async def scan(self, work: Callable[[Connection], T]) -> T:
        with self._under_way():
            return await self._database.scan(work)

    def close(self) -> None:
        self._database.close()

    @contextlib.contextmanager
    def _under_way(self) -> Iterator[None]:
        self.under_way += 1
        try:
            yield
        finally:
            self.under_way -= 1


class Stage:
    """Everything that a delivery needs."""

    def __init__(self, opened: Database, rows: Rows) -> None:
        self.database = database = WatchedDatabase(opened)
        self.clock = MovableClock()
        self.outbox = Outbox(database)
        self.sender = FakeSender()
        self.worker = Worker(self.outbox, self.sender, self.clock, Pace(burst=1))
        database.wake_when_outgoing(self.worker.wake)
        self.store = IncidentStore(database, self.clock)
        self.rows = rows
        self._running: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._running = asyncio.create_task(self.worker.run())

    async def stop(self) -> None:
        """Have the worker stop; it does so without any time passing."""
        self.worker.stop()
        await self.settle()
        assert not self.is_running, f"it has not stopped; the outbox has {self.outbox_rows()}"

    async def close(self) -> None:
        """Stop, whatever the worker waits for: also a test that failed has to end."""
        self.sender.gate.set()
        self.worker.stop()
        await self.until(lambda: not self.is_running, pace=10)

    @property
    def is_running(self) -> bool:
        return self._running is not None and not self._running.done()

    async def declare(self, *destinations: str) -> Incident:
        return await self.store.declare(by(CARA), a_declaration(), destinations or (INCIDENTS,))

    async def announced(self, *destinations: str) -> Incident:
        """An incident whose announcements are in their channels."""
        incident = await self.declare(*destinations)
        await self.until(lambda: self.states().count("sent") == len(destinations or (INCIDENTS,)))
        self.sender.tries.clear()
        return incident

    async def until(self, is_so: Callable[[], bool], pace: float = 0) -> None:
        """Wait until it is so; at each look another `pace` seconds have passed."""
        for _ in range(_MOST_LOOKS if pace else 2):
            if is_so():
                return
            put_forward(pace)
            await self.settle()
        assert is_so(), f"it never came to this; the outbox has {self.outbox_rows()}"

    async def settle(self) -> None:
        """Let the worker do all that it does without any time passing."""
        calm = 0
        for _ in range(_MOST_TURNS):
            if self.database.under_way:
                calm = 0
                await a_moment()
            elif calm == _CALM_TURNS:
                return
            else:
                calm += 1
                await asyncio.sleep(0)
        raise AssertionError("the worker never comes to rest")

    async def tried(self, times: int) -> None:
        await self.until(lambda: len(self.sender.tries) >= times)

    async def answered(self, times: int) -> None:
        """Wait for so many tries and for all that follows from them."""
        await self.tried(times)
        await self.until(lambda: "sending" not in self.states())

    def states(self) -> list[str]:
        """Of all but what tells of trouble."""
        query = "SELECT state FROM outbox WHERE about_id IS NULL ORDER BY id"
        return [state for (state,) in self.rows.query(query)]

    def troubles(self) -> list[tuple[int, str, str]]:
        """Of which incidents somebody is told of trouble, what became of it, and why."""
        return self.rows.query(
            "SELECT about.incident_id, about.state, about.reason FROM outbox "
            "JOIN outbox about ON about.id = outbox.about_id ORDER BY outbox.id"
        )

    def outbox_rows(self) -> list[tuple[Any, ...]]:
        return self.rows.of("outbox", "id, operation, destination, state, attempts, reason")

    def waiting_for(self) -> list[float]:
        """After how many seconds each message that waits is due."""
        waiting = self.rows.query("SELECT due_at FROM outbox WHERE state = 'pending' ORDER BY id")
        now = self.clock()
        return [(datetime.fromisoformat(due_at) - now).total_seconds() for (due_at,) in waiting]
