"""What is to be done now and then, whatever people do."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta
from typing import Final

import structlog

from incident_bot.store.channels import IncidentChannels
from incident_bot.store.engine.database import DatabaseAway
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.transaction import Clock

_HOUR: Final = timedelta(hours=1)
_OFTEN: Final = timedelta(seconds=5)
# Slack delivers an event again for a day at most (Events API, "Delayed Events").
_REQUESTS_KEPT: Final = timedelta(hours=48)

Chore = Callable[[], Awaitable[None]]

log = structlog.get_logger(__name__)


class Housekeeping:
    """Forgets what nobody needs any more, has old channels archived, does the rest of it often.

    `archive_after` is how long after its resolution an incident's channel is archived; None: it
    stays. `often` is what is to be done every few seconds; `hourly`, at
    the start and each hour.
    """

    def __init__(
        self,
        store: IncidentStore,
        channels: IncidentChannels,
        clock: Clock,
        archive_after: timedelta | None,
        *,
        often: Collection[Chore] = (),
        hourly: Collection[Chore] = (),
    ) -> None:
        self._store = store
        self._channels = channels
        self._clock = clock
        self._archive_after = archive_after
        self._often = often
        self._hourly = hourly

    async def run(self) -> None:
        """For ever."""
        chores = [_repeat(chore, _HOUR) for chore in (self._tidy, *self._hourly)]
        await asyncio.gather(*chores, _repeat(self.look_around, _OFTEN))

    async def look_around(self) -> None:
        """Run the frequent chores once."""
        for chore in self._often:
            await _do(chore)

    async def _tidy(self) -> None:
        now = self._clock()
        await self._store.forget_old(now - _REQUESTS_KEPT)
        if self._archive_after is not None:
            await self._channels.archive_old(now - self._archive_after)


async def _repeat(chore: Chore, every: timedelta) -> None:
    while True:
        await _do(chore)
        await asyncio.sleep(every.total_seconds())


async def _do(chore: Chore) -> None:
    try:
        await chore()
    except DatabaseAway:
        log.debug("a chore waits for the database")  # which has told the log itself
    except Exception:
        log.exception("what is to be done now and then was not done")
