"""Who acts: somebody by their Slack user ID, an API token by its name, or the bot by itself."""

from dataclasses import dataclass
from typing import Final

BOT: Final = "Incident Bot"
"""The actor of what the bot does without being asked; no API token may have this name."""

_USER_ID_FIRST: Final = ("U", "W")


@dataclass(frozen=True)
class Viewer:
    """Who looks: of private incidents only their people see anything, and who `sees_private`."""

    actor: str
    sees_private: bool = False


EVERYTHING: Final = Viewer(BOT, sees_private=True)
"""For what the bot does by itself."""


def is_user_id(actor: str) -> bool:
    """Whether `actor` is a Slack user ID rather than the name of an API token."""
    return (
        actor.startswith(_USER_ID_FIRST)
        and len(actor) > 1
        and actor.isascii()
        and actor.isalnum()
        and actor.isupper()
    )
