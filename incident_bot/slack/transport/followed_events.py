"""Slack's events while they are being followed: none is acknowledged before it is done.

Slack asks again for what is not acknowledged. Whoever asks again waits for the work that runs
already, or finds it done.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, Final

from incident_bot.slack.tasks import Tasks

# Slack asks again for six minutes; few events take so long that it has to.
_KEPT: Final = 1000


class FollowedEvents:
    """Runs the work of each event once at a time."""

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks
        self._running: dict[str, asyncio.Task[bool]] = {}
        self._late: set[str] = set()
        self._done_late: deque[str] = deque(maxlen=_KEPT)

    async def follow(
        self, event_id: str, work: Callable[[], Coroutine[Any, Any, bool]], within: float
    ) -> bool:
        """Whether the event is done within so many seconds; else the work goes on.

        Raises what the work raises. A younger event may have come before Slack asks again, so
        what was done late is not done once more.
        """
        if event_id in self._done_late:
            return True
        following = self._running.get(event_id) or self._start(event_id, work)
        done, _ = await asyncio.wait({following}, timeout=within)
        if not done:
            self._late.add(event_id)
            return False
        return following.result()

    def _start(
        self, event_id: str, work: Callable[[], Coroutine[Any, Any, bool]]
    ) -> asyncio.Task[bool]:
        following = self._running[event_id] = self._tasks.start(work())
        following.add_done_callback(lambda ended: self._ended(event_id, ended))
        return following

    def _ended(self, event_id: str, ended: asyncio.Task[bool]) -> None:
        del self._running[event_id]
        is_late = event_id in self._late
        self._late.discard(event_id)
        is_done = not ended.cancelled() and ended.exception() is None and ended.result()
        if is_late and is_done:
            self._done_late.append(event_id)
