"""What is done for people ends in a reply: a refusal in words, or a fault with a reference."""

import secrets
from collections.abc import Awaitable
from typing import Final, Protocol

import structlog

from incident_bot.domain.errors import IncidentError, NotAllowed, RepeatedRequest
from incident_bot.slack.replies.conversations import Conversation
from incident_bot.slack.reply import AnyReply, Nothing, Reply
from incident_bot.slack.text.errors import WentWrong
from incident_bot.store.engine import commits

log = structlog.get_logger(__name__)


class Asked(Protocol):
    """Something that a person did; `action` is what, for the log."""

    @property
    def user_id(self) -> str: ...

    @property
    def action(self) -> str: ...


async def audited(asked: Asked, work: Awaitable[AnyReply]) -> AnyReply:
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


async def safely(conversation: Conversation, work: Awaitable[AnyReply]) -> AnyReply:
    """Always a reply: a refusal in words; a fault with a reference that the log has too.

    What fails once the change is committed is not told as a refusal: the change stays.
    """
    with commits.watched() as committed:
        try:
            return await work
        except RepeatedRequest:
            return Nothing()
        except IncidentError as error:
            if not committed.has_any:
                return conversation.refusal(error)
            log.warning("what was done could not be shown", reason=str(error))
            return Reply(_DONE)
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("a fault", reference=reference)
            if committed.has_any:
                return Reply(f"{_DONE} {_TELL} {reference}.")
            return conversation.refusal(WentWrong(reference))


_DONE: Final = (
    "It's done, but I couldn't show you the result. `/incident list all` shows how things are now."
)
_TELL: Final = "If it goes on, tell whoever runs the bot this reference:"
