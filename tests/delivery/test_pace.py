"""How fast messages may go out, and how long a failed one waits."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from incident_bot.delivery.pace import POST_INTERVAL, Pace, channel_wait, retry_wait
from tests.delivery.support import POST, UPDATE
from tests.movable_time import put_forward

ATTEMPTS = st.integers(min_value=0, max_value=10**6)


def shortest(low: float, _high: float) -> float:
    return low


def longest(_low: float, high: float) -> float:
    return high


async def is_let_through(turn: asyncio.Task[None]) -> bool:
    """Whether it is, without any time passing."""
    for _ in range(3):
        await asyncio.sleep(0)
    return turn.done()


async def after_waiting(turn: asyncio.Task[None], seconds: float) -> bool:
    """Whether it is not let through just before `seconds`, but is then."""
    put_forward(seconds - 0.1)
    early = await is_let_through(turn)
    put_forward(0.2)
    return not early and await is_let_through(turn)


def ask(pace: Pace, channel: str) -> asyncio.Task[None]:
    return asyncio.ensure_future(pace.turn(channel))


async def test_the_first_post_goes_at_once() -> None:
    assert await is_let_through(ask(Pace(burst=1), "C1"))


async def test_the_next_post_in_a_channel_waits_a_second() -> None:
    pace = Pace(burst=1)
    await pace.turn("C1")

    assert await after_waiting(ask(pace, "C1"), POST_INTERVAL)


async def test_a_quiet_channel_takes_a_few_posts_at_once_and_then_one_a_second() -> None:
    pace = Pace(burst=3)
    for _ in range(3):
        assert await is_let_through(ask(pace, "C1"))

    assert await after_waiting(ask(pace, "C1"), POST_INTERVAL)


async def test_another_channel_does_not_wait() -> None:
    pace = Pace(burst=1)
    await pace.turn("C1")

    assert await is_let_through(ask(pace, "C2"))


async def test_a_method_rests_alone_and_until_its_end() -> None:
    pace = Pace()
    pace.rest(POST, 30)
    put_forward(20)

    assert pace.rest_left(UPDATE) == 0
    assert pace.rest_left(POST) == 10
    put_forward(20)
    assert pace.rest_left(POST) == 0


async def test_a_shorter_rest_does_not_end_a_longer_one() -> None:
    pace = Pace()
    pace.rest(POST, 60)
    pace.rest(POST, 1)

    assert pace.rest_left(POST) == 60


async def test_no_rest_is_longer_than_an_hour() -> None:
    pace = Pace()

    assert pace.rest(POST, 1e12) == 3600
    assert pace.rest_left(POST) == 3600


async def test_a_negative_rest_is_none() -> None:
    pace = Pace()

    assert pace.rest(POST, -5) == 0
    assert pace.rest_left(POST) == 0


async def test_many_channels_are_forgotten_when_their_turn_is_over() -> None:
    pace = Pace(burst=1)
    await pace.turn("C1")
    put_forward(2)
    for number in range(1001):
        await pace.turn(f"D{number}")

    assert await is_let_through(ask(pace, "C1"))
    assert not await is_let_through(ask(pace, "D0"))
    assert await after_waiting(ask(pace, "D1000"), POST_INTERVAL)


@settings(deadline=None, max_examples=100)
@given(ATTEMPTS)
def test_a_retry_waits_between_half_a_second_and_a_minute(attempts: int) -> None:
    assert 0.5 <= retry_wait(attempts) <= 60


@settings(deadline=None, max_examples=100)
@given(ATTEMPTS)
def test_a_retry_never_has_to_come_sooner_than_the_one_before(attempts: int) -> None:
    assert retry_wait(attempts, longest) <= retry_wait(attempts + 1, longest)
    assert retry_wait(attempts, shortest) == 0.5


def test_a_retry_backs_off_until_a_minute() -> None:
    waits = [retry_wait(attempts, longest) for attempts in (1, 2, 3, 5, 6, 50)]

    assert waits == [2, 4, 8, 32, 60, 60]


@settings(deadline=None, max_examples=100)
@given(st.integers(min_value=1, max_value=10**6))
def test_a_closed_channel_is_asked_every_5_to_60_seconds(attempts: int) -> None:
    assert 5 <= channel_wait(attempts) <= channel_wait(attempts + 1) <= 60


async def test_by_default_three_posts_go_out_at_once() -> None:
    pace = Pace()
    for _ in range(3):
        assert await is_let_through(ask(pace, "C1"))

    assert await after_waiting(ask(pace, "C1"), POST_INTERVAL)
