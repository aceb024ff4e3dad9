"""The buttons, by subject; each registers itself."""

import sys

from incident_bot.slack.buttons.button import BUTTONS
from incident_bot.slack.payloads import Press
from incident_bot.slack.registry import import_all
from incident_bot.slack.reply import AnyReply
from incident_bot.slack.services import Services

import_all(sys.modules[__name__])


async def dispatch(press: Press, services: Services) -> AnyReply:
    """Do what the pressed button is for."""
    return await BUTTONS.dispatch(press.action_id, press, services)
