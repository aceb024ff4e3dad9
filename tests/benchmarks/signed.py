"""Slack's requests over HTTP: signed, sent over connections that are kept, timed one by one."""

import asyncio
import math
import time
from dataclasses import dataclass, field
from typing import Final

from incident_bot.sandbox.http_mode import encode, sign
from incident_bot.sandbox.jsontypes import JsonObject
from tests.benchmarks.load import Connection, post

_SLACK_WAITS: Final = 3.0


@dataclass
class SignedRequests:
    """Sends what happens in a workspace to an app; opens as many connections as it needs."""

    port: int
    secret: str
    _idle: list[Connection] = field(default_factory=list)

    async def send(self, kind: str, payload: JsonObject) -> float:
        """Milliseconds until it was acknowledged; connecting and signing are not counted.

        Infinitely many when it was refused, or not acknowledged in time.
        """
        connection = await self._connection()
        request = self._request(kind, payload)
        began = time.perf_counter()
        try:
            async with asyncio.timeout(_SLACK_WAITS):
                status = await connection.ask(request)
        except TimeoutError:
            connection.close()
            return math.inf
        milliseconds = (time.perf_counter() - began) * 1e3
        self._idle.append(connection)
        return milliseconds if status == 200 else math.inf

    def close(self) -> None:
        for connection in self._idle:
            connection.close()

    async def _connection(self) -> Connection:
        while self._idle:
            # The server closes what was quiet for some seconds.
            if (connection := self._idle.pop()).is_open:
                return connection
        return await Connection.to(self.port)

    def _request(self, kind: str, payload: JsonObject) -> bytes:
        body, content_type = encode(kind, payload)
        timestamp = str(int(time.time()))
        headers = {
            "User-Agent": "Slackbot 1.0",
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(self.secret, timestamp, body),
        }
        return post("/slack/events", body, headers)
