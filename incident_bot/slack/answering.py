"""What is done for people ends in an answer: a refusal in words, or a fault with a reference."""

import secrets
from collections.abc import Awaitable
from typing import Protocol

import structlog

from incident_bot.domain.errors import IncidentError, NotAllowed, RepeatedRequest
from incident_bot.slack.answers import Answer, Nothing
from incident_bot.slack.conversations import Conversation

log = structlog.get_logger(__name__)


class Asked(Protocol):
    """Something that a person did; `action` is what, for the log."""

    @property
    def user_id(self) -> str: ...

    @property
    def action(self) -> str: ...


async def audited(asked: Asked, work: Awaitable[Answer]) -> Answer:
    """A change that somebody is not allowed is refused to them, and in the log."""
    try:
        return await work
    except NotAllowed as error:
        log.warning(
            "a change was refused",
            user_id=asked.user_id,
            action=asked.action,
            reason=str(error),
        )
        raise


async def safely(conversation: Conversation, work: Awaitable[Answer]) -> Answer:
    """Always an answer: a refusal in words; a fault with a reference that the log has too."""
    try:
        return await work
    except RepeatedRequest:
        return Nothing()
    except IncidentError as error:
        return conversation.refusal(error)
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("a fault", reference=reference)
        return conversation.refusal(
            IncidentError(
                "Something went wrong and nothing was changed. Please try again; if it goes on, "
                f"tell whoever runs the bot this reference: {reference}."
            )
        )
