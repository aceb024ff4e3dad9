"""The shortcuts, one file each, and the table that dispatches them."""

from typing import Final

from incident_bot.domain.errors import IncidentError
from incident_bot.slack.payloads import ChosenShortcut
from incident_bot.slack.reply import Answer
from incident_bot.slack.services import Services
from incident_bot.slack.shortcuts import declare, declare_from_message
from incident_bot.slack.shortcuts.shortcut import Shortcut

SHORTCUTS: Final[dict[str, Shortcut]] = {
    shortcut.callback_id: shortcut for shortcut in (declare.SHORTCUT, declare_from_message.SHORTCUT)
}


async def dispatch(chosen: ChosenShortcut, services: Services) -> Answer:
    """Do what the chosen shortcut is for."""
    shortcut = SHORTCUTS.get(chosen.callback_id)
    if shortcut is None:
        raise IncidentError("This shortcut is of no use any more. Type `/incident new` instead.")
    return await shortcut.run(chosen, services)
