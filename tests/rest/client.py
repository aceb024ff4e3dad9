"""A client of the REST API that shows what came back as it is."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

import aiohttp

from tests.waiting import DEADLINE

Json = dict[str, Any]

DECLARATION: Final = {
    "title": "Checkout is down",
    "description": "Cards are refused since ten o'clock",
    "reported_by": "monitoring",
    "severity": "High",
}
JSON: Final = {"Content-Type": "application/json"}
CI: Final = "6fKq-first-token"
GRAFANA: Final = "Xw2p-second-token"
ROUTES: Final = [
    ("GET", "/incidents"),
    ("POST", "/incidents"),
    ("GET", "/incidents/1"),
    ("PATCH", "/incidents/1"),
    ("DELETE", "/incidents/1"),
    ("GET", "/incidents/1/timeline"),
    ("GET", "/incidents/1/action-items"),
]
PAGE: Final = (
    "/docs",
    "/docs/docs.css",
    "/docs/docs.js",
    "/docs/swagger-ui/swagger-ui.css",
    "/docs/swagger-ui/swagger-ui-bundle.js",
)
NOT_FOUND: Final = {"error": "Incident not found"}


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - JSON
        return json.loads(self.text)

    @property
    def etag(self) -> str:
        return self.headers["ETag"]

    def is_refused(self, status: int, *words: str) -> bool:
        """Whether it is an error in the shape that all errors have, and says `words`."""
        assert (self.status, "error" in self.json) == (status, True), self.text
        assert self.headers["Content-Type"] == "application/json", self.headers
        return all(word in self.text for word in words)


class Client:
    """Asks one bot."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self.url = url

    async def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | list[tuple[str, str]] = JSON,
        **query: str,
    ) -> Answer:
        """Send a request; a body that is neither text nor bytes is sent as JSON."""
        data = body if isinstance(body, str | bytes | None) else json.dumps(body)
        async with self._session.request(
            method, self.url + path, params=query, data=data, headers=headers
        ) as response:
            return Answer(response.status, response.headers, await response.text())

    async def get(self, path: str, **query: str) -> Answer:
        return await self.ask("GET", path, None, JSON, **query)

    async def post(self, body: object, **headers: str) -> Answer:
        """Headers with _ for -."""
        return await self.ask("POST", "/incidents", body, JSON | _named(headers))

    async def patch(self, incident_id: object, body: object, **headers: str) -> Answer:
        return await self.ask("PATCH", f"/incidents/{incident_id}", body, JSON | _named(headers))

    async def delete(self, incident_id: object, **headers: str) -> Answer:
        return await self.ask("DELETE", f"/incidents/{incident_id}", headers=_named(headers))

    async def declares(self, **fields: str) -> Json:
        """Declare an incident; gives it."""
        answer = await self.post(DECLARATION | fields)
        assert answer.status == 201, answer.text
        incident: Json = answer.json
        return incident

    async def timeline(self, incident_id: int) -> list[Json]:
        answer = await self.get(f"/incidents/{incident_id}/timeline")
        assert answer.status == 200, answer.text
        timeline: list[Json] = answer.json["timeline"]
        return timeline


@asynccontextmanager
async def connected(
    url: str,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection to send bytes over as they are; what was not sent by the end is dropped."""
    host, _, port = url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def raw(url: str, *parts: bytes) -> bytes:
    """Send bytes as they are; gives all that comes back until the server hangs up.

    It may do so while it is still being sent something.
    """
    heard = b""
    async with connected(url) as (reader, writer), asyncio.timeout(DEADLINE):
        with contextlib.suppress(ConnectionError):
            for part in parts:
                writer.write(part)
                await writer.drain()
            while data := await reader.read(65_536):
                heard += data
    return heard


def bearer(*tokens: str) -> list[tuple[str, str]]:
    """The headers of a request with these tokens."""
    return [*JSON.items(), *(("Authorization", f"Bearer {token}") for token in tokens)]


def a_new_word() -> str:
    """A word that no other incident has: a test finds its own by it."""
    return f"w{uuid4().hex}"


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
