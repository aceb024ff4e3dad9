"""No delivery: for a bot that runs without Slack."""

import asyncio

from incident_bot.store.outbox import Outbox


class Pause:
    """In the place of a worker: all stays in the outbox, for one that will come."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._stopping = asyncio.Event()
        self.problems: dict[str, str] = {}

    def wake(self) -> None:
        """What has been put into the outbox stays there."""

    def stop(self) -> None:
        self._stopping.set()

    async def counts(self) -> dict[str, int]:
        """How many messages there are in each state."""
        return await self._outbox.counts()

    async def failures(self) -> tuple[str, ...]:
        """Nothing is sent, so nothing is given up."""
        return ()

    async def run(self) -> None:
        """Wait until `stop`."""
        await self._stopping.wait()
