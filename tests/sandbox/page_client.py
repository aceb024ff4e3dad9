"""A window of the page, without a browser: its calls, and the changes that it hears."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from .support import Json


class Page:
    """One window, acting as somebody."""

    def __init__(self, url: str, session: aiohttp.ClientSession, user_id: str = "U0ANA") -> None:
        self._url = url
        self._base = f"{url}/sandbox"
        self._session = session
        self._user_id = user_id

    def acting_as(self, user_id: str) -> "Page":
        return Page(self._url, self._session, user_id)

    async def get(self, path: str, **query: str | int) -> Json:
        params = {"as": self._user_id, **query}
        async with self._session.get(f"{self._base}/{path}", params=params) as response:
            answer: Json = await response.json()
            return answer

    async def post(self, path: str, **body: object) -> Json:
        given = {"as": self._user_id, **body}
        async with self._session.post(f"{self._base}/{path}", json=given) as response:
            answer: Json = await response.json()
            return answer

    @asynccontextmanager
    async def events(self) -> AsyncIterator[AsyncIterator[Json]]:
        """Those after the start; the traffic between bot and workspace left out."""
        url = f"{self._base}/events"
        async with self._session.get(url, params={"as": self._user_id}) as response:
            await response.content.readuntil(b"\n\n")
            yield _events(response)


async def _events(response: aiohttp.ClientResponse) -> AsyncIterator[Json]:
    async for line in response.content:
        if line.startswith(b"data: "):
            event = json.loads(line.removeprefix(b"data: "))
            if event["type"] != "traffic":
                yield event
