"""Slack's rate limits, off unless asked for: tiers a minute, and one post a second and channel."""

from collections import defaultdict, deque

from incident_bot.sandbox.clock import Clock
from incident_bot.sandbox.methods.call import Method

BURST = 3
MINUTE = 60.0


class Limits:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.is_enforced = False
        self._calls: defaultdict[str, deque[float]] = defaultdict(deque)
        self._channels: dict[str, float] = {}

    def begin_anew(self) -> None:
        self.is_enforced = False
        self._calls.clear()
        self._channels.clear()

    def wait(self, method: Method, channel: object) -> float:
        """Seconds to wait before this call is allowed; 0 counts it as made."""
        if not self.is_enforced:
            return 0.0
        if method.name == "chat.postMessage":
            return self._post(str(channel))
        return self._tier(method) if method.per_minute else 0.0

    def _tier(self, method: Method) -> float:
        calls, now = self._calls[method.name], self._clock.monotonic()
        while calls and now - calls[0] >= MINUTE:
            calls.popleft()
        if len(calls) >= (method.per_minute or 0):
            return MINUTE - (now - calls[0])
        calls.append(now)
        return 0.0

    def _post(self, channel: str) -> float:
        """A bucket of three that fills by one a second, kept as the time when it is full again."""
        now = self._clock.monotonic()
        full_at = max(self._channels.get(channel, now), now)
        over = full_at + 1 - now - BURST
        if over > 0:
            return over
        self._channels[channel] = full_at + 1
        return 0.0
