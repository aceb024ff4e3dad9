"""Asks over HTTP/1.1 as fast as it can: raw asyncio, kept-alive connections, no parser to speak of.

It shares the machine with what it asks: beyond some 20,000 requests a second it is itself what is
measured.
"""

import asyncio
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

from tests.benchmarks.quantities import percentile

JSON: Final = {"Content-Type": "application/json"}

_WARM_UP: Final = 0.1
"""This part of the time comes before, and does not count."""

_HEAD_END: Final = b"\r\n\r\n"
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Load:
    """What became of many requests.

    `answered` counts the answers as expected that came in time. `milliseconds` has also those that
    came later, or the slowest would be left out.
    """

    seconds: float
    answered: int
    milliseconds: tuple[float, ...]
    failed: int

    @property
    def per_second(self) -> float:
        return self.answered / self.seconds

    @property
    def p50(self) -> float:
        return percentile(self.milliseconds, 50)

    @property
    def p99(self) -> float:
        return percentile(self.milliseconds, 99)


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def post(path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    lines = {"Host": "localhost", "Content-Length": str(len(body)), **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body


class Connection(asyncio.Protocol):
    """One kept-alive connection, which asks one thing at a time."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._answered: asyncio.Future[int] | None = None
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def to(cls, port: int) -> "Connection":
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(cls, "127.0.0.1", port)
        return connection

    @property
    def is_open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    async def ask(self, request: bytes) -> int:
        """The status of the answer, once all of it is here."""
        assert self._transport is not None
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answered

    def close(self) -> None:
        assert self._transport is not None
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop has its own kind

    def data_received(self, data: bytes) -> None:
        self._received += data
        head_end = self._received.find(_HEAD_END)
        if head_end < 0:
            return
        length = _LENGTH.search(self._received, 0, head_end)
        assert length, "answers are read only where they say their length"
        if len(self._received) < head_end + len(_HEAD_END) + int(length[1]):
            return
        status = int(self._received[9:12])  # after "HTTP/1.1 "
        self._received.clear()
        if self._answered is not None:
            self._answered.set_result(status)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(exc or ConnectionResetError("closed while asked"))


async def load(
    ports: Sequence[int], requests: Iterator[bytes], clients: int, seconds: float, status: int = 200
) -> Load:
    """Have so many clients ask one request after the other, and count what was answered `status`.

    The clients are spread evenly over the ports.
    """
    counts_from = time.perf_counter() + _WARM_UP * seconds
    asking = _Asking(requests, status, counts_from, counts_from + seconds)
    async with asyncio.TaskGroup() as group:
        for number in range(clients):
            group.create_task(asking.through(ports[number % len(ports)]))
    return Load(seconds, asking.answered, tuple(asking.milliseconds), asking.failed)


@dataclass
class _Asking:
    requests: Iterator[bytes]
    status: int
    counts_from: float
    ends_at: float
    milliseconds: list[float] = field(default_factory=list)
    answered: int = 0
    failed: int = 0

    async def through(self, port: int) -> None:
        connection = await Connection.to(port)
        while (asked_at := time.perf_counter()) < self.ends_at:
            status = await connection.ask(next(self.requests))
            answered_at = time.perf_counter()
            if status != self.status:
                self.failed += 1
            elif asked_at >= self.counts_from:
                self.milliseconds.append((answered_at - asked_at) * 1000)
                self.answered += answered_at <= self.ends_at
        connection.close()
