"""A worker for each target: what keeps one keeps no other."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from incident_bot.delivery.outcome import AccessLost, Done
from incident_bot.delivery.pace import Pace
from incident_bot.delivery.problems import EVENT_LOG as LOG_AS_A_WHOLE
from incident_bot.delivery.problems import OUTBOX, SLACK
from incident_bot.delivery.targets import Targets
from incident_bot.delivery.worker import Worker
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.outbox.operations import EVENT_LOG, Operation
from tests.delivery.support import FakeSender, Stage
from tests.movable_time import put_forward

LOST = AccessLost("the token was revoked")
FULL = AccessLost("events.jsonl cannot be written: No space left on device")


class Two:
    """Slack and the event log, each with a worker."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.log_sender = FakeSender()
        self.log_worker = Worker(
            Outbox(stage.database, EVENT_LOG),
            self.log_sender,
            stage.clock,
            Pace(interval=0),
            LOG_AS_A_WHOLE,
        )
        self.targets = Targets({"slack": stage.worker, EVENT_LOG: self.log_worker})
        stage.database.tell_of_changes([EVENT_LOG])
        stage.database.wake_when_outgoing(self.targets.wake)

    def states(self) -> dict[str, list[str]]:
        rows = self.stage.rows.query("SELECT target, state FROM outbox ORDER BY id")
        return {
            name: [state for target, state in rows if target == name]
            for name in sorted({target for target, _ in rows})
        }


@pytest.fixture
async def two(stage: Stage) -> AsyncIterator[Two]:
    built = Two(stage)
    running = asyncio.create_task(built.targets.run())
    yield built
    built.targets.stop()
    await stage.until(running.done, pace=10)


async def test_each_target_is_sent_its_own(two: Two) -> None:
    two.log_sender.answers = [Done('{"byte": 0}')]

    await two.stage.declare()
    await two.stage.settle()

    assert two.states() == {"log": ["sent"], "slack": ["sent"]}
    assert [one.operation for one in two.stage.sender.tries] == [Operation.ANNOUNCEMENT]
    assert [one.operation for one in two.log_sender.tries] == [Operation.EVENT]
    receipts = "SELECT receipt FROM outbox WHERE target = 'log'"
    assert two.stage.rows.query(receipts) == [('{"byte": 0}',)]


async def test_a_lost_token_keeps_no_event_from_the_log(two: Two) -> None:
    two.stage.sender.answers = [LOST] * 99

    for _ in range(3):
        await two.stage.declare()
    await two.stage.settle()

    assert two.states() == {"log": ["sent"] * 3, "slack": ["pending"] * 3}
    assert two.targets.problems({}) == {SLACK: LOST.reason}


async def test_a_full_disk_keeps_no_message_from_slack(two: Two) -> None:
    two.log_sender.answers = [FULL] * 2

    await two.stage.declare()
    await two.stage.settle()

    assert two.states() == {"log": ["pending"], "slack": ["sent"]}
    assert two.targets.problems({}) == {LOG_AS_A_WHOLE: FULL.reason}
    await two.stage.until(lambda: two.states()["log"] == ["sent"], pace=10)
    assert two.targets.problems({}) == {}


async def test_events_are_written_in_the_order_in_which_they_happened(two: Two) -> None:
    two.log_sender.gate.clear()
    incidents = [await two.stage.declare() for _ in range(5)]
    await two.stage.settle()

    assert len(two.log_sender.tries) == 1, "the next waits for the one before"
    two.log_sender.gate.set()
    await two.stage.until(lambda: "pending" not in two.states()["log"], pace=0.1)

    told = [delivery.incident_id for delivery in two.log_sender.tries]
    assert told == [incident.id for incident in incidents]


async def test_a_target_that_goes_silent_is_a_problem_and_the_others_are_none(two: Two) -> None:
    put_forward(600)
    waited = {"slack": 0, EVENT_LOG: 400}

    problems = two.targets.problems(waited)

    assert list(problems) == [LOG_AS_A_WHOLE]
    assert "nothing has gone out" in problems[LOG_AS_A_WHOLE]
    assert OUTBOX in two.targets.problems({"slack": 400})


async def test_what_is_for_a_target_that_nobody_sends_to_stays_in_the_outbox(stage: Stage) -> None:
    nobody = Targets({})
    running = asyncio.create_task(nobody.run())

    await stage.declare()
    nobody.wake()
    await stage.settle()
    nobody.stop()
    await running

    assert stage.states() == ["pending"]
    assert nobody.problems({"slack": 10_000}) == {}


async def test_what_waits_for_a_log_that_is_set_no_more_is_a_problem() -> None:
    problems = Targets({}).problems({"slack": 10_000, EVENT_LOG: 400})

    assert list(problems) == [LOG_AS_A_WHOLE]
    assert "INCIDENT_BOT_EVENT_LOG" in problems[LOG_AS_A_WHOLE]
    assert Targets({}).problems({EVENT_LOG: 200}) == {}
