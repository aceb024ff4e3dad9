"""Delivery over HTTP: signed requests to the bot's address."""

import hashlib
import hmac
import json
import time
from collections.abc import Sequence
from itertools import count
from urllib.parse import urlencode

import aiohttp

from incident_bot.sandbox.dispatch import Parcel, Reply
from incident_bot.sandbox.jsontypes import JsonObject


class HttpTransport:
    def __init__(self, events_urls: Sequence[str], signing_secret: str) -> None:
        """Several URLs stand for one, behind a load balancer."""
        self._events_urls = events_urls
        self._turn = count()
        self._secret = signing_secret
        # Never through a proxy: the bot is on this machine. And by a new connection each time: the
        # bot may be closing one that was kept, and what is on its way just then would be lost.
        connector = aiohttp.TCPConnector(force_close=True)
        self._session = aiohttp.ClientSession(connector=connector, trust_env=False)

    async def close(self) -> None:
        await self._session.close()

    async def send(self, parcel: Parcel) -> Reply:
        body, content_type = encode(parcel.kind, parcel.payload)
        headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0"}
        headers |= self._signed(body)
        if parcel.attempt:
            headers["x-slack-retry-num"] = str(parcel.attempt)
            headers["x-slack-retry-reason"] = parcel.reason
        for url in self._in_turn():
            try:
                async with self._session.post(url, data=body, headers=headers) as response:
                    return _reply(response, await response.text())
            except aiohttp.ClientConnectorError:
                continue
            except aiohttp.ClientError:
                break
        return Reply(failure="connection_refused", status=0)

    def _in_turn(self) -> list[str]:
        """Each request to the next; should that be down, to the one after it."""
        first = next(self._turn) % len(self._events_urls)
        return [*self._events_urls[first:], *self._events_urls[:first]]

    def _signed(self, body: bytes) -> dict[str, str]:
        # The bot compares with its own clock, so this is real time.
        timestamp = str(int(time.time()))
        return {
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(self._secret, timestamp, body),
        }


def sign(secret: str, timestamp: str, body: bytes) -> str:
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def encode(kind: str, payload: JsonObject) -> tuple[bytes, str]:
    """The body, and its content type."""
    form = "application/x-www-form-urlencoded"
    if kind == "slash_commands":
        return urlencode(payload).encode(), form
    if kind == "event_callback":
        return json.dumps(payload).encode(), "application/json"
    return urlencode({"payload": json.dumps(payload)}).encode(), form


def _reply(response: aiohttp.ClientResponse, text: str) -> Reply:
    if response.status != 200:  # noqa: PLR2004 - the only status that acknowledges
        return Reply({"text": text}, response.status, "http_status")
    return Reply(_body(response.content_type, text))


def _body(content_type: str, text: str) -> JsonObject:
    """An acknowledgement in plain text is a message's text."""
    if not text:
        return {}
    if content_type != "application/json":
        return {"text": text}
    try:
        decoded = json.loads(text)
    except ValueError:
        decoded = None
    return decoded if isinstance(decoded, dict) else {"text": text}
