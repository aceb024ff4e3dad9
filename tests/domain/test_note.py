"""What is typed as a note: when it says that it happened, and what."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident_bot.domain.errors import IncidentError
from incident_bot.domain.note import NOTE_LIMIT, Note, begins_with_a_time, read_note
from tests.factories import NOON

STOCKHOLM = ZoneInfo("Europe/Stockholm")
KATHMANDU = ZoneInfo("Asia/Kathmandu")
# Clocks there are set forward at 01:00 UTC on 29 March and back at 01:00 UTC on 25 October 2026.
SPRING = datetime(2026, 3, 29, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 25, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("10 min ago Restarted", 10),
        ("10min ago: Restarted", 10),
        ("2 h ago Restarted", 120),
        ("1 h 20 min ago, Restarted", 80),
        ("1h20m ago Restarted", 80),
        ("1 day 1 hour ago Restarted", 25 * 60),
        ("2 Hours Ago Restarted", 120),
        ("0 min ago Restarted", 0),
    ],
)
def test_a_note_may_say_how_long_ago_it_was(typed: str, minutes: int) -> None:
    note = read_note(typed, NOON)

    assert (note.text, note.happened_at) == ("Restarted", NOON - timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("11:30 Restarted", "2026-11-22 11:30"),
        ("9:05: Restarted", "2026-11-22 09:05"),
        ("12:00, Restarted", "2026-11-22 12:00"),
        ("12:01 Restarted", "2026-11-21 12:01"),
        ("23:59 Restarted", "2026-11-21 23:59"),
        ("11:30pm Restarted", "2026-11-21 23:30"),
        ("12:10 AM Restarted", "2026-11-22 00:10"),
    ],
)
def test_a_time_of_the_day_is_the_last_one_that_was(typed: str, shown: str) -> None:
    note = read_note(typed, NOON)

    assert note.text == "Restarted"
    assert note.happened_at == datetime.fromisoformat(shown).replace(tzinfo=UTC)


def test_a_time_of_the_day_is_meant_in_the_zone_of_who_writes() -> None:
    note = read_note("17:00 Restarted", NOON.astimezone(KATHMANDU))

    assert note.happened_at == datetime(2026, 11, 22, 11, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "typed", "happened_at"),
    [
        # 02:30 is shown twice: the later one if it was already.
        (AUTUMN + timedelta(hours=3), "02:30", AUTUMN + timedelta(hours=1, minutes=30)),
        (AUTUMN + timedelta(hours=1), "02:30", AUTUMN + timedelta(minutes=30)),
        (AUTUMN + timedelta(hours=3), "01:30", AUTUMN - timedelta(minutes=30)),
        (AUTUMN + timedelta(hours=3), "03:30", AUTUMN + timedelta(hours=2, minutes=30)),
        # 02:30 is shown by no clock: one that is not set forward shows it at what is 03:30.
        (SPRING + timedelta(hours=3), "02:30", SPRING + timedelta(hours=1, minutes=30)),
        (SPRING + timedelta(hours=3), "03:30", SPRING + timedelta(hours=1, minutes=30)),
        (SPRING + timedelta(hours=3), "01:30", SPRING + timedelta(minutes=30)),
        # The day before had another offset.
        (SPRING + timedelta(hours=3), "23:30", SPRING - timedelta(hours=1, minutes=30)),
        (AUTUMN + timedelta(hours=3), "23:30", AUTUMN - timedelta(hours=2, minutes=30)),
    ],
)
def test_where_clocks_are_changed_the_last_moment_counts_that_they_may_have_shown(
    now: datetime, typed: str, happened_at: datetime
) -> None:
    note = read_note(f"{typed} Restarted", now.astimezone(STOCKHOLM))

    assert note.happened_at == happened_at


@pytest.mark.parametrize("now", [AUTUMN, SPRING])
def test_how_long_ago_is_counted_in_true_time_where_clocks_are_changed(now: datetime) -> None:
    note = read_note("5 h ago Restarted", (now + timedelta(hours=3)).astimezone(STOCKHOLM))

    assert note.happened_at == now - timedelta(hours=2)


@pytest.mark.parametrize(
    "typed",
    [
        "Restarted at 14:05",
        "25:10 is no time",
        "12:60 is none either",
        "13:00pm is none",
        "14:05h is a word",
        "14:051 is a number",
        "10 minutes after that it went down",
        "ago",
        "50% of 14:05",
        "١٢:٣٠ is not typed so",
    ],
)
def test_what_does_not_begin_with_a_time_happened_just_now(typed: str) -> None:
    note = read_note(typed, NOON)

    assert (note.text, note.happened_at) == (typed, None)


@pytest.mark.parametrize("typed", ["", "  ", "14:05", "14:05 ", "10 min ago", "\u200b"])
def test_a_note_needs_words(typed: str) -> None:
    with pytest.raises(IncidentError, match="What is to be noted"):
        read_note(typed, NOON)


def test_a_note_that_is_too_long_is_refused_with_its_length() -> None:
    assert read_note("x" * NOTE_LIMIT, NOON).text == "x" * NOTE_LIMIT

    with pytest.raises(IncidentError, match="may have 3000 characters; this has 3001"):
        read_note("x" * (NOTE_LIMIT + 1), NOON)


def test_the_number_of_a_time_is_told_from_an_incidents() -> None:
    assert begins_with_a_time("10 min ago Restarted")
    assert begins_with_a_time("14:05 Restarted")
    assert not begins_with_a_time("12 10 min ago Restarted")
    assert not begins_with_a_time("INC-12 14:05 Restarted")


@given(
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    now=st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.timezones()),  # noqa: DTZ001 - Hypothesis adds the zone
)
def test_a_time_of_the_day_was_never_long_ago_nor_is_it_to_come(
    hour: int, minute: int, now: datetime
) -> None:
    note = read_note(f"{hour}:{minute:02} Restarted", now)

    assert note.happened_at is not None
    assert timedelta(0) <= now.astimezone(UTC) - note.happened_at <= timedelta(hours=48)


@pytest.mark.parametrize("typed", ["0:15am Rolled back", "13:15pm Rolled back"])
def test_what_no_clock_shows_is_no_time(typed: str) -> None:
    assert read_note(typed, NOON) == Note(typed)
