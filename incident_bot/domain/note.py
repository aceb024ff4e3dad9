"""Notes: what people write into the timeline, and when they say that it happened."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from incident_bot.domain.errors import EmptyNote, TooLong
from incident_bot.domain.text import DESCRIPTION_LIMIT, many_lines
from incident_bot.domain.wall_clock import shown_at, time_of_day

NOTE_LIMIT: Final = DESCRIPTION_LIMIT
EARLIEST: Final = timedelta(days=7)
"""So long before it was declared an incident's timeline may begin."""

_END: Final = r"(?:[,:]?\s+|[,:]?$)"
_CLOCK: Final = re.compile(
    rf"(?P<hour>\d{{1,2}}):(?P<minute>\d\d)(?: ?(?P<half>[ap]m))?{_END}", re.IGNORECASE | re.ASCII
)
_AGO: Final = re.compile(
    r"(?=\d)(?:(?P<days>\d{1,3}) ?d(?:ays?)?\s*)?"
    r"(?:(?P<hours>\d{1,4}) ?h(?:rs?|ours?)?\s*)?"
    r"(?:(?P<minutes>\d{1,5}) ?m(?:ins?|inutes?)?\s*)?"
    rf"\bago{_END}",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True)
class Note:
    """What happened; `happened_at` is None for just now."""

    text: str
    happened_at: datetime | None = None


@dataclass(frozen=True)
class PinnedMessage:
    """A message of Slack's that belongs into a timeline; `author` is a user ID or a name."""

    channel_id: str
    message_ts: str
    author: str
    text: str
    posted_at: datetime
    permalink: str | None


def read_note(typed: str, now: datetime) -> Note:
    """What was typed, with the time at its beginning if there is one.

    `now` is in the writer's own time zone, which a time of the day is meant in. Raises
    EmptyNote when no words are left, TooLong when there are too many.
    """
    happened_at, rest = _dated(typed, now)
    text = many_lines(rest)
    if not text:
        raise EmptyNote
    if len(text) > NOTE_LIMIT:
        raise TooLong("A note", NOTE_LIMIT, len(text))
    return Note(text, happened_at)


def begins_with_a_time(typed: str) -> bool:
    return _CLOCK.match(typed) is not None or _AGO.match(typed) is not None


def _dated(typed: str, now: datetime) -> tuple[datetime | None, str]:
    """The time that `typed` begins with, and what follows it."""
    if match := _AGO.match(typed):
        parts = {name: int(number) for name, number in match.groupdict(default="0").items()}
        return now.astimezone(UTC) - timedelta(**parts), typed[match.end() :]
    match = _CLOCK.match(typed)
    shown = time_of_day(match) if match else None
    if match is None or shown is None:
        return None, typed
    days = (now.date(), now.date() - timedelta(days=1))
    moments = (moment for day in days for moment in shown_at(day, shown, now.tzinfo))
    return max(moment for moment in moments if moment <= now), typed[match.end() :]
