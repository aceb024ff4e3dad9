"""The record of every request and answer between bot and workspace, in both directions."""

from collections import deque
from dataclasses import dataclass, replace
from typing import Literal

from incident_bot.sandbox.bus import Bus, TrafficRecorded
from incident_bot.sandbox.clock import Clock
from incident_bot.sandbox.jsontypes import JsonObject

Direction = Literal["to_bot", "to_slack"]

_KEPT = 20_000
_HIDDEN = {"token", "authorization", "x-slack-signature", "ticket"}


@dataclass(frozen=True)
class Exchange:
    """One request and its answer; `fault` is what was done to it on purpose."""

    direction: Direction
    kind: str
    summary: str
    request: object
    response: object
    ms: float
    ok: bool
    status: int | str
    fault: str | None = None


@dataclass(frozen=True)
class Entry:
    n: int
    at: float
    monotonic: float
    exchange: Exchange

    def shown(self) -> JsonObject:
        about = {"n": self.n, "at": self.at, "monotonic": self.monotonic}
        return about | vars(self.exchange)


class Traffic:
    def __init__(self, clock: Clock, bus: Bus) -> None:
        self._clock = clock
        self._bus = bus
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self._count = 0

    def record(self, exchange: Exchange) -> None:
        self._count += 1
        safe = replace(
            exchange,
            request=_without_secrets(exchange.request),
            response=_without_secrets(exchange.response),
        )
        entry = Entry(self._count, self._clock.now(), self._clock.monotonic(), safe)
        self._entries.append(entry)
        self._bus.tell(TrafficRecorded(entry.shown()))

    def after(self, n: int, *, direction: Direction | None = None, kind: str = "") -> list[Entry]:
        newest_first = []
        for entry in reversed(self._entries):
            if entry.n <= n:
                break
            is_wanted = direction in {None, entry.exchange.direction}
            if is_wanted and kind in {"", entry.exchange.kind}:
                newest_first.append(entry)
        return newest_first[::-1]


def _without_secrets(value: object) -> object:
    if isinstance(value, dict):
        return {
            key: "…" if str(key).lower() in _HIDDEN and inner else _without_secrets(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_without_secrets(inner) for inner in value]
    return value
