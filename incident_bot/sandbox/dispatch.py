"""The one way from the workspace to the bot: `deliver(kind, payload) -> Ack`, and events again."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Literal, Protocol

from incident_bot.sandbox.clock import Clock
from incident_bot.sandbox.ids import Ids
from incident_bot.sandbox.jsontypes import JsonObject
from incident_bot.sandbox.traffic import Exchange, Traffic

Failure = Literal["timeout", "connection_refused", "http_status"]

# Slack, "Events API": the reason that each failure is given when an event is sent again.
_REASONS = {
    "timeout": "http_timeout",
    "connection_refused": "connection_failed",
    "http_status": "http_error",
}


@dataclass(frozen=True)
class Timing:
    """Slack's waits, in seconds; tests shorten them."""

    ack: float = 3.0
    retries: tuple[float, ...] = (0.0, 60.0, 300.0)


@dataclass(frozen=True)
class Parcel:
    """One thing to deliver, whichever the transport."""

    kind: str
    payload: JsonObject
    envelope_id: str
    attempt: int = 0
    reason: str = ""

    @property
    def envelope_type(self) -> str:
        if self.kind == "slash_commands":
            return "slash_commands"
        return "events_api" if self.kind == "event_callback" else "interactive"


@dataclass(frozen=True)
class Reply:
    """What came back over a transport: a status and a decoded body, or a failure."""

    body: JsonObject = field(default_factory=dict)
    status: int = 200
    failure: Failure | None = None


@dataclass(frozen=True)
class Ack:
    body: JsonObject
    status: int
    ms: float
    failure: Failure | None = None

    @property
    def ok(self) -> bool:
        return self.failure is None


class Transport(Protocol):
    async def send(self, parcel: Parcel) -> Reply: ...


class Dispatcher:
    def __init__(
        self, transport: Transport, traffic: Traffic, clock: Clock, ids: Ids, timing: Timing
    ) -> None:
        self._transport = transport
        self._traffic = traffic
        self._clock = clock
        self._ids = ids
        self.timing = timing
        self._running: set[asyncio.Task[None]] = set()

    async def deliver(
        self,
        kind: str,
        payload: JsonObject,
        *,
        attempt: int = 0,
        reason: str = "",
    ) -> Ack:
        """Waits for the acknowledgement, as long as `timing` has it."""
        envelope_id = self._ids.new("envelope-").lower()
        parcel = Parcel(kind, payload, envelope_id, attempt, reason)
        began = time.perf_counter()
        try:
            async with asyncio.timeout(self.timing.ack):
                reply = await self._transport.send(parcel)
        except TimeoutError:
            reply = Reply(failure="timeout", status=0)
        ms = round((time.perf_counter() - began) * 1000, 2)
        ack = Ack(reply.body, reply.status, ms, reply.failure)
        self._record(parcel, ack)
        return ack

    def send_event(self, payload: JsonObject) -> None:
        """Does not wait; only events are sent again when they are not acknowledged."""
        task = asyncio.create_task(self._deliver_event(payload))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def close(self) -> None:
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _deliver_event(self, payload: JsonObject) -> None:
        ack = await self.deliver("event_callback", payload)
        for attempt, wait in enumerate(self.timing.retries, start=1):
            if ack.failure is None:
                return
            await self._clock.sleep(wait)
            reason = _REASONS[ack.failure]
            ack = await self.deliver("event_callback", payload, attempt=attempt, reason=reason)

    def _record(self, parcel: Parcel, ack: Ack) -> None:
        self._traffic.record(
            Exchange(
                direction="to_bot",
                kind=parcel.kind,
                summary=_summary(parcel),
                request=parcel.payload,
                response=ack.body,
                ms=ack.ms,
                ok=ack.ok,
                status=ack.failure or ack.status,
            )
        )


def _summary(parcel: Parcel) -> str:
    payload = parcel.payload
    actions = payload.get("actions") or [{}]
    about = (
        f"{payload.get('command', '')} {payload.get('text', '')}".strip()
        or payload.get("event", {}).get("type")
        or actions[0].get("action_id")
        or payload.get("view", {}).get("callback_id")
        or payload.get("callback_id")
        or payload.get("action_id")
        or ""
    )
    again = f" (again, {parcel.attempt})" if parcel.attempt else ""
    return f"{parcel.kind} {about}{again}".strip()
