"""How people name an incident: `INC-12`, `inc-12` or `12`."""

import re
from typing import Final

PREFIX: Final = "INC-"

# Above it no database here can count; nobody will ever declare as many.
_MOST_DIGITS: Final = 18
_REFERENCE = re.compile(r"(?:inc-?|#)?0*(\d+)", re.IGNORECASE | re.ASCII)


def reference(incident_id: int) -> str:
    """The name that people see and say."""
    return f"{PREFIX}{incident_id}"


def is_explicit(text: str) -> bool:
    """Whether `text` can be nothing else than an incident's name: a mere number might count."""
    return not text.strip().isdigit() and parse_reference(text) is not None


def parse_reference(text: str) -> int | None:
    """The incident ID that `text` names, or None when it names none.

    A number too large to be anybody's is 0, which is nobody's.
    """
    match = _REFERENCE.fullmatch(text.strip())
    if match is None:
        return None
    digits = match.group(1)
    return int(digits) if len(digits) <= _MOST_DIGITS else 0
