"""Keeps the workspace in a folder: one JSON file, replaced whole, a second after a change."""

import asyncio
import os
from pathlib import Path

from pydantic import BaseModel, ValidationError

from incident_bot.sandbox.bus import (
    BotChanged,
    Change,
    FaultsChanged,
    TrafficRecorded,
    ViewChanged,
)
from incident_bot.sandbox.cast import Channel, User
from incident_bot.sandbox.clock import Clock
from incident_bot.sandbox.messages import Message
from incident_bot.sandbox.views import View
from incident_bot.sandbox.workspace import Workspace

FILE_NAME = "workspace.json"
_PAUSE = 1.0
# Not kept: what is open on a screen, and what only tells of the running.
_PASSING = (BotChanged, FaultsChanged, TrafficRecorded, ViewChanged)


class SnapshotError(Exception):
    """The kept workspace cannot be read, in words."""


class Snapshot(BaseModel):
    version: int = 1
    users: list[User]
    channels: list[Channel]
    messages: list[Message]
    homes: dict[str, View]


class Keeper:
    def __init__(self, workspace: Workspace, folder: Path, clock: Clock) -> None:
        self._workspace = workspace
        self._path = folder / FILE_NAME
        self._clock = clock
        self._changed = asyncio.Event()
        workspace.bus.listen(self._notice)

    def restore(self) -> None:
        """Takes up what was kept; nothing kept yet: the workspace stays as it is."""
        try:
            kept = Snapshot.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return
        except (OSError, ValidationError) as error:
            words = f"{self._path} cannot be read; move it away to begin anew"
            raise SnapshotError(words) from error
        self._workspace.directory.fill(kept.users, kept.channels)
        self._workspace.posting.restore(kept.messages)
        self._workspace.views.homes = kept.homes

    def save(self) -> None:
        self._changed.clear()
        snapshot = Snapshot(
            users=list(self._workspace.directory.users.values()),
            channels=list(self._workspace.directory.channels.values()),
            messages=self._workspace.posting.every(),
            homes=self._workspace.views.homes,
        )
        _replace(self._path, snapshot.model_dump_json())

    async def keep(self) -> None:
        """Until cancelled; the last save is for who cancels it."""
        while True:
            await self._changed.wait()
            await self._clock.sleep(_PAUSE)
            self.save()

    def _notice(self, change: Change) -> None:
        if not isinstance(change, _PASSING):
            self._changed.set()


def _replace(path: Path, text: str) -> None:
    """A crash leaves the old file or the new one, never half of either."""
    beside = path.with_suffix(".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
