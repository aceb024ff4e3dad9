"""Where deliveries go: a worker for each target, which nothing holds up but its own target."""

import asyncio
from collections.abc import Mapping
from typing import Final

from incident_bot.delivery.problems import EVENT_LOG as LOG_AS_A_WHOLE
from incident_bot.delivery.problems import OUTBOX, SLACK, Problems
from incident_bot.delivery.worker import Worker
from incident_bot.store.outbox.operations import EVENT_LOG

_SILENT_AFTER: Final = 300.0
_LOG_NOT_SET: Final = (
    "lines wait, and INCIDENT_BOT_EVENT_LOG is not set: set it again, or discard them"
)


class Targets:
    """The workers by the names of their targets. What is for another target stays in the outbox."""

    def __init__(self, workers: Mapping[str, Worker]) -> None:
        self._workers = workers
        self._stopping = asyncio.Event()

    def wake(self) -> None:
        """Something has been put into the outbox, or can go out now."""
        for worker in self._workers.values():
            worker.wake()

    def retry_now(self) -> None:
        """Something has been mended: do not wait for the end of a rest."""
        for worker in self._workers.values():
            worker.retry_now()

    def stop(self) -> None:
        """Claim no more; `run` returns once what is being sent has ended."""
        self._stopping.set()
        for worker in self._workers.values():
            worker.stop()

    async def run(self) -> None:
        """Empty the outbox until `stop`."""
        running = [worker.run() for worker in self._workers.values()]
        await asyncio.gather(*running, self._stopping.wait())

    def problems(self, waited: Mapping[str, int]) -> Problems:
        """What keeps messages from going out and needs a person.

        `waited` are the seconds that the oldest delivery of each target has waited.
        """
        problems = Problems()
        if EVENT_LOG not in self._workers and waited.get(EVENT_LOG, 0) >= _SILENT_AFTER:
            problems[LOG_AS_A_WHOLE] = _LOG_NOT_SET
        for target, worker in self._workers.items():
            problems |= worker.problems
            silent, oldest = worker.silent_seconds(), waited.get(target, 0)
            if min(oldest, silent) >= _SILENT_AFTER:
                concern = OUTBOX if worker.whole is SLACK else worker.whole
                problems[concern] = (
                    f"nothing has gone out for {silent / 60:.0f} minutes, and the oldest "
                    f"message has waited for {oldest / 60:.0f}"
                )
        return problems
