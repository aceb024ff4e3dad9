"""What a newer version of the bot has stored and this one does not know.

Two versions share a database while one replaces the other, and an older one is started again when
the newer is taken back.
"""

from enum import StrEnum
from typing import TypeVar

K = TypeVar("K", bound=StrEnum)


def known(words: type[K], stored: str) -> K | str:
    """The member of `words` that was stored, or the word as it is if only others know it."""
    try:
        return words(stored)
    except ValueError:
        return stored
