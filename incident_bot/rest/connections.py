"""How many connections there are at once, and which one goes when there are too many.

Each takes a file descriptor, and without a free one the bot reaches neither Slack nor its database.
"""

import resource
from collections.abc import Callable
from typing import Final, Protocol

import structlog

log = structlog.get_logger(__name__)

MOST: Final = 512
_SHARE_OF_DESCRIPTORS: Final = 2
_QUIET_AFTER: Final = 60.0
_WORDS: Final = "too many connections"


class Closable(Protocol):
    """A connection."""

    def turn_away(self) -> None:
        """Say that there are too many, and close."""


class Connections:
    """Those that are open.

    At the limit, the one that has gone longest without asking anything makes room for a new one:
    whoever sends half a request, or none, keeps nobody out.
    """

    def __init__(self, limit: int, monotonic: Callable[[], float]) -> None:
        """`monotonic` is a clock in seconds that is never set back."""
        self._limit = limit
        self._monotonic = monotonic
        self._open: set[Closable] = set()
        self._waiting: dict[Closable, None] = {}  # in order
        self._full_at: float | None = None

    def add(self, connection: Closable) -> None:
        """Take a new one, which waits; another, or itself, may be turned away."""
        self._open.add(connection)
        self._waiting[connection] = None
        if len(self._open) > self._limit:
            self._note()
            longest = next(iter(self._waiting))
            self.remove(longest)
            longest.turn_away()

    def remove(self, connection: Closable) -> None:
        """It's closed, or about to be."""
        self._open.discard(connection)
        self._waiting.pop(connection, None)

    def asks(self, connection: Closable) -> None:
        """Note that the head of a request is complete."""
        self._waiting.pop(connection, None)

    def waits(self, connection: Closable) -> None:
        """The answer is out."""
        if connection in self._open:
            self._waiting[connection] = None

    @property
    def problems(self) -> dict[str, str]:
        """What `/readyz` shows; no channel has a name with a space."""
        if not self._was_full_lately():
            return {}
        return {"HTTP server": f"{_WORDS}: there may be {self._limit} at once"}

    def _note(self) -> None:
        if not self._was_full_lately():
            log.warning(_WORDS, limit=self._limit)
        self._full_at = self._monotonic()

    def _was_full_lately(self) -> bool:
        return self._full_at is not None and self._monotonic() < self._full_at + _QUIET_AFTER


def most() -> int:
    """The limit for this process: half of its descriptors stay free for all else."""
    descriptors, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if descriptors == resource.RLIM_INFINITY:
        return MOST
    return min(MOST, descriptors // _SHARE_OF_DESCRIPTORS)
