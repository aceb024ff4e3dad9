"""Whether a change was committed: what fails afterwards must not be told as if nothing was done."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Commits:
    """What happened while it was watched."""

    has_any: bool = False


_watched: ContextVar[Commits | None] = ContextVar("_watched", default=None)


@contextlib.contextmanager
def watched() -> Iterator[Commits]:
    """Watch what the current task commits."""
    commits = Commits()
    token = _watched.set(commits)
    try:
        yield commits
    finally:
        _watched.reset(token)


def note() -> None:
    """Tell whoever watches that something is committed."""
    commits = _watched.get()
    if commits is not None:
        commits.has_any = True
