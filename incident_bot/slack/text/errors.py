"""Refusals of what people do in Slack alone: what they typed, pressed or submitted."""

from dataclasses import dataclass
from typing import Final

from incident_bot.domain.errors import IncidentError

FORM_OF_NO_USE: Final = "This form is of no use any more. Cancel it and open a new one."


@dataclass(eq=False)
class NotUnderstood(IncidentError):
    """The bot can make nothing of it: `what` is wrong, and `hint` names the command to type."""

    what: str
    hint: str = ""
    sentence = "{what}"


class OfNoUse(NotUnderstood):
    """What somebody pressed or submitted is not what this bot handed out, or long outdated."""

    def __init__(self) -> None:
        super().__init__(
            "This button is of no use any more.", "`/incident list` shows what is there now."
        )


@dataclass(eq=False)
class WentWrong(IncidentError):
    """A fault, before anything was changed; the log has it under the `reference`."""

    reference: str
    sentence = (
        "Something went wrong and nothing was changed. Please try again; if it goes on, tell "
        "whoever runs the bot this reference: {reference}."
    )


def for_example(arguments: str) -> str:
    """A hint that shows a whole command; `arguments` are what follows `/incident`."""
    return f"Type for example `/incident {arguments}`."
