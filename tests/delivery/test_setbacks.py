"""No message holds up others for ever, and no trouble of Slack's gives messages up."""

import pytest

from incident_bot.delivery.outcome import NotSent, Unknown
from incident_bot.delivery.setbacks import Setbacks
from incident_bot.domain.edits import Edit
from incident_bot.domain.status import Step
from tests.delivery.support import POST, Stage
from tests.factories import ANA, CARA, INCIDENTS, a_declaration, by
from tests.movable_time import put_forward

OPS = "C0OPS"
POISON = Unknown("chat.postMessage answered internal_error, HTTP status 200")


async def test_a_message_that_slack_does_not_digest_lets_those_behind_it_go(
    running: Stage,
) -> None:
    running.sender.broken = {1: POISON}
    await running.declare()
    await running.declare()

    await running.until(lambda: running.states() == ["failed", "sent"], pace=5)

    assert running.troubles() == [(1, "failed", POISON.reason)] * 2, "that it waits, and its end"


async def test_its_channel_is_free_again_within_two_minutes(running: Stage) -> None:
    running.sender.broken = {1: POISON}
    await running.declare()
    await running.declare()
    await running.tried(1)

    for _ in range(120):
        put_forward(1)
        await running.settle()

    assert running.states() == ["failed", "sent"]


async def test_it_is_tried_as_text_alone_before_it_is_set_aside(running: Stage) -> None:
    running.sender.broken = {1: POISON}
    await running.declare()

    await running.until(lambda: running.states() == ["failed"], pace=5)

    *before, last = [one.is_text_alone for one in running.sender.tries]
    assert (any(before), last) == (False, True)
    assert len(before) >= 5


async def test_what_gets_through_as_text_alone_is_sent(running: Stage) -> None:
    running.sender.takes_text_alone = True
    running.sender.broken = {1: POISON}
    await running.declare()

    await running.until(lambda: running.states() == ["sent"], pace=5)


async def test_messages_to_other_channels_show_that_slack_is_well(running: Stage) -> None:
    running.sender.asked = None
    running.sender.broken = {1: POISON}
    await running.declare(INCIDENTS)

    for _ in range(40):
        await running.declare(OPS)
        put_forward(5)
        await running.settle()

    assert running.states()[0] == "failed"


@pytest.mark.parametrize("is_answering", [True, False])
async def test_while_slack_is_down_no_message_is_given_up(
    running: Stage, *, is_answering: bool
) -> None:
    running.sender.is_answering = is_answering
    running.sender.is_well = False
    running.sender.broken = dict.fromkeys(range(1, 4), POISON)
    await running.declare(INCIDENTS, OPS)
    await running.declare("C0ELSE")
    for _ in range(360):
        put_forward(60)
        await running.settle()
    running.sender.broken = {}

    await running.until(lambda: set(running.states()) == {"sent"}, pace=60)


async def test_two_messages_that_slack_does_not_digest_do_not_excuse_each_other(
    running: Stage,
) -> None:
    running.sender.broken = {1: POISON, 2: POISON}
    await running.declare(INCIDENTS)
    await running.declare(OPS)

    await running.until(lambda: running.states() == ["failed", "failed"], pace=5)


async def test_what_fails_alone_and_shows_nothing_of_slack_is_set_aside_after_an_hour(
    running: Stage,
) -> None:
    running.sender.asked = None
    running.sender.broken = {1: POISON}
    await running.declare()

    await running.until(lambda: running.states() == ["failed"], pace=300)

    assert len(running.sender.tries) == 61


async def test_what_slack_never_serves_is_set_aside_like_what_it_does_not_digest(
    running: Stage,
) -> None:
    running.sender.broken = {1: NotSent("chat.postMessage answered service_unavailable", POST)}
    await running.declare()
    await running.declare()

    await running.until(lambda: running.states() == ["failed", "sent"], pace=5)


async def test_when_slack_is_back_for_one_channel_the_others_hear_soon(running: Stage) -> None:
    running.sender.is_well = False
    running.sender.broken = {1: POISON, 2: POISON}
    await running.declare(INCIDENTS)
    await running.declare(OPS)
    for _ in range(8):
        put_forward(60)
        await running.settle()
    running.sender.broken = {}
    put_forward(0.1)

    await running.declare("C0ELSE")
    await running.until(lambda: running.states()[2] == "sent")
    put_forward(3)

    await running.until(lambda: running.states() == ["sent", "sent", "sent"])


async def test_what_fails_while_others_get_through_is_not_hurried_by_them(running: Stage) -> None:
    running.sender.broken = {1: POISON}
    await running.declare(INCIDENTS)
    for _ in range(30):
        await running.declare(OPS)
        put_forward(1)
        await running.settle()

    tries = [one for one in running.sender.tries if one.incident_id == 1]
    assert len(tries) < 12


async def test_what_waits_for_another_message_is_not_blamed(running: Stage) -> None:
    running.sender.broken = {1: NotSent("the link to its announcement is not known yet")}
    await running.declare()

    for _ in range(200):
        put_forward(300)
        await running.settle()

    assert running.states() == ["pending"]


async def test_an_edit_that_is_set_aside_is_told_to_nobody(running: Stage) -> None:
    incident = await running.announced()
    running.sender.broken = {incident.id: POISON}
    await running.store.edit(by(CARA), incident.id, Edit(title="Slow"))

    await running.until(lambda: "failed" in running.states(), pace=5)

    assert running.troubles() == []


async def test_a_notification_that_is_set_aside_is_told_to_who_caused_it(running: Stage) -> None:
    await running.store.declare(by(CARA), a_declaration(), [INCIDENTS])
    await running.until(lambda: running.states() == ["sent"], pace=1)
    running.sender.broken = {1: POISON}
    await running.store.take(by(ANA), 1, Step.RESOLVE)

    await running.until(lambda: (1, "failed", POISON.reason) in running.troubles(), pace=5)


@pytest.mark.usefixtures("running")
async def test_the_tries_of_other_replicas_count_too() -> None:
    """Replicas take turns at one row: each sees only some of its failures."""
    setbacks = Setbacks()
    for attempts in (1, 4, 7):
        setbacks.failed(1, POST, attempts)
        if setbacks.is_unclear(1):
            setbacks.asked(1, is_well=True)
    put_forward(60)

    assert setbacks.is_to_blame(1)


@pytest.mark.usefixtures("running")
async def test_messages_that_are_never_taken_do_not_excuse_each_other_however_often_they_fail() -> (
    None
):
    setbacks = Setbacks()
    for attempts in range(1, 6):
        for poison in (1, 2, 3):
            setbacks.failed(poison, POST, attempts)
    assert not setbacks.do_most_get_through(1)

    for good in range(10, 13):
        setbacks.got_through(good, POST)

    assert setbacks.do_most_get_through(1)
