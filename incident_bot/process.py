"""The bot's parts while they run: started together, stopped in order."""

import asyncio
import contextlib
import gc
import os
import signal
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog
import uvicorn
from fastapi import FastAPI
from slack_sdk.errors import SlackApiError

from incident_bot.delivery.outcome import AccessLost
from incident_bot.delivery.worker import Worker
from incident_bot.settings import SettingError
from incident_bot.slack.announcement_channel import AnnouncementChannel
from incident_bot.slack.outcomes import CALL_ERRORS, outcome_of
from incident_bot.slack.socket_mode import SocketMode
from incident_bot.slack.tasks import Tasks
from incident_bot.slack.workspace import Workspace
from incident_bot.store.database import Database
from incident_bot.store.incidents import IncidentStore

_STOP_WITHIN: Final = 12.0
_LONGEST_RETRY: Final = 60.0
_PURGE_EVERY: Final = timedelta(hours=1)
# Slack delivers an event again for a day at most (Events API, "Delayed Events").
_REQUESTS_KEPT: Final = timedelta(hours=48)

logger = structlog.get_logger(__name__)


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to Process: uvicorn would end with the signal instead of status 0."""
        yield


@dataclass
class Process:
    """All that runs. `socket_mode` is None when Slack sends its requests over HTTP."""

    web: FastAPI
    database: Database
    store: IncidentStore
    worker: Worker
    tasks: Tasks
    workspace: Workspace
    channel: AnnouncementChannel
    socket_mode: SocketMode | None
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, listener: socket.socket) -> None:
        """Run until SIGTERM or SIGINT; raises SettingError when Slack refuses a token at start."""
        self._listen_to_signals()
        server = _Server(
            uvicorn.Config(
                self.web,
                log_config=None,
                access_log=False,
                lifespan="off",
                server_header=False,
                timeout_graceful_shutdown=5,
            )
        )
        serving = asyncio.create_task(server.serve([listener]))
        delivering = asyncio.create_task(self.worker.run())
        purging = asyncio.create_task(self._purge())
        connecting = asyncio.create_task(self._connect())
        stopping = asyncio.create_task(self._stopping.wait())
        # What is here now stays: the collector need not look at it again. Measured: p99 a fifth.
        gc.freeze()
        try:
            await _first_to_matter(stopping, connecting, serving)
        finally:
            connecting.cancel()
            purging.cancel()
            await self._stop(server, serving, delivering)

    async def readiness(self) -> dict[str, Any]:
        """What `/readyz` shows; "reason" is there when the bot cannot do its work."""
        state: dict[str, Any] = {"problems": self.worker.problems}
        if self._stopping.is_set():
            state["reason"] = "the bot is stopping"
        elif (problem := await self.database.problem()) is not None:
            state["reason"] = problem
        elif self.socket_mode is not None and not await self.socket_mode.is_connected():
            state["reason"] = "there is no Socket Mode connection to Slack"
        else:
            state["outbox"] = await self.worker.counts()
        return state

    async def _connect(self) -> None:
        """Reach Slack, however long it takes; only a token that it refuses ends the bot."""
        wait = 1.0
        while True:
            try:
                await self._connect_once()
            except CALL_ERRORS as error:
                logger.warning("Slack cannot be reached yet", error=str(error), seconds=wait)
            else:
                break
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_RETRY)
        await self.channel.check()

    async def _connect_once(self) -> None:
        try:
            await self.workspace.connect()
        except SlackApiError as error:
            raise _token_refused("SLACK_BOT_TOKEN", error) from error
        if self.socket_mode is None:
            return
        try:
            await self.socket_mode.connect()
        except SlackApiError as error:
            raise _token_refused("SLACK_APP_TOKEN", error) from error

    async def _purge(self) -> None:
        while True:
            await self.store.forget_requests(datetime.now(UTC) - _REQUESTS_KEPT)
            await asyncio.sleep(_PURGE_EVERY.total_seconds())

    async def _stop(
        self, server: uvicorn.Server, serving: asyncio.Task[None], delivering: asyncio.Task[None]
    ) -> None:
        """Take nothing more, finish what is in flight; what waits goes out at the next start."""
        self._stopping.set()
        self.worker.stop()
        server.should_exit = True
        if self.socket_mode is not None:
            await self.socket_mode.close()
        await asyncio.wait({serving}, timeout=_STOP_WITHIN)
        await self.tasks.finish(_STOP_WITHIN)
        await asyncio.wait({delivering}, timeout=_STOP_WITHIN)

    def _listen_to_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._signalled)

    def _signalled(self) -> None:
        if self._stopping.is_set():
            os._exit(1)  # asked twice: now
        logger.info("stopping")
        self._stopping.set()


async def _first_to_matter(*tasks: asyncio.Task[Any]) -> None:
    """Wait for the first task, or for another to fail; raises what it raised."""
    waiting = set(tasks)
    while tasks[0] in waiting:
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()


def _token_refused(setting: str, error: SlackApiError) -> Exception:
    """A SettingError if the token is what Slack does not like, else the error itself."""
    outcome = outcome_of(error, "")
    if isinstance(outcome, AccessLost):
        return SettingError(setting, f"is not accepted by Slack: {error.response.get('error')}.")
    return error
