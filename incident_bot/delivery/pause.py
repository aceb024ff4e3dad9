"""No delivery: for a bot that runs without Slack."""

import asyncio

from incident_bot.delivery.problems import Problems


class Pause:
    """In the place of a worker: all stays in the outbox, for one that will come."""

    def __init__(self) -> None:
        self._stopping = asyncio.Event()
        self.problems = Problems()

    def wake(self) -> None:
        """What has been put into the outbox stays there."""

    def silent_seconds(self) -> float:
        """Nothing is expected to go out, so there is no silence."""
        return 0.0

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        """Wait until `stop`."""
        await self._stopping.wait()
