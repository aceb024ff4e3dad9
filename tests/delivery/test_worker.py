"""The worker: what is sent when, and what follows from each outcome."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from incident_bot.delivery.outcome import (
    AccessLost,
    ChannelClosed,
    ChannelMade,
    NotLetIn,
    NotSent,
    Outcome,
    RateLimited,
    Refused,
    TakenOver,
    Unknown,
    Unwelcome,
)
from incident_bot.delivery.problems import NEW_CHANNELS, SLACK, shown
from incident_bot.domain.edits import Edit, ProgressUpdate
from incident_bot.domain.status import Step
from incident_bot.store.case import SeenVersion
from incident_bot.store.engine.database import DatabaseAway
from incident_bot.store.outbox.operations import Operation
from tests.delivery.support import POST, SENT, UPDATE, Stage
from tests.factories import ANA, BEN, CARA, INCIDENTS, a_declaration, by
from tests.movable_time import put_forward

OPS = "C0OPS"
LOST = AccessLost("Slack does not accept SLACK_BOT_TOKEN (invalid_auth)")
CLOSED = ChannelClosed("the channel is archived (is_archived)")


AWAY = (
    "CREATE TRIGGER away BEFORE UPDATE OF state ON outbox WHEN NEW.state = 'sent' "
    "BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END"
)


async def test_what_waits_at_the_start_is_sent(stage: Stage) -> None:
    await stage.declare()

    stage.start()

    await stage.until(lambda: stage.states() == ["sent"])


async def test_what_is_new_is_sent_at_once(running: Stage) -> None:
    await running.settle()

    await running.declare()

    await running.until(lambda: running.states() == ["sent"])


async def test_the_place_of_what_was_sent_is_kept(running: Stage) -> None:
    await running.announced()

    assert running.rows.of("announcements", "channel_id, message_ts") == [("C0INC", "100.1")]


async def test_nothing_is_sent_twice(running: Stage) -> None:
    await running.announced()
    put_forward(3600)

    await running.settle()

    assert running.sender.tries == []


async def test_a_channel_is_told_things_in_their_order(running: Stage) -> None:
    incident = await running.announced()
    running.sender.answers = [NotSent("no network"), NotSent("no network")]
    await running.store.take(by(ANA), incident.id, Step.ACKNOWLEDGE)
    await running.store.take(by(ANA), incident.id, Step.RESOLVE)

    await running.until(lambda: set(running.states()) == {"sent"}, pace=60)
    await running.settle()

    entries = [one.entry_id for one in running.sender.tries if one.is_post]
    assert entries == sorted(entries, key=str)
    assert set(running.states()) == {"sent"}


async def test_a_channel_gets_one_post_a_second(running: Stage) -> None:
    await running.announced()
    await running.declare()

    await running.settle()
    assert running.sender.tries == []
    put_forward(1)

    await running.tried(1)


async def test_a_slow_channel_does_not_hold_up_another(running: Stage) -> None:
    running.sender.gate.clear()
    await running.declare(INCIDENTS)
    await running.tried(1)

    await running.declare(OPS)

    await running.tried(2)
    assert [one.destination for one in running.sender.tries] == [INCIDENTS, OPS]


async def test_what_did_not_get_there_is_tried_again_after_a_while(running: Stage) -> None:
    running.sender.answers = [NotSent("Slack cannot be reached")]
    await running.declare()
    await running.answered(1)

    (wait,) = running.waiting_for()
    put_forward(3)

    await running.until(lambda: running.states() == ["sent"])
    assert wait <= 2
    assert [one.is_uncertain for one in running.sender.tries] == [False, False]


async def test_what_may_have_got_there_is_looked_for_after_a_second(running: Stage) -> None:
    running.sender.answers = [Unknown("no usable answer")]
    await running.declare()
    await running.answered(1)

    put_forward(1)

    await running.tried(2)
    assert running.sender.tries[1].is_uncertain


async def test_what_may_have_got_there_stays_uncertain_whatever_comes_then(
    running: Stage,
) -> None:
    running.sender.answers = [Unknown("no usable answer"), NotSent("no network")]
    await running.declare()
    for times in (1, 2, 3):
        await running.answered(times)
        put_forward(10)

    assert [one.is_uncertain for one in running.sender.tries] == [False, True, True]


async def test_a_rate_limit_rests_its_method_alone(running: Stage) -> None:
    incident = await running.announced()
    await running.store.set_severity(by(BEN), incident.id, "Low")
    put_forward(1)
    await running.until(lambda: set(running.states()) == {"sent"})
    running.sender.tries.clear()
    running.sender.answers = [RateLimited(POST, 30)]
    await running.declare(OPS)
    await running.answered(1)
    running.sender.tries.clear()

    await running.store.edit(by(CARA), incident.id, Edit(title="Slow"))
    await running.declare("C0ELSE")
    put_forward(29)
    await running.settle()

    assert [one.is_post for one in running.sender.tries] == [False]


async def test_after_a_rate_limit_everything_goes_out(running: Stage) -> None:
    running.sender.answers = [RateLimited(POST, 30)]
    await running.declare(INCIDENTS)
    await running.tried(1)
    await running.declare(OPS)
    await running.settle()

    put_forward(31)

    await running.until(lambda: running.states() == ["sent", "sent"])


async def test_nothing_is_held_while_its_method_rests_so_that_others_may_take_it(
    running: Stage,
) -> None:
    running.sender.answers = [RateLimited(POST, 30)]
    await running.declare(INCIDENTS)
    await running.answered(1)

    await running.declare(OPS)
    await running.settle()

    assert running.rows.of("outbox", "state, attempts, reason") == [
        ("pending", 1, f"{POST} was rate limited"),
        ("pending", 0, f"{POST} rests"),
    ]


async def test_what_another_process_has_taken_over_is_left_to_it(running: Stage) -> None:
    running.sender.answers = [TakenOver()]
    running.sender.gate.clear()
    await running.declare()
    await running.tried(1)
    running.rows.execute("UPDATE outbox SET claimed_by = 'another', attempts = 2")

    running.sender.gate.set()
    await running.settle()

    assert running.rows.of("outbox", "state, claimed_by, attempts") == [("sending", "another", 2)]


async def test_what_nobody_has_taken_over_is_sent_after_all(running: Stage) -> None:
    running.sender.answers = [TakenOver()]
    await running.declare()

    await running.until(lambda: running.states() == ["sent"], pace=1)

    assert [one.attempts for one in running.sender.tries] == [1, 1]


async def test_what_waits_is_tried_when_the_clock_is_set_back(running: Stage) -> None:
    running.clock.ahead = 1800
    put_forward(1)
    await running.settle()
    running.sender.answers = [NotSent("Slack cannot be reached", POST)]
    await running.declare()
    await running.answered(1)

    running.clock.ahead = 0

    for _ in range(5):
        put_forward(1)
        await running.settle()
    assert running.states() == ["sent"]


async def test_a_database_that_is_away_is_not_held_against_a_message(running: Stage) -> None:
    running.sender.answers = [DatabaseAway()] * 20
    await running.declare()

    await running.until(lambda: running.states() == ["sent"], pace=60)

    assert not any(one.is_uncertain for one in running.sender.tries)


@pytest.mark.parametrize("seconds", [1e12, 1e300])
async def test_an_absurd_rate_limit_is_over_within_an_hour(running: Stage, seconds: float) -> None:
    running.sender.answers = [RateLimited(POST, seconds)]
    await running.declare()
    await running.answered(1)

    put_forward(3601)

    await running.until(lambda: running.states() == ["sent"])


async def test_a_closed_channel_is_asked_again_until_it_opens(running: Stage) -> None:
    running.sender.answers = [CLOSED, CLOSED]
    await running.declare()
    for times in (1, 2):
        await running.answered(times)
        put_forward(11)

    await running.until(lambda: running.states() == ["sent"])
    assert len(running.sender.tries) == 3


async def test_a_closed_channel_is_a_problem_until_something_gets_there(running: Stage) -> None:
    running.sender.answers = [CLOSED]
    await running.declare()
    await running.answered(1)
    assert running.worker.problems == {INCIDENTS: CLOSED.reason}

    put_forward(6)

    await running.until(lambda: running.states() == ["sent"])
    assert running.worker.problems == {}


async def test_a_channel_named_slack_is_not_all_of_slack(running: Stage) -> None:
    running.sender.broken = {1: CLOSED}
    await running.declare("slack")
    await running.until(lambda: shown(running.worker.problems) == {"#slack": CLOSED.reason})
    running.sender.gate.clear()
    running.sender.tries.clear()

    await running.declare(INCIDENTS)
    await running.declare(OPS)

    await running.tried(2)


async def test_a_closed_channel_holds_up_only_itself(running: Stage) -> None:
    running.sender.answers = [CLOSED]
    await running.declare(INCIDENTS, OPS)

    await running.until(lambda: running.states() == ["pending", "sent"])


async def test_an_unwelcome_message_is_the_last_there(running: Stage) -> None:
    running.sender.answers = [Unwelcome("not in the channel")]
    incident = await running.declare(OPS)
    await running.until(lambda: running.states() == ["failed"])

    await running.store.take(by(ANA), incident.id, Step.ACKNOWLEDGE)
    await running.settle()

    assert len(running.sender.tries) == 1
    assert running.worker.problems == {}
    assert running.troubles() == [], "it is announced elsewhere"


async def test_a_refused_message_is_kept_with_its_reason(running: Stage) -> None:
    running.sender.answers = [Refused("chat.postMessage answered msg_too_long")]
    await running.declare()

    await running.until(lambda: running.states() == ["failed"])

    reason = "chat.postMessage answered msg_too_long"
    assert running.troubles() == [(1, "failed", reason)], "who declared it believes it announced"


async def test_a_refused_message_does_not_hold_up_the_next(running: Stage) -> None:
    running.sender.answers = [Refused("no")]
    await running.declare()
    await running.declare()
    await running.until(lambda: "failed" in running.states())

    put_forward(2)

    await running.until(lambda: running.states() == ["failed", "sent"])


async def test_a_sender_that_raises_is_an_unknown_outcome(running: Stage) -> None:
    running.sender.answers = [KeyError("ts")]
    await running.declare()
    await running.answered(1)

    put_forward(1)

    await running.until(lambda: running.states() == ["sent"])
    assert [one.is_uncertain for one in running.sender.tries] == [False, True]


async def test_without_access_one_message_asks_whether_it_has_come_back(running: Stage) -> None:
    running.sender.answers = [LOST, LOST]
    await running.declare(INCIDENTS)
    await running.until(lambda: SLACK in running.worker.problems)
    await running.declare(OPS)
    await running.settle()
    assert len(running.sender.tries) == 1

    put_forward(11)
    await running.tried(2)
    await running.settle()

    assert len(running.sender.tries) == 2


async def test_without_access_the_channels_are_tried_in_turn(running: Stage) -> None:
    running.sender.broken = {1: LOST}
    await running.declare(INCIDENTS)
    await running.until(lambda: SLACK in running.worker.problems)
    await running.declare(OPS)

    await running.until(lambda: running.states() == ["pending", "sent"], pace=11)


async def test_once_access_is_back_everything_goes_out_by_itself(running: Stage) -> None:
    running.sender.answers = [LOST]
    await running.declare(INCIDENTS)
    await running.until(lambda: running.worker.problems == {SLACK: LOST.reason})
    for number in range(5):
        await running.declare(f"C{number}")

    put_forward(11)

    await running.until(lambda: set(running.states()) == {"sent"})
    assert running.worker.problems == {}


async def test_a_channel_that_is_closed_shows_that_access_is_back(running: Stage) -> None:
    running.sender.answers = [LOST, CLOSED]
    await running.declare()
    await running.until(lambda: SLACK in running.worker.problems)

    put_forward(11)

    await running.until(lambda: running.worker.problems == {INCIDENTS: CLOSED.reason})


async def test_what_was_mended_is_tried_at_once(running: Stage) -> None:
    running.sender.answers = [LOST]
    await running.declare()
    await running.answered(1)
    put_forward(1)  # for the pace of posts

    running.worker.retry_now()

    await running.until(lambda: running.states() == ["sent"])


async def test_the_worker_sleeps_while_one_message_asks_for_access(running: Stage) -> None:
    running.sender.answers = [LOST, LOST]
    await running.declare(INCIDENTS, OPS)
    await running.until(lambda: SLACK in running.worker.problems)
    running.sender.gate.clear()
    put_forward(11)
    await running.tried(3)
    await running.declare("C0ELSE")
    before = running.clock.looks

    await running.settle()

    assert running.clock.looks - before < 5


async def test_the_worker_sleeps_while_what_waits_is_held_back(running: Stage) -> None:
    incident = await running.announced()
    running.sender.gate.clear()
    await running.store.post_update(by(BEN), incident.id, ProgressUpdate(message="Rolled back."))
    await running.store.set_severity(by(BEN), incident.id, "Low")
    await running.settle()
    before = running.clock.looks

    await running.settle()

    assert running.clock.looks == before


async def test_each_problem_is_logged_once(
    running: Stage, logs: list[MutableMapping[str, Any]]
) -> None:
    running.sender.answers = [CLOSED, CLOSED, CLOSED]
    await running.declare()
    for times in (1, 2, 3):
        await running.answered(times)
        put_forward(21)
    await running.until(lambda: running.states() == ["sent"])

    events = [entry["event"] for entry in logs]
    assert events.count("messages wait until somebody mends this") == 1
    assert events.count("mended") == 1


async def test_an_outcome_is_noted_even_if_the_database_fails_for_a_while(running: Stage) -> None:
    running.rows.execute(AWAY)
    await running.declare()
    await running.tried(1)
    await running.settle()
    running.rows.execute("DROP TRIGGER away")

    await running.until(lambda: running.states() == ["sent"], pace=0.5)

    assert len(running.sender.tries) == 1


async def test_the_worker_outlasts_a_database_that_cannot_be_read(running: Stage) -> None:
    await running.settle()
    running.rows.execute("ALTER TABLE outbox RENAME TO away")
    running.worker.wake()
    await running.settle()
    running.rows.execute("ALTER TABLE away RENAME TO outbox")
    await running.declare()

    await running.until(lambda: running.states() == ["sent"], pace=0.5)


async def test_stopping_finishes_what_is_being_sent(running: Stage) -> None:
    running.sender.gate.clear()
    await running.declare()
    await running.tried(1)

    running.worker.stop()
    await running.settle()
    assert running.is_running
    running.sender.gate.set()
    await running.stop()

    assert running.states() == ["sent"]


async def test_stopping_gives_back_what_was_only_claimed(running: Stage) -> None:
    await running.announced()
    await running.declare()  # it waits for its second
    await running.until(lambda: "sending" in running.states())

    await running.stop()

    assert running.sender.tries == []
    assert running.states() == ["sent", "pending"]
    assert running.rows.of("outbox", "id, is_uncertain") == [(1, 0), (2, 0)]


async def test_stopping_while_claiming_leaves_nothing_claimed(stage: Stage) -> None:
    await stage.declare(*(f"C{number}" for number in range(5)))
    stage.start()
    await asyncio.sleep(0)

    await stage.stop()

    assert "sending" not in stage.states()


async def test_stopping_does_not_wait_for_a_database_that_is_away(running: Stage) -> None:
    running.sender.gate.clear()
    await running.declare()
    await running.tried(1)
    running.rows.execute(AWAY)
    running.sender.gate.set()

    await running.settle()
    running.worker.stop()
    put_forward(1)
    await running.stop()

    assert running.states() == ["sending"]  # the next start looks whether it got there


async def test_after_stopping_nothing_is_claimed(running: Stage) -> None:
    await running.stop()

    await running.declare()
    await running.settle()

    assert running.states() == ["pending"]


async def test_what_a_crash_left_behind_is_sent_as_uncertain(stage: Stage) -> None:
    await stage.declare()
    await stage.outbox.claim(stage.clock(), 64, 64)

    stage.start()

    await stage.until(lambda: stage.states() == ["sent"])
    assert stage.sender.tries[0].is_uncertain


async def test_more_than_32_channels_are_all_served(stage: Stage) -> None:
    await stage.declare(*(f"C{number:03}" for number in range(150)))

    stage.start()

    await stage.until(lambda: set(stage.states()) == {"sent"})
    assert len(stage.sender.tries) == 150


async def test_no_more_than_32_posts_are_under_way_at_once(stage: Stage) -> None:
    stage.sender.gate.clear()
    await stage.declare(*(f"C{number:03}" for number in range(70)))

    stage.start()
    await stage.tried(32)
    await stage.settle()

    assert len(stage.sender.tries) == 32


async def test_edits_go_on_while_posts_fill_all_their_places(running: Stage) -> None:
    incident = await running.announced()
    running.sender.answers.append(RateLimited(POST, 600))
    await running.declare(*(f"C{number:03}" for number in range(70)))
    await running.tried(1)
    await running.settle()

    await running.store.edit(by(CARA), incident.id, Edit(title="Slow"))

    await running.until(lambda: any(not one.is_post for one in running.sender.tries))


async def test_who_asked_is_told_of_a_closed_channel_once(running: Stage) -> None:
    running.sender.answers += [ChannelClosed("archived")] * 3
    incident = await running.declare()

    await running.tried(1)
    await running.settle()
    assert running.troubles() == [(incident.id, "pending", "archived")]
    await running.until(lambda: running.states() == ["sent"], pace=30)

    assert len(running.troubles()) == 1


@pytest.mark.parametrize("answer", [SENT, Unknown("no usable answer"), Refused("msg_too_long")])
async def test_an_edit_of_what_is_being_posted_comes_when_that_is_settled(
    running: Stage, answer: Outcome
) -> None:
    incident = await running.announced()
    put_forward(1)
    running.sender.gate.clear()
    running.sender.answers = [answer, answer]  # the announcement is edited, too
    await running.store.post_update(by(BEN), incident.id, ProgressUpdate(message="Rolled bakc"))
    await running.tried(2)
    [post] = [one for one in running.sender.tries if one.is_post]

    seen = SeenVersion(incident.id, post.entry_id or 0, None)
    await running.store.edit_update(by(BEN), seen, "Rolled back")
    await running.settle()
    assert not any(one.is_edit_of_entry for one in running.sender.tries)
    running.sender.gate.set()

    await running.until(lambda: not {"pending", "sending"} & set(running.states()), pace=0.1)
    tries = running.sender.tries
    *posts, edit = [one for one in tries if one.operation is Operation.NOTIFICATION]
    assert all(one.is_post for one in posts)
    assert edit.is_edit_of_entry


async def test_each_who_waits_for_a_channel_is_told_and_the_problem_names_no_incident(
    running: Stage,
) -> None:
    running.sender.answers += [ChannelClosed("restricted_action")] * 99
    for _ in range(2):
        private = a_declaration(is_private=True)
        await running.store.declare(by(CARA), private, [])

    await running.until(lambda: len(running.sender.tries) >= 6, pace=30)

    told = sorted(running.troubles())
    assert told == [(number, "pending", "restricted_action") for number in (1, 2)]
    assert running.worker.problems == {NEW_CHANNELS: "restricted_action"}
    running.sender.answers[:] = [ChannelMade("C0ONE", "inc-1"), ChannelMade("C0TWO", "inc-2")]
    await running.until(lambda: NEW_CHANNELS not in running.worker.problems, pace=30)


async def test_the_announcement_of_a_change_is_edited_not_posted(running: Stage) -> None:
    incident = await running.announced()

    await running.store.edit(by(CARA), incident.id, Edit(title="Slow"))
    await running.tried(1)

    edit = running.sender.tries[0]
    assert (edit.operation, edit.is_post) == (Operation.ANNOUNCEMENT, False)


async def test_without_access_slack_is_asked_again_after_ten_seconds(running: Stage) -> None:
    running.sender.answers = [LOST]
    await running.declare()
    await running.until(lambda: SLACK in running.worker.problems)

    put_forward(9.9)
    await running.settle()
    assert len(running.sender.tries) == 1
    put_forward(0.1)

    await running.tried(2)


async def test_a_fault_of_the_sender_is_given_up_after_ten_tries(running: Stage) -> None:
    running.sender.asked = None
    running.sender.answers = [KeyError("ts")] * 20
    await running.declare()

    await running.until(lambda: running.states() == ["failed"], pace=300)

    assert len(running.sender.tries) == 10
    assert running.rows.of("outbox", "reason") == [("KeyError: 'ts'",)]


async def test_a_second_doubt_does_not_end_after_a_second_like_the_first(running: Stage) -> None:
    running.sender.answers = [Unknown("no usable answer")] * 2
    await running.declare()
    await running.answered(1)
    assert running.waiting_for() == [1]
    put_forward(1)

    await running.answered(2)

    assert running.waiting_for() != [1]


async def test_once_a_minute_the_worker_looks_though_nobody_woke_it(running: Stage) -> None:
    await running.announced()
    await running.settle()
    running.rows.execute("UPDATE outbox SET state = 'pending', settled_at = NULL")

    put_forward(59)
    await running.settle()
    assert running.sender.tries == []
    put_forward(1)

    await running.tried(1)


async def test_a_step_whose_method_rests_is_put_back(running: Stage) -> None:
    """Waiting here for its turn it would take the place of an edit."""
    running.sender.answers = [RateLimited(UPDATE, 60)]
    await running.store.declare(by(CARA), a_declaration(wants_channel=True), [])
    await running.answered(1)

    await running.store.declare(by(CARA), a_declaration(wants_channel=True), [])
    await running.settle()

    assert running.rows.of("outbox", "id, state, reason") == [
        (1, "pending", f"{UPDATE} was rate limited"),
        (2, "pending", f"{UPDATE} rests"),
    ]
    assert running.waiting_for() == [60, 60]


async def test_who_asked_for_a_channel_that_slack_refuses_is_told_finally(running: Stage) -> None:
    running.sender.answers = [Refused("restricted_action")]
    await running.store.declare(by(CARA), a_declaration(wants_channel=True), [])

    await running.until(lambda: running.states() == ["failed"])

    assert running.troubles() == [(1, "failed", "restricted_action")]


async def test_who_is_not_let_in_is_kept_and_told_to_who_invited_them(running: Stage) -> None:
    running.sender.answers = [NotLetIn("Slack does not let in Ben", frozenset({BEN}))]
    await running.store.declare(by(CARA), a_declaration(wants_channel=True), [])

    await running.until(lambda: running.states() == ["failed"])

    assert running.rows.of("uninvited") == [(1, BEN)]
    assert running.troubles() == [(1, "failed", "Slack does not let in Ben")]


async def test_that_a_channel_is_closed_is_told_to_who_wrote_not_to_who_edited(
    running: Stage,
) -> None:
    edited = await running.announced()
    running.sender.answers = [CLOSED, CLOSED]
    await running.store.edit(by(CARA), edited.id, Edit(title="Slow"))
    await running.answered(1)
    assert running.troubles() == []

    written = await running.declare()
    put_forward(1)
    await running.answered(2)

    assert running.troubles() == [(written.id, "pending", CLOSED.reason)]
