"""The bot's parts while they run: started together, stopped in order."""

import asyncio
import contextlib
import functools
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
import uvicorn
from fastapi import FastAPI

from incident_bot.delivery.problems import CLOCK, SLACK, shown
from incident_bot.delivery.targets import Targets
from incident_bot.domain.actors import Viewer
from incident_bot.housekeeping import Housekeeping
from incident_bot.rest.connections import Connections, most
from incident_bot.rest.protocol import Protocol
from incident_bot.slack.api.slack_time import SlackTime
from incident_bot.slack.replies.home import Home
from incident_bot.slack.tasks import Tasks
from incident_bot.slack.transport.connection import Connection, NoConnection
from incident_bot.store.engine.database import Database, DatabaseAway
from incident_bot.store.outbox.undelivered import Undelivered

_STOP_WITHIN: Final = 12.0
_FAILURES_SHOWN: Final = 5
_COUNT_WITHIN: Final = 2.0

logger = structlog.get_logger(__name__)


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to Process: uvicorn would end with the signal instead of status 0."""
        yield


@dataclass
class Process:
    """All that runs."""

    web: FastAPI
    database: Database
    housekeeping: Housekeeping
    undelivered: Undelivered
    targets: Targets
    tasks: Tasks
    connection: Connection | NoConnection
    home: Home | None = None
    slack_time: SlackTime | None = None
    _connections: Connections = field(
        default_factory=lambda: Connections(most(), lambda: asyncio.get_running_loop().time())
    )
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, listener: socket.socket) -> None:
        """Run until `stop`; raises TokenRefused at start."""
        server = _Server(
            uvicorn.Config(
                self.web,
                http=functools.partial(Protocol, self._connections),  # type: ignore[arg-type]
                log_config=None,
                ws="none",
                access_log=False,
                lifespan="off",
                server_header=False,
                # Longer than clients keep an idle connection: whoever closes it first must not be
                # us, or a request that is on its way just then is lost.
                timeout_keep_alive=75,
                timeout_graceful_shutdown=5,
            )
        )
        serving = asyncio.create_task(server.serve([listener]))
        delivering = asyncio.create_task(self.targets.run())
        keeping_house = asyncio.create_task(self.housekeeping.run())
        showing = asyncio.create_task(self.home.run()) if self.home is not None else None
        connecting = asyncio.create_task(self.connection.open())
        stopping = asyncio.create_task(self._stopping.wait())
        retiring = asyncio.create_task(self._retire())
        try:
            await _first_to_matter(stopping, connecting, serving, delivering)
        finally:
            retiring.cancel()
            connecting.cancel()
            keeping_house.cancel()
            if showing is not None:
                showing.cancel()
            await self._stop(server, serving, delivering)

    async def readiness(self, viewer: Viewer | None) -> dict[str, Any]:
        """What `/readyz` shows; "reason" is there when the bot cannot do its work.

        `viewer` is None for who may know only how many messages failed, not why.
        """
        waited, state = await self._outbox(viewer)
        problems = self.targets.problems(waited)
        if self.slack_time is not None and (wrong := self.slack_time.problem()) is not None:
            problems[CLOCK] = wrong
        reason = (
            await self.database.problem()
            or await self.connection.problem()
            or problems.get(SLACK)  # nothing at all can be sent
        )
        if self._stopping.is_set():
            reason = "the bot is stopping"
        if reason is not None:
            state["reason"] = reason
        return {"problems": shown(problems) | self._connections.problems, **state}

    async def _outbox(self, viewer: Viewer | None) -> tuple[dict[str, int], dict[str, Any]]:
        """For how long the oldest delivery of each target has waited, and what is shown of all.

        As far as the database tells it soon enough.
        """
        waited: dict[str, int] = {}
        state: dict[str, Any] = {}
        with contextlib.suppress(DatabaseAway, TimeoutError):
            async with asyncio.timeout(_COUNT_WITHIN):
                state["outbox"] = await self.undelivered.counts()
                if viewer is not None:
                    state["failures"] = await self.undelivered.failures(_FAILURES_SHOWN, viewer)
                waited = await self.undelivered.waited()
                state["oldest_seconds"] = max(waited.values(), default=None)
        return waited, state

    async def _retire(self) -> None:
        """Leave the work to the newer version of the bot that has migrated the database.

        Whoever still reaches this one is told that the bot is being updated.
        """
        await self.database.outdated.wait()
        logger.error("a newer version of the bot has taken over: stop this one")
        self.targets.stop()
        await self.connection.close()

    async def _stop(
        self, server: uvicorn.Server, serving: asyncio.Task[None], delivering: asyncio.Task[None]
    ) -> None:
        """Take nothing more, finish what is in flight; what waits goes out at the next start."""
        self._stopping.set()
        self.targets.stop()
        server.should_exit = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_STOP_WITHIN):
                await self.connection.close()
                await asyncio.wait({serving, delivering})
                # Last: a reply that Slack does not take now is tried until the deadline.
                await self.tasks.finish()

    @property
    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    def stop(self) -> None:
        """Have `run` end in order."""
        if not self.is_stopping:
            logger.info("stopping")
        self._stopping.set()


async def _first_to_matter(*tasks: asyncio.Task[Any]) -> None:
    """Wait for the first task, or for another to fail; raises what it raised."""
    waiting = set(tasks)
    while tasks[0] in waiting:
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
