"""Whoever guesses tokens has to wait, and nobody else."""

import pytest

from incident_bot.rest.wrong_tokens import MOST_ADDRESSES, MOST_TRIES, WINDOW, WrongTokens


class Stopwatch:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def wrong(watch: Stopwatch) -> WrongTokens:
    return WrongTokens(watch)


def guess(wrong: WrongTokens, address: str, times: int = MOST_TRIES) -> None:
    for _ in range(times):
        wrong.add(address)


def test_a_few_wrong_tokens_are_no_guessing(wrong: WrongTokens) -> None:
    guess(wrong, "a", MOST_TRIES - 1)

    assert wrong.seconds_to_wait("a") == 0


def test_who_guesses_waits_until_the_minute_is_over(wrong: WrongTokens, watch: Stopwatch) -> None:
    guess(wrong, "a", MOST_TRIES - 1)
    watch.now += 39.5
    guess(wrong, "a", 1)

    assert wrong.seconds_to_wait("a") == 21
    watch.now += 20.5
    assert wrong.seconds_to_wait("a") == 0


def test_a_new_minute_begins_with_the_next_wrong_token(
    wrong: WrongTokens, watch: Stopwatch
) -> None:
    guess(wrong, "a")
    watch.now += WINDOW

    guess(wrong, "a", 1)
    assert wrong.seconds_to_wait("a") == 0
    guess(wrong, "a", MOST_TRIES - 1)
    assert wrong.seconds_to_wait("a") == WINDOW


def test_others_do_not_wait(wrong: WrongTokens) -> None:
    guess(wrong, "a")

    assert wrong.seconds_to_wait("b") == 0


def test_of_very_many_addresses_the_first_are_forgotten(wrong: WrongTokens) -> None:
    for number in range(MOST_ADDRESSES + 1):
        guess(wrong, str(number))

    assert wrong.seconds_to_wait("0") == 0
    assert wrong.seconds_to_wait("1") > 0
    assert wrong.seconds_to_wait(str(MOST_ADDRESSES)) > 0
