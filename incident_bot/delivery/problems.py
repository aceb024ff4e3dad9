"""What keeps messages from going out and needs a person, by what it concerns."""

from collections.abc import Mapping
from enum import Enum
from typing import Final


class Everywhere(Enum):
    """What a problem concerns that is no channel's; the values are how it is shown.

    None of them equals a channel's name, whatever that is.
    """

    SLACK = "slack"
    EVENT_LOG = "event log"
    NEW_CHANNELS = "new channels"
    """The making of incidents' channels, whichever incident it is: all may read it."""
    OUTBOX = "outbox"
    CLOCK = "clock"


Concern = str | Everywhere
"""One channel, by ID or name, or something that affects more than one."""
Problems = dict[Concern, str]

SLACK: Final = Everywhere.SLACK
NEW_CHANNELS: Final = Everywhere.NEW_CHANNELS
EVENT_LOG: Final = Everywhere.EVENT_LOG
OUTBOX: Final = Everywhere.OUTBOX
CLOCK: Final = Everywhere.CLOCK

_SHOWN: Final = frozenset(one.value for one in Everywhere)


def shown(problems: Mapping[Concern, str]) -> dict[str, str]:
    """The problems by names that all may read."""
    return {name_of(concern): reason for concern, reason in problems.items()}


def name_of(concern: Concern) -> str:
    """Name a channel, with `#` in front where its name alone would be ambiguous."""
    if isinstance(concern, Everywhere):
        return concern.value
    return f"#{concern}" if concern in _SHOWN else concern
