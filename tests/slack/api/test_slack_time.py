"""The dates of Slack's answers show when the bot's own clock is wrong."""

from collections.abc import MutableMapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from incident_bot.slack.api.slack_time import SlackTime
from tests.factories import NOON, Clock, after


@pytest.mark.parametrize(
    ("slack_is_at", "problem"),
    [
        (after(-3), "this machine's clock is 3 min ahead of Slack's: set it, best by NTP"),
        (after(90), "this machine's clock is 90 min behind Slack's: set it, best by NTP"),
        (NOON - timedelta(seconds=59), None),
        (NOON + timedelta(seconds=59), None),
    ],
)
def test_a_clock_that_is_a_minute_off_is_a_problem(
    slack_time: SlackTime, slack_is_at: datetime, problem: str | None
) -> None:
    slack_time.note(format_datetime(slack_is_at))

    assert slack_time.problem() == problem


def test_it_is_logged_once_and_again_when_it_is_right(
    slack_time: SlackTime, logs: list[MutableMapping[str, Any]]
) -> None:
    for minutes in (-3, -3, 0, 0):
        slack_time.note(format_datetime(after(minutes)))

    assert [entry["event"] for entry in logs] == [
        "the clock is wrong",
        "the clock is right again",
    ]


@pytest.mark.parametrize("date", [None, "", "yesterday", "Sun, 22 Nov 2026 09:00:00"])
def test_an_answer_without_a_usable_date_says_nothing(
    slack_time: SlackTime, date: str | None
) -> None:
    slack_time.note(date)

    assert slack_time.now() == NOON


def test_slacks_time_goes_on_whatever_becomes_of_the_bots_clock(clock: Clock) -> None:
    seconds = [100.0]
    slack_time = SlackTime(clock, lambda: seconds[0])
    slack_time.note(format_datetime(after(-3)))

    clock.now = after(180)
    seconds[0] += 60

    assert slack_time.now() == after(-2)
