"""Identifiers and message timestamps: never given twice, not even after a restart."""

from decimal import Decimal, InvalidOperation

from incident_bot.sandbox.clock import Clock

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_TICK = 100  # microseconds between two messages of the same instant


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, len(_DIGITS))
        digits = _DIGITS[rest] + digits
    return digits or "0"


def to_micros(ts: str) -> int | None:
    """Reads `1763820000.000100`, `1763820000` or `0`; None for anything else."""
    try:
        return int(Decimal(ts) * 1_000_000)
    except (InvalidOperation, ValueError, OverflowError):
        return None


def to_ts(micros: int) -> str:
    return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"


class Ids:
    """Counts on from the time of its start.

    The bot remembers trigger and view identifiers in its own database, which may outlive this
    process: a counter that begins at one would hand it an identifier that it has seen.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._next = int(clock.now() * 1_000_000)
        self._last_ts = 0

    def new(self, prefix: str) -> str:
        self._next += 1
        return f"{prefix}{_base36(self._next)}"

    def message_ts(self) -> str:
        """Strictly increasing, and as text in the order of time."""
        now = int(self._clock.now() * 1_000_000)
        self._last_ts = max(now, self._last_ts + _TICK)
        return to_ts(self._last_ts)

    def go_on_after(self, ts: str) -> None:
        """Keeps what is stored older than what comes, when the clock has stepped back."""
        self._last_ts = max(self._last_ts, to_micros(ts) or 0)
