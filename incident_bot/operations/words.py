"""What the commands of `incident-bot outbox` say."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from incident_bot.domain.reference import reference
from incident_bot.domain.text import one_line
from incident_bot.store.outbox.operations import Operation
from incident_bot.store.outbox.undelivered import Message, Refusal

NOTHING_WAITS: Final = "Nothing waits to be sent, and nothing has failed."
NOTHING_KEPT: Final = "The outbox is empty."
NOTHING_SO_OLD: Final = "Nothing that waits or has failed is so old."

_HEAD: Final = ("ID", "INCIDENT", "WHAT", "DESTINATION", "STATE", "TRIES", "AGE", "REASON")
_GAP: Final = "  "
_MOST_NAMED: Final = 20
_UNITS: Final = (("d", 86400), ("h", 3600), ("m", 60), ("s", 1))
_WITH_ARTICLE: Final[dict[str, str]] = {
    Operation.ANNOUNCEMENT: "an announcement",
    Operation.NOTIFICATION: "a notification",
    Operation.DIRECT: "a direct message",
}
_WHY_LEFT: Final = {
    None: "is no message's ID",
    "sending": "is being sent right now",
    "sent": "was sent already",
    "discarded": "was discarded already",
}


def table(messages: Sequence[Message], now: datetime) -> str:
    """A line a message, in columns; the reason last, as long as it is."""
    lines = [_HEAD, *(_cells(message, now) for message in messages)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        _GAP.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _cells(message: Message, now: datetime) -> tuple[str, ...]:
    return (
        str(message.id),
        reference(message.incident_id),
        _what(message),
        one_line(message.destination),
        message.state,
        str(message.attempts),
        _age(now - message.created_at),
        one_line(message.reason or ""),
    )


def _what(message: Message) -> str:
    what = (
        f"edit of {_WITH_ARTICLE[message.operation]}" if message.is_edit else str(message.operation)
    )
    return what if message.entry_kind is None else f"{what}: {message.entry_kind}"


def _age(age: timedelta) -> str:
    seconds = max(int(age.total_seconds()), 0)
    return next(f"{seconds // size}{unit}" for unit, size in _UNITS if seconds >= size or size == 1)


def retried(ids: Sequence[int]) -> str:
    return f"Due now: {_named(ids)}."


def discarded(ids: Sequence[int]) -> str:
    return f"Discarded: {_named(ids)}."


def question(count: int) -> str:
    what = "this message? It" if count == 1 else f"these {count} messages? They"
    return f"Discard {what} will never be sent."


def left(refusal: Refusal) -> str:
    """Why a message was left as it is."""
    return f"{refusal.id} {_WHY_LEFT.get(refusal.state, 'cannot be changed now')}."


def _named(ids: Sequence[int]) -> str:
    if len(ids) > _MOST_NAMED:
        return f"{len(ids)} messages"
    return ", ".join(map(str, ids))
