"""Action items: what is typed, and what becomes of them."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from incident_bot.domain.action_item import (
    ACTION_ITEM_LIMIT,
    NewActionItem,
    entry_of,
    is_due,
    read_action_item,
    refuse_owner,
)
from incident_bot.domain.errors import (
    AlreadyDone,
    CannotSeeIncident,
    IncidentError,
    NothingToChange,
)
from incident_bot.domain.responders import NOBODY
from incident_bot.domain.timeline import EntryKind
from tests.factories import ANA, BEN, CARA, NOON, after, an_action_item, in_progress, resolved

KATHMANDU = ZoneInfo("Asia/Kathmandu")


def test_words_a_due_time_and_an_owner_make_an_action_item() -> None:
    item = read_action_item("Fix the  alert\n by tomorrow 17:45", NOON.astimezone(KATHMANDU), BEN)

    assert item == NewActionItem("Fix the alert", BEN, datetime(2026, 11, 23, 12, tzinfo=UTC))


def test_words_alone_are_nobodys_and_never_due() -> None:
    assert read_action_item("Fix the alert", NOON) == NewActionItem("Fix the alert")


@pytest.mark.parametrize("typed", ["", " \n", "\u200b", "tomorrow", "by Friday at 10:00"])
def test_an_action_item_needs_words(typed: str) -> None:
    with pytest.raises(IncidentError, match="What is to be done"):
        read_action_item(typed, NOON)


def test_an_action_item_that_is_too_long_is_refused_with_its_length() -> None:
    longest = "x" * ACTION_ITEM_LIMIT
    assert read_action_item(f"{longest} by Friday", NOON).text == longest

    with pytest.raises(IncidentError, match="may have 500 characters; this has 501"):
        read_action_item(f"{longest}x", NOON)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Fix it today at 11:00", "2026-11-22 11:00"),
        ("Fix it today at 12:00", "2026-11-22 12:00"),
        ("Fix it by 2026-11-01", "2026-11-01 17:00"),
        ("Fix it 1 Nov 2026", "2026-11-01 17:00"),
    ],
)
def test_a_due_time_that_is_over_is_refused_in_words(typed: str, shown: str) -> None:
    with pytest.raises(IncidentError, match=f"would be due {shown} your time, which is over"):
        read_action_item(typed, NOON)


def test_a_time_that_is_over_is_told_as_the_writers_clock_shows_it() -> None:
    with pytest.raises(IncidentError, match="due 2026-11-22 17:00 your time"):
        read_action_item("Fix it today", NOON.astimezone(KATHMANDU))


def test_a_due_time_is_told_from_other_words() -> None:
    assert is_due(" by Friday ", NOON)
    assert is_due("(today)", NOON)
    assert not is_due("and Ana by Friday", NOON)
    assert not is_due("", NOON)


def test_an_action_item_is_done_once_and_may_be_reopened() -> None:
    item = an_action_item(owner=BEN)

    done = item.finish(ANA, after(9))

    assert done == replace(item, done_at=after(9), done_by=ANA)
    with pytest.raises(AlreadyDone) as refusal:
        done.finish(CARA, after(10))
    assert (refusal.value.user_id, refusal.value.at) == (ANA, after(9))
    assert done.reopen() == item
    with pytest.raises(NothingToChange, match="INC-12 is open already"):
        item.reopen()


def test_it_is_overdue_while_it_is_open_and_its_time_is_over() -> None:
    item = an_action_item(due_at=after(10))

    assert not item.is_overdue(after(10))
    assert item.is_overdue(after(11))
    assert not item.finish(ANA, after(11)).is_overdue(after(12))
    assert not an_action_item(due_at=None).is_overdue(after(10**6))


@pytest.mark.parametrize("kind", ["added", "done", "reopened"])
def test_the_timeline_tells_of_it_in_the_version_of_its_time(kind: str) -> None:
    entry = entry_of(
        EntryKind(f"action item {kind}"), resolved(), an_action_item(owner=BEN), ANA, after(200)
    )

    assert (entry.actor, entry.version, entry.happened_at) == (ANA, 4, after(200))
    assert (entry.text, entry.after) == ("Fix the alert", BEN)


def test_only_its_people_own_action_items_of_what_is_private() -> None:
    private = in_progress(lead=ANA, reported_by=CARA, is_private=True)

    for owner in (None, ANA, CARA):
        refuse_owner(private, owner, NOBODY)
    refuse_owner(private, BEN, NOBODY.including(BEN, None, NOON))
    refuse_owner(in_progress(), BEN, NOBODY)
    with pytest.raises(CannotSeeIncident, match="is not one of the people of INC-12"):
        refuse_owner(private, BEN, NOBODY)
