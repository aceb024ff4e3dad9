"""What is to be done now and then, whatever people do."""

import asyncio
from datetime import timedelta
from typing import Final

import structlog

from incident_bot.store.changes import Clock
from incident_bot.store.incident_channels import IncidentChannels
from incident_bot.store.incidents import IncidentStore

_EVERY: Final = timedelta(hours=1)
# Slack delivers an event again for a day at most (Events API, "Delayed Events").
_REQUESTS_KEPT: Final = timedelta(hours=48)

log = structlog.get_logger(__name__)


class Housekeeping:
    """Forgets what nobody needs any more, and has old channels archived.

    `archive_after` is how long after its resolution an incident's channel is archived; None: it
    stays.
    """

    def __init__(
        self,
        store: IncidentStore,
        channels: IncidentChannels,
        clock: Clock,
        archive_after: timedelta | None,
    ) -> None:
        self._store = store
        self._channels = channels
        self._clock = clock
        self._archive_after = archive_after

    async def run(self) -> None:
        """Once an hour, for ever."""
        while True:
            try:
                await self._do()
            except Exception:
                log.exception("what is to be done now and then was not done")
            await asyncio.sleep(_EVERY.total_seconds())

    async def _do(self) -> None:
        now = self._clock()
        await self._store.forget_old(now - _REQUESTS_KEPT)
        if self._archive_after is not None:
            await self._channels.archive_old(now - self._archive_after)
