"""Sends what the outbox holds for the event log."""

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from threading import Thread

from incident_bot import failpoints
from incident_bot.delivery.outcome import AccessLost, Done, Outcome, Refused, TakenOver
from incident_bot.failpoints import Failpoint
from incident_bot.integrations.event_log.file import append
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.outbox.deliveries import Delivery
from incident_bot.store.outbox.queue import ClaimLost


class EventLogSender:
    """Appends one event to the file at `path`; says how it went."""

    def __init__(self, path: Path, outbox: Outbox) -> None:
        self._path = path
        self._outbox = outbox

    def method(self, delivery: Delivery) -> str:  # noqa: ARG002 - there is one way
        return "append"

    async def send(self, delivery: Delivery) -> Outcome:
        if delivery.body is None:
            return Refused("it has nothing to say")
        may_be_there = delivery.attempts > 1 or delivery.is_uncertain
        try:
            await self._outbox.hold(delivery)
            begins_at = await _apart(
                lambda: append(self._path, delivery.key, _line(delivery), may_be_there=may_be_there)
            )
        except ClaimLost:
            return TakenOver()
        except OSError as error:
            return AccessLost(f"{self._path} cannot be written: {error.strerror}")
        failpoints.reached(Failpoint.AFTER_POST)
        return Done(json.dumps({"file": str(self._path), "byte": begins_at}))

    async def who_asked(self, delivery: Delivery) -> None:
        """Nobody in Slack waits for it."""

    async def is_target_answering(self) -> bool:
        """Only writing shows that."""
        return False


async def _apart(work: Callable[[], int]) -> int:
    """Run it in a thread that keeps no process from ending: some disks never answer.

    Those of asyncio's pool are waited for.
    """
    done: Future[int] = Future()
    done.set_running_or_notify_cancel()

    def run() -> None:
        try:
            done.set_result(work())
        except Exception as error:  # noqa: BLE001 - it is raised where it is waited for
            done.set_exception(error)

    Thread(target=run, name="event log", daemon=True).start()
    return await asyncio.wrap_future(done)


def _line(delivery: Delivery) -> bytes:
    """The event's body as it was stored, with the key by which a reader knows it again."""
    return f'{{"id":"{delivery.key}",{str(delivery.body)[1:]}'.encode()
