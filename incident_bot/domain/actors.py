"""Who acts: somebody by their Slack user ID, an API token by its name, or the bot by itself."""

from typing import Final

_USER_ID_FIRST: Final = ("U", "W")


def is_user_id(actor: str) -> bool:
    """Whether `actor` is a Slack user ID rather than the name of an API token."""
    return (
        actor.startswith(_USER_ID_FIRST)
        and len(actor) > 1
        and actor.isascii()
        and actor.isalnum()
        and actor.isupper()
    )
