"""Faults to inject between bot and workspace: what is broken, for which method, how often."""

import json
from typing import Literal

from pydantic import BaseModel, Field

from incident_bot.sandbox.bus import Bus, FaultsChanged
from incident_bot.sandbox.jsontypes import JsonList

Kind = Literal["slow", "rate_limited", "down", "lost_reply", "drop_before", "cut_body", "error"]


class Fault(BaseModel):
    """`method` is a Web API method, `response_url`, or `*` for all of them.

    With `channel`, only calls for that channel ID fail; with `containing`, only those whose
    arguments contain these words.
    """

    method: str = "*"
    kind: Kind
    ms: int = Field(default=5000, ge=0)
    retry_after: str | int | float | None = 30
    error: str = "internal_error"
    status: int = 503
    times: int | None = Field(default=None, ge=1)
    channel: str | None = None
    containing: str | None = None

    @property
    def has_effect(self) -> bool:
        """Whether the method does its work before or in spite of the fault."""
        return self.kind in {"slow", "lost_reply", "cut_body"}

    def fits(self, method: str, given: object) -> bool:
        """Whether a call of `method` with the arguments `given` fails so."""
        if self.method not in {"*", method}:
            return False
        channel = given.get("channel") if isinstance(given, dict) else None
        if self.channel not in {None, channel}:
            return False
        words = json.dumps(given, ensure_ascii=False)
        return self.containing is None or self.containing in words


class FaultList(BaseModel):
    faults: list[Fault]


class Faults:
    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._faults: list[Fault] = []

    def set(self, faults: list[Fault]) -> None:
        self._faults = [fault.model_copy() for fault in faults]
        self._bus.tell(FaultsChanged(self.shown()))

    def shown(self) -> JsonList:
        return [fault.model_dump(exclude_none=True) for fault in self._faults]

    def take(self, method: str, given: object) -> Fault | None:
        """The first fault that fits, used once more."""
        fault = next((f for f in self._faults if f.fits(method, given)), None)
        if fault is None or fault.times is None:
            return fault
        fault.times -= 1
        if fault.times == 0:
            self._faults.remove(fault)
        self._bus.tell(FaultsChanged(self.shown()))
        return fault
