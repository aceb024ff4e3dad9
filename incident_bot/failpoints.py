"""Named moments at which tests have the process die, as if the power had failed.

A crash between two steps is what loses or doubles messages elsewhere; to prove that it does not
here, it must be possible to crash exactly there. Nothing is armed unless a test says so.
"""

import os
import signal
from enum import StrEnum


class Failpoint(StrEnum):
    """The moments, in the order in which a change comes by them."""

    BEFORE_COMMIT = "before commit"
    """All of a change is written, nothing of it is durable."""

    AFTER_COMMIT = "after commit"
    """A change is durable; nobody has been told, neither the person nor the channel."""

    AFTER_POST = "after post"
    """Slack has a message or an edit, or another target has it; nobody else knows that it has."""

    BEFORE_MARK = "before mark"
    """That a message was sent is written, not durable."""

    AFTER_MARK = "after mark"
    """That a message was sent is durable."""


class _Fuse:
    """Which moment is the last, and how often it passes before."""

    def __init__(self) -> None:
        self.point: Failpoint | None = None
        self.passes = 0


_fuse = _Fuse()


def arm(point: Failpoint, passes: int) -> None:
    """Die at `point`, after it was passed `passes` times."""
    _fuse.point = point
    _fuse.passes = passes


def reached(point: Failpoint) -> None:
    """Say that this moment has come: the last, if a test has armed it."""
    if point is not _fuse.point:
        return
    if _fuse.passes == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    _fuse.passes -= 1
