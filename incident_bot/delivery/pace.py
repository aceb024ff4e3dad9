"""How fast messages may go out. Times are seconds of the event loop's clock."""

import asyncio
import random
from collections.abc import Callable
from typing import Final

POST_INTERVAL: Final = 1.0
"""Slack: about one post a second and channel, a few at once being fine (Rate limits)."""

POST_BURST: Final = 3
"""How many posts may go out at once in a channel that was quiet."""

_FIRST_RETRY: Final = 1.0
_LONGEST_RETRY: Final = 60.0
_LONGEST_HURRIED: Final = 3.0
_CHANNEL_RETRIES: Final = (5.0, 60.0)
# Slack may ask for any rest; one longer than this is a mistake on the way.
_LONGEST_REST: Final = 3600.0


class Pace:
    """Knows when the next post in a channel, or the next call of a method, may start."""

    def __init__(self, burst: int = POST_BURST, interval: float = POST_INTERVAL) -> None:
        self._interval = interval
        self._ahead = (burst - 1) * interval
        # When each channel's posts would be over if they had been told one an interval.
        self._busy_until: dict[str, float] = {}
        self._resting: dict[str, float] = {}

    async def turn(self, channel: str) -> None:
        """Wait until `channel` may be posted in: no longer than the interval, alone in its lane."""
        clock = asyncio.get_running_loop().time
        while (wait := self._opens_at(channel) - clock()) > 0:  # noqa: ASYNC110 - others wait, too
            await asyncio.sleep(wait)
        begins = max(clock(), self._busy_until.get(channel, 0.0))
        self._busy_until[channel] = begins + self._interval
        self._forget_old(clock())

    def rest(self, method: str, seconds: float) -> float:
        """Let `method` rest, for all channels: Slack limits by method and workspace.

        Gives the seconds that it rests, which are within reason.
        """
        seconds = min(max(seconds, 0.0), _LONGEST_REST)
        until = asyncio.get_running_loop().time() + seconds
        self._resting[method] = max(until, self._resting.get(method, 0))
        return seconds

    def rest_left(self, method: str) -> float:
        """Seconds for which `method` has to rest yet."""
        return max(self._resting.get(method, 0.0) - asyncio.get_running_loop().time(), 0.0)

    def _opens_at(self, channel: str) -> float:
        return self._busy_until.get(channel, 0.0) - self._ahead

    def _forget_old(self, now: float) -> None:
        if len(self._busy_until) > 1000:  # noqa: PLR2004 - only now and then
            self._busy_until = {name: at for name, at in self._busy_until.items() if at > now}


def retry_wait(attempts: int, spread: Callable[[float, float], float] = random.uniform) -> float:
    """Seconds until the next try after `attempts` that failed: back-off with full jitter."""
    ceiling = min(_LONGEST_RETRY, _FIRST_RETRY * 2.0 ** min(attempts, 20))
    return spread(_FIRST_RETRY / 2, ceiling)


def hurried_wait(spread: Callable[[float, float], float] = random.uniform) -> float:
    """Seconds until what failed is tried again, once another message has got through."""
    return spread(0.0, _LONGEST_HURRIED)


def channel_wait(attempts: int) -> float:
    """Seconds until a channel that is closed is asked again."""
    shortest, longest = _CHANNEL_RETRIES
    return min(longest, shortest * 2.0 ** min(attempts - 1, 20))
