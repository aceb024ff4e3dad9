"""Which events were answered already."""

from datetime import timedelta

from incident_bot.store.database import Database
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.requests import AnsweredRequests
from tests.factories import Clock


async def test_what_was_answered_is_known_until_nobody_tells_of_it_again(
    database: Database, store: IncidentStore, clock: Clock
) -> None:
    answered = AnsweredRequests(database, clock)
    assert not await answered.is_answered("Ev1")

    await answered.note("Ev1")
    await answered.note("Ev1")

    assert await answered.is_answered("Ev1")
    assert not await answered.is_answered("Ev2")
    await store.forget_old(clock() + timedelta(seconds=1))
    assert not await answered.is_answered("Ev1")


async def test_a_request_made_at_the_cutoff_itself_is_remembered(
    database: Database, store: IncidentStore, clock: Clock
) -> None:
    answered = AnsweredRequests(database, clock)
    await answered.note("Ev1")

    await store.forget_old(clock())

    assert await answered.is_answered("Ev1")
