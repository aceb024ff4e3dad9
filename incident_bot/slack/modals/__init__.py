"""The modals, one file each: how it looks, and what its submission does."""

import sys

from incident_bot.slack.modals.submitted import MODALS
from incident_bot.slack.payloads import Submission
from incident_bot.slack.registry import import_all
from incident_bot.slack.reply import AnyReply
from incident_bot.slack.services import Services

import_all(sys.modules[__name__])


async def dispatch(submission: Submission, services: Services) -> AnyReply:
    """Do what the submitted form is for."""
    return await MODALS.dispatch(submission.callback_id, submission, services)
