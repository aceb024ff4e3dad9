"""Event loops whose clock a test can put forward: what waits for a time is due at once."""

import asyncio
import time
from collections.abc import Callable

from tests.waiting import DEADLINE


class MovableLoop(asyncio.SelectorEventLoop):
    """Its time passes as always, and jumps when a test says so."""

    _ahead = 0.0

    def time(self) -> float:
        return super().time() + self._ahead

    def put_forward(self, seconds: float) -> None:
        """Let so much time pass at once; from any thread."""
        self._ahead += seconds
        self.call_soon_threadsafe(lambda: None)  # it may be asleep until a time that has come


class StillLoop(asyncio.SelectorEventLoop):
    """Its time stands still until it is put forward, so a slow disk uses up no timeout."""

    now = 1000.0

    def time(self) -> float:
        return self.now


def put_forward(seconds: float) -> None:
    """Let so much time pass at once, by the clock of a loop that stands still."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, StillLoop)
    loop.now += seconds


async def turns() -> None:
    """Let everything happen that is due now."""
    for _ in range(10):
        await asyncio.sleep(0)


async def a_moment() -> None:
    """Sleep for a real millisecond; the loop's clock does not move."""
    await asyncio.get_running_loop().run_in_executor(None, time.sleep, 0.001)


async def until(
    is_so: Callable[[], object], found: Callable[[], object] = str, pace: float = 0
) -> None:
    """Wait until it is so; at each look another `pace` seconds have passed.

    `found` says how it is, should it never come to that.
    """
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        if is_so():
            return
        put_forward(pace)
        await a_moment()
    raise AssertionError(f"it never came to this; {found()}")
