"""When something is due, as people type it at the end of their words."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from incident_bot.domain.wall_clock import shown_at, time_of_day

END_OF_WORK: Final = time(17)
"""When a day ends on which something is due, unless a time is given."""

_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS: Final = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
_MONTH: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
# 14:00, 2:30pm or 2 pm; a mere number is no time.
_CLOCK: Final = (
    r"(?=\d{1,2}(?::| ?[ap]m))(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?(?: ?(?P<half>[ap]m))?"
)
# Far more characters than anybody needs to say when.
_LONGEST: Final = 200
_CLOSING: Final = {None: None, "(": ")", "[": "]"}

# Words before it that make it part of a sentence, such as in "since Friday" or "Black Friday".
_GOES_WITH_IT: Final = frozenset(
    {
        *("about", "after", "around", "at", "before", "between", "during", "for", "from", "in"),
        *("of", "on", "per", "since", "than", "till", "to", "until", "with", "and", "or"),
        *("a", "an", "any", "each", "every", "last", "next", "past", "that", "the", "this"),
        *("black", "cyber", "easter", "good", "super"),
    }
)
_LAST_WORD: Final = re.compile(r"\w+\Z")
_ENDS_WITH_TIME: Final = re.compile(r"\d(?::\d\d|(?::\d\d)? ?[ap]m)\Z", re.IGNORECASE | re.ASCII)
# Those that are other words, too, such as in "where the cat sat".
_AMBIGUOUS: Final = frozenset({"mon", "wed", "sat", "sun"})


@dataclass(frozen=True)
class _Form:
    """A way to say when; `moments` are those that may be meant, earliest first.

    None of them: no calendar or clock has it. What `needs_lead` could be meant otherwise, too.
    """

    pattern: re.Pattern[str]
    moments: Callable[[re.Match[str], datetime], Iterable[datetime]]
    needs_lead: bool = False

    def found_in(self, words: str) -> re.Match[str] | None:
        """Where it is said at the end of `words`, unless that is part of a sentence."""
        match = self.pattern.search(words)
        if match is None or _CLOSING[match["open"]] != match["close"]:
            return None
        if match["open"] or match["lead"]:
            return match
        is_mistakable = self.needs_lead or _is_ambiguous(match)
        return None if is_mistakable or _goes_on(words[: match.start()]) else match


def find_due(words: str, now: datetime) -> tuple[str, datetime | None]:
    """The words before it, and the moment, in UTC; all words and None when none is at their end.

    `words` are one line; `now` is in the writer's own time zone, in which days and times are meant.
    Of several moments that may be meant it is the first that is still to come.
    """
    # A mention may have 40,000 characters, through which each form would be looked for.
    before = max(len(words) - _LONGEST, 0)
    end = words[before:]
    for form in _FORMS:
        match = form.found_in(end)
        moments = tuple(form.moments(match, now)) if match else ()
        if match and moments:
            due_at = next((moment for moment in moments if moment > now), moments[-1])
            return words[: before + match.start()].rstrip(), due_at
    return words, None


def _goes_on(before: str) -> bool:
    """Whether the words before a day make one sentence with it."""
    last = _LAST_WORD.search(before)
    is_with_it = last is not None and last[0].casefold() in _GOES_WITH_IT
    return is_with_it or _ENDS_WITH_TIME.search(before) is not None


def _is_ambiguous(match: re.Match[str]) -> bool:
    parts = match.groupdict()
    return (parts.get("weekday") or "").casefold() in _AMBIGUOUS and parts["hour"] is None


def _on_a_day(
    days: Callable[[re.Match[str], date], Iterable[date]],
) -> Callable[[re.Match[str], datetime], Iterator[datetime]]:
    """The moments of `days`, which are told from what was typed and from today."""

    def moments(match: re.Match[str], now: datetime) -> Iterator[datetime]:
        shown = END_OF_WORK if match["hour"] is None else time_of_day(match)
        if shown is not None:
            for day in days(match, now.date()):
                # Where clocks are set back, nobody is late the first time that it is shown.
                yield max(shown_at(day, shown, now.tzinfo))

    return moments


def _near(match: re.Match[str], today: date) -> Iterator[date]:
    yield today + timedelta(days=match["word"].casefold() == "tomorrow")


def _weekday(match: re.Match[str], today: date) -> Iterator[date]:
    wanted = _WEEKDAYS.index(match["weekday"][:3].casefold())
    first = today + timedelta(days=(wanted - today.weekday()) % 7)
    yield first
    yield first + timedelta(weeks=1)


def _some_days_on(match: re.Match[str], today: date) -> Iterator[date]:
    days = 7 if match["unit"].casefold().startswith("w") else 1
    yield today + timedelta(days=_number(match) * days)


def _date(match: re.Match[str], _today: date) -> Iterator[date]:
    with suppress(ValueError):
        yield date(int(match["year"]), int(match["month"]), int(match["day"]))


def _day_of_month(match: re.Match[str], today: date) -> Iterator[date]:
    """Without a year it is the next one, be it today: a year from now is hardly meant."""
    month = _MONTHS.index(match["month"][:3].casefold()) + 1
    years = (today.year, today.year + 1) if match["year"] is None else (int(match["year"]),)
    for year in years:
        with suppress(ValueError):
            day = date(year, month, int(match["day"]))
            if match["year"] is not None or day >= today:
                yield day
                return


def _some_time_on(match: re.Match[str], now: datetime) -> Iterator[datetime]:
    """Counted in true time, whatever is done to clocks."""
    minutes = 60 if match["unit"].casefold().startswith("h") else 1
    yield now.astimezone(UTC) + timedelta(minutes=_number(match) * minutes)


def _time(match: re.Match[str], now: datetime) -> Iterator[datetime]:
    shown = time_of_day(match)
    if shown is not None:
        for day in (now.date(), now.date() + timedelta(days=1)):
            yield max(shown_at(day, shown, now.tzinfo))


def _number(match: re.Match[str]) -> int:
    return int(match["number"]) if match["number"].isdecimal() else 1


def _at_the_end(when: str) -> re.Pattern[str]:
    """In brackets, or after "by" or "due", or without either; perhaps with a full stop."""
    return re.compile(
        r"(?:^|,? (?:[–—-] )?)(?P<open>[(\[])?(?P<lead>(?:due(?: by| on)?|by):? )?"  # noqa: RUF001 - dashes
        rf"(?:{when})(?P<close>[)\]])?[.!]?\Z",
        re.IGNORECASE | re.ASCII,
    )


def _day_forms(
    when: str, days: Callable[[re.Match[str], date], Iterable[date]]
) -> tuple[_Form, _Form]:
    """The time may come after the day or, if it is plain that it belongs to it, before."""
    moments = _on_a_day(days)
    return (
        _Form(_at_the_end(rf"{when}(?:,? (?:at )?{_CLOCK})?"), moments),
        _Form(_at_the_end(rf"(?:at )?{_CLOCK},? (?:on )?{when}"), moments, needs_lead=True),
    )


_FORMS: Final = (
    *_day_forms(r"(?P<word>today|tomorrow)", _near),
    *_day_forms(
        r"(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs?(?:day)?)?|fri(?:day)?"
        r"|sat(?:urday)?|sun(?:day)?)",
        _weekday,
    ),
    *_day_forms(r"in (?P<number>\d{1,3}|a) ?(?P<unit>days?|weeks?)", _some_days_on),
    *_day_forms(r"(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)", _date),
    *_day_forms(rf"(?P<day>\d{{1,2}})\.? {_MONTH}\.?(?:,? (?P<year>20\d\d))?", _day_of_month),
    *_day_forms(rf"{_MONTH}\.? (?P<day>\d{{1,2}})(?:,? (?P<year>20\d\d))?", _day_of_month),
    _Form(_at_the_end(r"in (?P<number>\d{1,3}|an?) ?(?P<unit>h(?:rs?|ours?)?)"), _some_time_on),
    _Form(
        _at_the_end(r"in (?P<number>\d{1,4}|a) ?(?P<unit>min(?:ute)?s?)"),
        _some_time_on,
        needs_lead=True,
    ),
    _Form(_at_the_end(rf"(?:at )?{_CLOCK}"), _time, needs_lead=True),
)
