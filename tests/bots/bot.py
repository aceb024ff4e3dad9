"""What a test may ask of a running bot, wherever that runs: over HTTP, of its log, its database."""

import asyncio
import os
import sqlite3
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import aiohttp

from tests.waiting import DEADLINE, eventually

REST: Final = {"INCIDENT_BOT_API_TOKENS": "api:9d1b-token-of-the-tests"}
"""In HTTP mode REST needs a token; this one's name is that of requests that have none."""

_ASK_EVERY: Final = 0.02


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """`settings` and nothing else that the bot reads.

    No proxy either: the Socket Mode client would ask it even for this machine.
    """
    ours = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith(("SLACK_", "INCIDENT_BOT_"))
        and not name.lower().endswith("_proxy")
    }
    return {**ours, **settings}


class Bot(ABC):
    """One bot with a folder of its own, in which its database lies."""

    def __init__(self, settings: Mapping[str, str], folder: Path, port: int) -> None:
        self.settings = {**settings, "INCIDENT_BOT_PORT": str(port)}
        self.folder = folder
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.database = folder / "incident_bot.db"

    @property
    def authorization(self) -> dict[str, str]:
        """The header with the first of its tokens, if it has any."""
        first = self.settings.get("INCIDENT_BOT_API_TOKENS", "").split(",")[0]
        _, _, token = first.partition(":")
        return {"Authorization": f"Bearer {token}"} if token else {}

    @property
    @abstractmethod
    def output(self) -> str:
        """All that the bot has logged since its start or, if that was later, the story's."""

    @abstractmethod
    def begins_a_story(self) -> None:
        """What it has logged before is no part of the new story."""

    @property
    @abstractmethod
    def is_running(self) -> bool: ...

    @property
    @abstractmethod
    def pid(self) -> int:
        """The ID of the process that it runs in."""

    @abstractmethod
    async def begins(self, *options: str, **settings: str) -> None:
        """Start, with `options` of the command line, and do not wait until it is ready."""

    @abstractmethod
    async def stops(self) -> int | None:
        """Ask it to end and wait until it has; gives the exit status of a process."""

    async def starts(self, **settings: str) -> None:
        """Start, with `settings` changed, and wait until it has reached Slack and is ready."""
        await self.begins(**settings)
        await self.says("connected to Slack")
        await self.is_ready()
        await eventually(
            lambda: "incidents are announced" in self.output or "somebody mends" in self.output,
            "the bot looks at the announcement channel",
        )

    async def says(self, words: str) -> str:
        """Wait for `words` in its log; gives the line."""

        def line() -> str | None:
            return next((line for line in self.output.splitlines() if words in line), None)

        def look() -> str | None:
            found = line()
            assert found or self.is_running, f"the bot ended: {self.output}"
            return found

        return await eventually(look, f"the bot says “{words}”")

    async def answers(self, path: str) -> tuple[int, Any]:
        """What it answers to a GET: status and JSON."""
        async with (
            aiohttp.ClientSession(headers=self.authorization) as session,
            session.get(f"{self.url}{path}") as response,
        ):
            return response.status, await response.json()

    async def is_ready(self, *, is_so: bool = True) -> dict[str, Any]:
        """Wait until it says that it is ready, or that it is not; gives what it says."""
        return await self._until(lambda status, _: (status == 200) is is_so)

    async def is_quiet(self, within: float = DEADLINE) -> None:
        """Wait until nothing is left to be sent."""
        await self._until(
            lambda _, state: (
                not {"pending", "sending"} & state.get("outbox", {"pending": 1}).keys()
            ),
            within,
        )

    async def keeps(self, **messages: int) -> dict[str, Any]:
        """Wait until the outbox has so many messages in each state; gives what it says then."""
        return await self._until(lambda _, state: state.get("outbox") == messages)

    @contextmanager
    def opened_database(self) -> Iterator[sqlite3.Connection]:
        """Its database, as somebody with a shell on its machine would open it."""
        with closing(sqlite3.connect(self.database, isolation_level=None)) as connection:
            yield connection

    async def _until(
        self, is_so: Callable[[int, Any], bool], within: float = DEADLINE
    ) -> dict[str, Any]:
        until = time.monotonic() + within
        status, state = await self.answers("/readyz")
        while not is_so(status, state):
            assert time.monotonic() < until, f"/readyz still says {status} {state}"
            await asyncio.sleep(_ASK_EVERY)
            status, state = await self.answers("/readyz")
        assert isinstance(state, dict)
        return state
