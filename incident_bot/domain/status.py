"""The life cycle of an incident: its statuses and which may follow which.

The drawing in docs/architecture.md shows `TRANSITIONS`; a test keeps the two together.
"""

from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """The place of an incident in its life cycle; the values are what people see."""

    OPEN = "Open"
    IN_PROGRESS = "In Progress"
    RESOLVED = "Resolved"

    @property
    def is_resolved(self) -> bool:
        return self is Status.RESOLVED

    @property
    def followers(self) -> tuple["Status", ...]:
        """The statuses that people may move to from this one, in the order of the life cycle."""
        return tuple(after for after in Status if (self, after) in TRANSITIONS)

    @classmethod
    def parse(cls, text: str) -> "Status | None":
        """The status that `text` names in any case, with or without spaces; else None."""
        wanted = _squeeze(text)
        return next((status for status in cls if _squeeze(status) == wanted), None)


UNRESOLVED: Final = frozenset(status for status in Status if not status.is_resolved)
"""The statuses of what goes on."""


class Step(StrEnum):
    """What people do to move an incident along; the values are the verbs that they see."""

    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"
    REOPEN = "reopen"

    @property
    def status(self) -> Status:
        """Where the step leads."""
        return Status.RESOLVED if self is Step.RESOLVE else Status.IN_PROGRESS


TRANSITIONS: Final = {
    (Status.OPEN, Status.IN_PROGRESS): Step.ACKNOWLEDGE,
    (Status.OPEN, Status.RESOLVED): Step.RESOLVE,
    (Status.IN_PROGRESS, Status.RESOLVED): Step.RESOLVE,
    (Status.RESOLVED, Status.IN_PROGRESS): Step.REOPEN,
}


def _squeeze(text: str) -> str:
    return "".join(text.split()).replace("-", "").replace("_", "").casefold()
