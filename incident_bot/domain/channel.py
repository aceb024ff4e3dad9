"""Channels in which single incidents are worked on: when there is one, and its name."""

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from itertools import count
from typing import Final

from incident_bot.domain.incident import Incident

_NAME_LIMIT: Final = 80  # Slack, conversations.create
_NO_LETTER: Final = re.compile("[^a-z0-9]+")


class ChannelPolicy(StrEnum):
    """Whether incidents get channels of their own; the values are those of the setting."""

    ASK = "ask"
    ALWAYS = "always"
    NEVER = "never"


def channel_names(incident: Incident) -> Iterator[str]:
    """Names for its channel, best first: when one is taken, the next will do.

    Letters and digits without accents, and hyphens, which Slack always takes. What is private is
    not told by a name either: Slack shows names to administrators.
    """
    words = "private" if incident.is_private else _slug(incident.title)
    stem = f"{incident.reference.lower()}-{words}"
    for number in count(1):
        suffix = "" if number == 1 else f"-{number}"
        yield f"{stem[: _NAME_LIMIT - len(suffix)].rstrip('-')}{suffix}"


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return _NO_LETTER.sub("-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")
