"""Slack's troubles: those that pass, one after the other, and those that last."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterable
from typing import Final

from incident_bot.sandbox.faults import Fault, Faults

_WEATHER: Final[tuple[dict[str, object], ...]] = (
    {"kind": "rate_limited", "retry_after": 0},
    {"kind": "rate_limited", "retry_after": "0.3"},
    {"kind": "rate_limited", "retry_after": 1},
    {"kind": "down", "status": 500},
    {"kind": "down", "status": 502},
    {"kind": "down", "status": 503},
    {"kind": "drop_before"},
    {"kind": "lost_reply"},
    {"kind": "cut_body"},
    {"kind": "slow", "ms": 400},
    {"kind": "error", "error": "internal_error"},
)
# Longer than the ten seconds that the bot waits for Slack: all of the channel waits, so a few.
_HANG: Final[dict[str, object]] = {"kind": "slow", "ms": 10_500}
_METHODS: Final = ("*", "chat.postMessage", "chat.update", "conversations.history")


class Weather:
    """`met` counts the passing faults that a call has met; `hangs` is how many calls may hang."""

    def __init__(self, faults: Faults, chance: random.Random, hangs: int) -> None:
        self._faults = faults
        self._chance = chance
        self._hangs = hangs
        self._lasting: list[Fault] = []
        self._is_over = False
        self.met: Counter[str] = Counter()

    async def rages(self) -> None:
        """One fault after the other, until it is over."""
        while not self._is_over:
            fault = self._next()
            self._faults.set([*self._lasting, fault])
            await asyncio.sleep(self._chance.uniform(0.05, 0.3))
            if len(self._faults.shown()) == len(self._lasting):
                self.met[fault.kind] += 1
        self._faults.set(self._lasting)

    def ends(self) -> None:
        """No more faults that pass; those that last go on."""
        self._is_over = True

    def begins_to_last(self, faults: Iterable[Fault]) -> None:
        """Have Slack fail in these ways until `lasts_no_more`."""
        self._lasting += faults
        self._faults.set(self._lasting)

    def lasts_no_more(self, faults: Iterable[Fault]) -> None:
        ended = list(faults)
        self._lasting = [one for one in self._lasting if one not in ended]
        self._faults.set(self._lasting)

    def _next(self) -> Fault:
        kind = self._chance.choice(_WEATHER)
        if self._hangs and self._chance.random() < 0.02:
            self._hangs, kind = self._hangs - 1, _HANG
        method = self._chance.choice(_METHODS)
        return Fault.model_validate({"method": method, "times": 1, **kind})
