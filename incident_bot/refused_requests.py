"""The log of refused requests, which anybody can send: not a line for each."""

import time
from collections.abc import Callable
from typing import Final

import structlog

log = structlog.get_logger(__name__)

MOST_LOGGED: Final = 20
WINDOW: Final = 60.0
"""Seconds in which so many are logged one by one."""


class RefusedRequests:
    """Logs the first of each minute; how many more there were it says with the next after that."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        """`monotonic` is a clock in seconds that is never set back."""
        self._monotonic = monotonic
        self._since = float("-inf")
        self._number = 0

    def note(self, event: str, **about: object) -> None:
        """A request was refused."""
        now = self._monotonic()
        if now >= self._since + WINDOW:
            if self._number > MOST_LOGGED:
                log.warning("more requests were refused", number=self._number - MOST_LOGGED)
            self._since, self._number = now, 0
        self._number += 1
        if self._number <= MOST_LOGGED:
            log.warning(event, **about)
