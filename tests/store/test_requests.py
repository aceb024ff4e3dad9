"""Which events were answered already."""

import asyncio
from datetime import timedelta

from incident_bot.store.engine.database import Database
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


async def test_only_one_of_several_processes_answers(database: Database, clock: Clock) -> None:
    one, another = (AnsweredRequests(database, clock) for _ in range(2))
    is_alone = not database.is_shared

    assert await one.begin("Ev1")
    assert await another.begin("Ev1") is is_alone
    clock.advance(14)
    await one.go_on("Ev1")
    clock.advance(14)
    assert await another.begin("Ev1") is is_alone


async def test_what_a_process_that_is_gone_did_not_answer_another_answers(
    database: Database, clock: Clock
) -> None:
    one, another = (AnsweredRequests(database, clock) for _ in range(2))
    await one.begin("Ev1")

    clock.advance(15)

    assert await another.begin("Ev1")
    assert await one.begin("Ev1") is not database.is_shared


async def test_of_several_processes_that_begin_at_the_same_moment_one_answers(
    database: Database, clock: Clock
) -> None:
    several = [AnsweredRequests(database, clock) for _ in range(4)]

    began = await asyncio.gather(*(one.begin("Ev1") for one in several))

    assert began.count(True) == (1 if database.is_shared else 4)
