"""Names that a team has chosen: found in any case, or guessed when they are mistyped."""

from collections.abc import Iterable
from difflib import get_close_matches


def find_name(text: str, names: Iterable[str]) -> str | None:
    """The one of `names` that `text` is, however its letters are written."""
    wanted = text.strip().casefold()
    return next((name for name in names if name.casefold() == wanted), None)


def nearest_name(text: str, names: Iterable[str]) -> str | None:
    """The one of `names` that was meant, as far as that can be guessed."""
    folded = {name.casefold(): name for name in names}
    match = get_close_matches(text.strip().casefold(), folded, n=1)
    return folded[match[0]] if match else None
