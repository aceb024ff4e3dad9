"""What a shortcut is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from incident_bot.slack.payloads import ChosenShortcut
from incident_bot.slack.reply import Answer
from incident_bot.slack.services import Services


@dataclass(frozen=True)
class Shortcut:
    """One row of the table; the manifest has the same, with the words that people see."""

    callback_id: str
    run: Callable[[ChosenShortcut, Services], Awaitable[Answer]]
    is_on_message: bool = False
