"""Whoever sends requests to be refused does not fill the disk with the log."""

import pytest
from structlog.testing import capture_logs

from incident_bot.refused_requests import MOST_LOGGED, WINDOW, RefusedRequests


class Stopwatch:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Stopwatch:
    return Stopwatch()


def test_after_the_first_of_a_minute_the_others_are_counted(watch: Stopwatch) -> None:
    refused = RefusedRequests(watch)

    with capture_logs() as logs:
        for _ in range(MOST_LOGGED + 1000):
            refused.note("a request was refused", path="/slack/events")
        watch.now += WINDOW
        refused.note("a request was refused", path="/incidents")

    assert len(logs) == MOST_LOGGED + 2
    summary, latest = logs[-2:]
    assert (summary["event"], summary["number"]) == ("more requests were refused", 1000)
    assert latest["path"] == "/incidents"


def test_a_few_are_logged_one_by_one(watch: Stopwatch) -> None:
    refused = RefusedRequests(watch)

    with capture_logs() as logs:
        for number in range(3):
            watch.now += WINDOW
            refused.note("a request was refused", number=number)

    assert [entry["number"] for entry in logs] == [0, 1, 2]
