"""An event loop whose clock can be put forward: what waits for a time is due at once."""

import asyncio


class MovableLoop(asyncio.SelectorEventLoop):
    """Its time passes as always, and jumps when a test says so."""

    _ahead = 0.0

    def time(self) -> float:
        return super().time() + self._ahead

    def put_forward(self, seconds: float) -> None:
        """Let so much time pass at once; from any thread."""
        self._ahead += seconds
        self.call_soon_threadsafe(lambda: None)  # it may be asleep until a time that has come
