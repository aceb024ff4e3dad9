"""The parts of the store, which work on the database of each test, see `databases.py`."""

import pytest

from incident_bot.store.action_items import ActionItems
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.engine.database import Database
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.queries.lists import IncidentLists
from tests.factories import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def woken(database: Database) -> list[bool]:
    """Grows each time the delivery is woken."""
    times: list[bool] = []
    database.wake_when_outgoing(lambda: times.append(True))
    return times


@pytest.fixture
def store(database: Database, clock: Clock) -> IncidentStore:
    return IncidentStore(database, clock)


@pytest.fixture
def action_items(database: Database, clock: Clock) -> ActionItems:
    return ActionItems(database, clock)


@pytest.fixture
def lists(database: Database) -> IncidentLists:
    return IncidentLists(database)


@pytest.fixture
def outbox(database: Database) -> Outbox:
    return Outbox(database)
