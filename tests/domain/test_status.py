"""The life cycle."""

from itertools import product

import pytest

from incident_bot.domain.status import TRANSITIONS, Status, Step

OPEN, IN_PROGRESS, RESOLVED = Status


def test_the_life_cycle_has_these_ways_and_no_others() -> None:
    ways = {pair for pair in product(Status, repeat=2) if pair in TRANSITIONS}

    assert ways == {
        (OPEN, IN_PROGRESS),
        (OPEN, RESOLVED),
        (IN_PROGRESS, RESOLVED),
        (RESOLVED, IN_PROGRESS),
    }


def test_each_way_has_its_step() -> None:
    assert TRANSITIONS == {
        (OPEN, IN_PROGRESS): Step.ACKNOWLEDGE,
        (OPEN, RESOLVED): Step.RESOLVE,
        (IN_PROGRESS, RESOLVED): Step.RESOLVE,
        (RESOLVED, IN_PROGRESS): Step.REOPEN,
    }


def test_each_step_leads_where_its_ways_do() -> None:
    assert all(step.status is after for (_, after), step in TRANSITIONS.items())


@pytest.mark.parametrize(
    ("status", "followers"),
    [
        (OPEN, (IN_PROGRESS, RESOLVED)),
        (IN_PROGRESS, (RESOLVED,)),
        (RESOLVED, (IN_PROGRESS,)),
    ],
)
def test_a_status_knows_what_may_follow(status: Status, followers: tuple[Status, ...]) -> None:
    assert status.followers == followers


def test_only_one_status_is_resolved() -> None:
    assert [status for status in Status if status.is_resolved] == [RESOLVED]


@pytest.mark.parametrize(
    "text", ["In Progress", "in progress", "INPROGRESS", "in-progress", "in_progress"]
)
def test_a_status_is_read_however_it_is_written(text: str) -> None:
    assert Status.parse(text) is IN_PROGRESS


@pytest.mark.parametrize("text", ["", " ", "-", "closed", "Resolved!"])
def test_other_words_are_no_status(text: str) -> None:
    assert Status.parse(text) is None
