"""The shortcuts, one file each; each registers itself."""

import sys

from incident_bot.slack.payloads import ChosenShortcut
from incident_bot.slack.registry import import_all
from incident_bot.slack.reply import AnyReply
from incident_bot.slack.services import Services
from incident_bot.slack.shortcuts.shortcut import SHORTCUTS

import_all(sys.modules[__name__])


async def dispatch(chosen: ChosenShortcut, services: Services) -> AnyReply:
    """Do what the chosen shortcut is for."""
    return await SHORTCUTS.dispatch(chosen.callback_id, chosen, services)
