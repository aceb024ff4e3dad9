"""Waiting for what a bot brings about: looked at again and again, until a deadline."""

import asyncio
import time
from collections.abc import Callable
from typing import Final, TypeVar

T = TypeVar("T")

DEADLINE: Final = 25.0
"""Seconds. Generous: what is awaited comes within one or two, also on a busy machine."""

_LOOK_EVERY: Final = 0.01


async def eventually(look: Callable[[], T | None], what: str, within: float = DEADLINE) -> T:
    """What `look` gives, as soon as it is true; fails saying `what` was awaited."""
    until = time.monotonic() + within  # the event loop's clock may be put forward meanwhile
    while not (found := look()):
        if time.monotonic() > until:
            raise AssertionError(f"it did not happen within {within:g} s: {what}")
        await asyncio.sleep(_LOOK_EVERY)
    return found
