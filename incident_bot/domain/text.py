"""What people typed, made safe to store: one place normalises, none other does."""

import re
import string
import unicodedata
from typing import Annotated, Final

from pydantic import BeforeValidator, StringConstraints

TITLE_LIMIT: Final = 200
DESCRIPTION_LIMIT: Final = 3000
REPORTER_LIMIT: Final = 100

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_TURN_OR_HIDE = "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
_BIDI_OR_INVISIBLE = re.compile(f"[{_TURN_OR_HIDE}]")
UNSEEN: Final = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff{_TURN_OR_HIDE}]")
"""Characters that nobody sees: control characters, line ends, direction marks."""

_SPACES = re.compile(r"\s+")
# Lines and tabs stay; half a surrogate pair is no character.
_DROPPED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# They are part of emoji and letters, so they stay; alone they show nothing.
_SHOW_NOTHING = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u200c\u200d\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0000-\U000e0fff]"
)
# Before everything else they join nothing.
_JOIN_NOTHING = "\u034f\u200c\u200d\ufe0e\ufe0f" + string.whitespace + "\u00a0"


def one_line(text: str) -> str:
    """Fold `text` into one line: NFC, no direction marks, control characters as single spaces."""
    return _SPACES.sub(" ", many_lines(_CONTROL.sub(" ", text))).strip()


def many_lines(text: str) -> str:
    """Clean `text` but keep its lines: NFC, no control or direction marks, ends stripped.

    Text that would show nothing at all comes back empty.
    """
    text = _LINE_ENDS.sub("\n", text)
    text = _BIDI_OR_INVISIBLE.sub("", text)
    text = _DROPPED.sub("", text)
    text = unicodedata.normalize("NFC", text.lstrip(_JOIN_NOTHING)).strip()
    return text if _SHOW_NOTHING.sub("", text).strip() else ""


def _clean_line(value: object) -> object:
    return one_line(value) if isinstance(value, str) else value


def _clean_lines(value: object) -> object:
    return many_lines(value) if isinstance(value, str) else value


Line = Annotated[str, BeforeValidator(_clean_line)]
"""A name from elsewhere, on one line; it may be empty."""

Title = Annotated[
    str, BeforeValidator(_clean_line), StringConstraints(min_length=1, max_length=TITLE_LIMIT)
]
Description = Annotated[
    str,
    BeforeValidator(_clean_lines),
    StringConstraints(min_length=1, max_length=DESCRIPTION_LIMIT),
]
Reporter = Annotated[
    str, BeforeValidator(_clean_line), StringConstraints(min_length=1, max_length=REPORTER_LIMIT)
]
