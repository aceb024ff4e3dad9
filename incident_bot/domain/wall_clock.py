"""Times of the day: as people type them, and when clocks in their time zone show them."""

import re
from datetime import UTC, date, datetime, time, tzinfo
from typing import Final

_NOON: Final = 12


def time_of_day(match: re.Match[str]) -> time | None:
    """What the groups `hour`, `minute` and `half` (am, pm) say.

    None when no clock shows it, such as 25:10. Minutes that are not given are none.
    """
    hour, minute, half = int(match["hour"]), int(match["minute"] or 0), match["half"]
    if half is not None:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if half.lower() == "pm" else 0)
    try:
        return time(hour, minute)
    except ValueError:
        return None


def shown_at(day: date, shown: time, zone: tzinfo | None) -> tuple[datetime, datetime]:
    """The moments, in UTC, at which a clock in `zone` shows this on that day: mostly one, twice.

    Where clocks are set back there are two of them. Where they are set forward there is none:
    then those count that clocks would show which were set already, or not yet.
    """
    first, second = (
        datetime.combine(day, shown.replace(fold=fold), zone).astimezone(UTC) for fold in (0, 1)
    )
    return first, second
