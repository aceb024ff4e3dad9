"""What the sender makes of a file that keeps it waiting."""

import asyncio
import fcntl
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from incident_bot.integrations.event_log.sender import EventLogSender
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.engine.database import Database
from incident_bot.store.outbox.operations import EVENT_LOG
from tests.databases import ON_SQLITE
from tests.factories import a_delivery


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A log that another program keeps to itself."""
    path = tmp_path / "events.jsonl"
    with path.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield path


@ON_SQLITE
def test_a_file_that_never_answers_keeps_no_process_from_ending(
    database: Database, locked: Path
) -> None:
    sender = EventLogSender(locked, Outbox(database, EVENT_LOG))

    async def send_and_stop() -> None:
        sending = asyncio.create_task(sender.send(replace(a_delivery(), body="{}")))
        await asyncio.wait({sending}, timeout=0.1)
        assert not sending.done()

    process = threading.Thread(target=asyncio.run, args=[send_and_stop()], daemon=True)
    process.start()
    process.join(10)

    assert not process.is_alive()
