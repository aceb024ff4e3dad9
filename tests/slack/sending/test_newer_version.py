"""A bot beside a newer version: what only that one has words for."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace

import pytest

from incident_bot.delivery.outcome import NotSent, Sent
from incident_bot.domain.incident import Incident
from incident_bot.domain.timeline import EntryKind
from incident_bot.slack.sending.sender import SlackSender
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.engine.database import Database
from incident_bot.store.engine.opening import open_database
from incident_bot.store.incidents import IncidentStore
from tests.databases import Rows
from tests.factories import FROM_THE_FUTURE, Clock
from tests.store.declaring import declared
from tests.store.newer import newer_changed, newer_notified
from tests.web_api import WebApi, ok


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture
def database(migrated: str) -> Iterator[Database]:
    with contextlib.closing(open_database(migrated)) as opened:
        yield opened


@pytest.fixture
async def incident(store: IncidentStore, outbox: Outbox) -> Incident:
    """What was declared, and is announced."""
    found = await declared(store, "C0INC")
    [announcement] = await outbox.claim(Clock()(), 9, 9)
    await outbox.sent(announcement, "C0INC", "1.000001", Clock()())
    return found


@pytest.mark.parametrize(
    "recorded",
    [(FROM_THE_FUTURE, ""), (EntryKind.REMINDED, FROM_THE_FUTURE)],
    ids=["a change", "a reminder"],
)
async def test_its_messages_are_left_to_it_for_a_few_tries_then_told_by_their_word(
    incident: Incident,
    outbox: Outbox,
    sender: SlackSender,
    web_api: WebApi,
    rows: Rows,
    recorded: tuple[str, str],
) -> None:
    web_api.answers("chat.postMessage", ok(channel="C0INC", ts="2.000001"))
    newer_notified(rows, newer_changed(rows, incident.id, *recorded), "C0INC")
    [told] = await outbox.claim(Clock()(), 9, 9)

    outcomes = [await sender.send(replace(told, attempts=tries)) for tries in range(1, 6)]

    assert [type(outcome) for outcome in outcomes] == [NotSent] * 4 + [Sent]
    [said] = web_api.asked("chat.postMessage")
    assert FROM_THE_FUTURE in said["text"]
