"""What Slack's clock shows, by the dates of its answers, and how far the bot's is from it."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from types import SimpleNamespace
from typing import Final

import aiohttp
import structlog

# Slack refuses nothing, and the bot refuses requests of Slack's that look older than five minutes.
_WORTH_A_WARNING: Final = timedelta(minutes=1)

log = structlog.get_logger(__name__)


class SlackTime:
    """Knows Slack's time by its latest answer, whatever becomes of the bot's clock since."""

    def __init__(
        self, clock: Callable[[], datetime], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._ahead = timedelta()
        self._said: tuple[datetime, float] | None = None

    def now(self) -> datetime:
        """What Slack's clock shows now; before its first answer, what the bot's shows."""
        if self._said is None:
            return self._clock()
        said, at = self._said
        return said + timedelta(seconds=self._monotonic() - at)

    def note(self, date: str | None) -> None:
        """Learn from an answer that has just come; `date` is its `Date` header."""
        try:
            said = parsedate_to_datetime(date or "")
            ahead = self._clock() - said
        except (ValueError, TypeError):  # no date, or one without a time zone
            return
        self._said = (said, self._monotonic())
        was_wrong = self.problem() is not None
        self._ahead = ahead
        if (problem := self.problem()) is not None and not was_wrong:
            log.warning("the clock is wrong", problem=problem)
        elif problem is None and was_wrong:
            log.info("the clock is right again")

    def problem(self) -> str | None:
        """What is wrong with the bot's clock; None when it is within a minute of Slack's."""
        if abs(self._ahead) < _WORTH_A_WARNING:
            return None
        minutes = round(abs(self._ahead) / timedelta(minutes=1))
        direction = "ahead of" if self._ahead > timedelta() else "behind"
        return f"this machine's clock is {minutes} min {direction} Slack's: set it, best by NTP"

    def watching(self) -> aiohttp.TraceConfig:
        """For a session: `note` the date of each answer that it gets."""
        trace = aiohttp.TraceConfig()

        async def ended(
            _session: aiohttp.ClientSession,
            _context: SimpleNamespace,
            params: aiohttp.TraceRequestEndParams,
        ) -> None:
            self.note(params.response.headers.get("Date"))

        trace.on_request_end.append(ended)
        return trace
