"""When something is due, as it is typed at the end of words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident_bot.domain.due import find_due
from tests.factories import NOON

STOCKHOLM = ZoneInfo("Europe/Stockholm")
KATHMANDU = ZoneInfo("Asia/Kathmandu")
NEW_YORK = ZoneInfo("America/New_York")
# Clocks there are set forward at 01:00 UTC on 29 March and back at 01:00 UTC on 25 October 2026.
SPRING = datetime(2026, 3, 29, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 25, tzinfo=UTC)


def utc(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


# It is noon on Sunday, 22 November 2026.
@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("today", "2026-11-22 17:00"),
        ("Tomorrow", "2026-11-23 17:00"),
        ("tomorrow at 14:00", "2026-11-23 14:00"),
        ("tomorrow 9:05", "2026-11-23 09:05"),
        ("tomorrow, 2:30pm", "2026-11-23 14:30"),
        ("tomorrow at 2 PM", "2026-11-23 14:00"),
        ("tomorrow 12am", "2026-11-23 00:00"),
        ("Friday", "2026-11-27 17:00"),
        ("fri", "2026-11-27 17:00"),
        ("fri at 10:00", "2026-11-27 10:00"),
        ("Thurs", "2026-11-26 17:00"),
        ("sunday", "2026-11-22 17:00"),
        ("Sunday 11:00", "2026-11-29 11:00"),
        ("sat 10:00", "2026-11-28 10:00"),
        ("in 3 days", "2026-11-25 17:00"),
        ("in 1 day at 08:00", "2026-11-23 08:00"),
        ("in a week", "2026-11-29 17:00"),
        ("in 2 weeks", "2026-12-06 17:00"),
        ("in 2 hours", "2026-11-22 14:00"),
        ("in 2h", "2026-11-22 14:00"),
        ("in an hour", "2026-11-22 13:00"),
        ("2026-12-01", "2026-12-01 17:00"),
        ("2026-12-01 14:00", "2026-12-01 14:00"),
        ("1 Dec", "2026-12-01 17:00"),
        ("1. December", "2026-12-01 17:00"),
        ("1 dec at 14:00", "2026-12-01 14:00"),
        ("Dec 1", "2026-12-01 17:00"),
        ("1 Dec 2027", "2027-12-01 17:00"),
        ("Dec 1, 2027 14:00", "2027-12-01 14:00"),
        ("22 Nov", "2026-11-22 17:00"),
        ("21 Nov", "2027-11-21 17:00"),
        ("29 Feb 2028", "2028-02-29 17:00"),
    ],
)
@pytest.mark.parametrize(
    "said", ["{}", "by {}", "due {}", "Due: {}", "due by {}", "({})", "[{}]", "(by {})", "— {}."]
)
def test_a_due_time_may_stand_at_the_end_in_many_ways(said: str, typed: str, moment: str) -> None:
    assert find_due(f"Fix it {said.format(typed)}", NOON) == ("Fix it", utc(moment))
    assert find_due(f"Fix it, {said.format(typed)}", NOON)[1] == utc(moment)


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("sun", "2026-11-22 17:00"),
        ("sat", "2026-11-28 17:00"),
        ("in 30 min", "2026-11-22 12:30"),
        ("in 5 minutes", "2026-11-22 12:05"),
        ("14:00", "2026-11-22 14:00"),
        ("at 11:00", "2026-11-23 11:00"),
        ("12:00", "2026-11-23 12:00"),
        ("2pm", "2026-11-22 14:00"),
        ("14:00 tomorrow", "2026-11-23 14:00"),
        ("14:00 on Friday", "2026-11-27 14:00"),
        ("2pm 1 Dec", "2026-12-01 14:00"),
    ],
)
def test_what_might_mean_something_else_needs_a_word_before_it_or_brackets(
    typed: str, moment: str
) -> None:
    plain = f"Fix it {typed}"

    assert find_due(plain, NOON) == (plain, None)
    for said in (f"Fix it by {typed}", f"Fix it due {typed}", f"Fix it ({typed})"):
        assert find_due(said, NOON) == ("Fix it", utc(moment))


@pytest.mark.parametrize(
    "typed",
    [
        "Explain what has been slow since Friday",
        "Look at the peak on 1 Dec",
        "Be ready for Black Friday",
        "Find out why it fails every Monday",
        "Restore within 3 days",
        "Tell the story of 2026-11-20",
        "Fix it next Friday",
        "Fix it before tomorrow",
        "See why it broke at 14:00 Friday",
        "Tomorrow never dies",
        "Order 3 days of work",
        "See where the cat sat",
        "Restart in 10 minutes",
        "Look at 14:00",
        "Look at port 8080",
        "Upgrade Postgres to 16.1",
        "Fix it by 25:10",
        "Fix it tomorrow at 25:10",
        "Fix it tomorrow at 13pm",
        "Fix it by 2026-02-30",
        "Fix it by 31 Nov",
        "Fix it by 3026-02-01",
        "Fix it by 29 Feb 2027",
        "Fix it tomorrow or so",
        "Fix it (see Friday)",
        "Fix it (Friday",
        "Fix it [Friday)",
        "Fix it by Freitag",
        "Fix it by ٢٠٢٦-12-30",
        "Fixtoday",
        "“Fix it tomorrow”",
        "",
    ],
)
def test_what_is_not_understood_stays_text(typed: str) -> None:
    assert find_due(typed, NOON) == (typed, None)


def test_a_date_that_is_today_is_not_a_year_from_now() -> None:
    evening = utc("2026-11-22 18:00")

    assert find_due("Fix it 22 Nov", evening)[1] == utc("2026-11-22 17:00")
    assert find_due("Fix it 22 Nov 19:00", evening)[1] == utc("2026-11-22 19:00")


def test_a_due_time_alone_leaves_no_words() -> None:
    assert find_due("by Friday", NOON) == ("", utc("2026-11-27 17:00"))


def test_a_day_is_the_one_of_who_writes() -> None:
    late = utc("2026-11-22 18:20")  # in Kathmandu it is 00:05 on Monday, in New York 13:20

    assert find_due("x today", late.astimezone(KATHMANDU))[1] == utc("2026-11-23 11:15")
    assert find_due("x tomorrow 09:00", late.astimezone(KATHMANDU))[1] == utc("2026-11-24 03:15")
    assert find_due("x Monday", late.astimezone(KATHMANDU))[1] == utc("2026-11-23 11:15")
    assert find_due("x today", late.astimezone(NEW_YORK))[1] == utc("2026-11-22 22:00")
    assert find_due("x by 00:01", late.astimezone(KATHMANDU))[1] == utc("2026-11-23 18:16")


@pytest.mark.parametrize(
    ("now", "typed", "moment"),
    [
        # The day after has another offset.
        (SPRING - timedelta(hours=12), "tomorrow", "2026-03-29 15:00"),
        (SPRING - timedelta(hours=12), "today", "2026-03-28 16:00"),
        (SPRING - timedelta(days=3), "in 3 days", "2026-03-29 15:00"),
        (AUTUMN - timedelta(hours=12), "tomorrow", "2026-10-25 16:00"),
        (AUTUMN - timedelta(hours=12), "today", "2026-10-24 15:00"),
        (AUTUMN - timedelta(days=3), "Sunday", "2026-10-25 16:00"),
        # 02:30 is shown by no clock: one that is not set forward shows it at what is 03:30.
        (SPRING - timedelta(hours=12), "tomorrow 02:30", "2026-03-29 01:30"),
        (SPRING - timedelta(hours=12), "tomorrow 03:30", "2026-03-29 01:30"),
        (SPRING - timedelta(hours=12), "tomorrow 01:30", "2026-03-29 00:30"),
        # 02:30 is shown twice: nobody is late the first time.
        (AUTUMN - timedelta(hours=12), "tomorrow 02:30", "2026-10-25 01:30"),
        (AUTUMN + timedelta(minutes=45), "today 02:30", "2026-10-25 01:30"),
        (AUTUMN + timedelta(minutes=45), "by 02:15", "2026-10-25 01:15"),
        # Hours are counted in true time.
        (SPRING, "in 5 hours", "2026-03-29 05:00"),
        (AUTUMN, "in 5 hours", "2026-10-25 05:00"),
    ],
)
def test_where_clocks_are_changed_a_time_is_the_one_that_they_show(
    now: datetime, typed: str, moment: str
) -> None:
    assert find_due(f"Fix it {typed}", now.astimezone(STOCKHOLM)) == ("Fix it", utc(moment))


@given(st.text(max_size=80))
def test_no_word_is_lost_that_is_not_part_of_a_due_time(typed: str) -> None:
    rest, due_at = find_due(typed, NOON)

    assert typed.startswith(rest)
    assert due_at is not None or rest == typed


@given(
    weekday=st.sampled_from(["Monday", "tues", "WED 10:00", "fri 23:59", "Sunday 0:00"]),
    now=st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.timezones()),  # noqa: DTZ001 - Hypothesis adds the zone
)
def test_a_weekday_is_always_to_come_and_never_far(weekday: str, now: datetime) -> None:
    _, due_at = find_due(f"Fix it by {weekday}", now)

    assert due_at is not None
    assert timedelta(0) < due_at - now.astimezone(UTC) <= timedelta(days=9)


def test_it_is_found_at_the_end_of_forty_thousand_characters() -> None:
    words = "at 1 in 2 " * 4_000

    before, moment = find_due(f"{words}by Friday 14:00", NOON)

    assert before == words.rstrip()
    assert moment == utc("2026-11-27 14:00")
