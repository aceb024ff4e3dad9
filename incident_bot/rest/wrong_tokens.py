"""How many wrong tokens came from where: whoever guesses has to wait."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

MOST_TRIES: Final = 20
WINDOW: Final = 60.0
"""Seconds in which so many may be tried."""

MOST_ADDRESSES: Final = 1000


@dataclass
class _Tries:
    """Those of one address since `since`."""

    since: float
    number: int = 0


class WrongTokens:
    """Counts by address; of addresses it knows a bounded number, the latest."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """`monotonic` is a clock in seconds that is never set back."""
        self._monotonic = monotonic
        self._tries: dict[str, _Tries] = {}

    def seconds_to_wait(self, address: str) -> int:
        """How long nothing is taken from there; 0 when it may try."""
        tries = self._tries.get(address)
        if tries is None or tries.number < MOST_TRIES:
            return 0
        return max(math.ceil(tries.since + WINDOW - self._monotonic()), 0)

    def add(self, address: str) -> None:
        now = self._monotonic()
        tries = self._tries.get(address)
        if tries is None or now >= tries.since + WINDOW:
            self._tries.pop(address, None)
            self._make_room()
            tries = self._tries[address] = _Tries(now)
        tries.number += 1

    def _make_room(self) -> None:
        if len(self._tries) >= MOST_ADDRESSES:
            del self._tries[next(iter(self._tries))]  # the one that came first
