"""The registry of forms: each registers what its submission does."""

from typing import Final

from incident_bot.slack.payloads import Submission
from incident_bot.slack.registry import Registry
from incident_bot.slack.text.errors import FORM_OF_NO_USE

MODALS: Final = Registry[Submission](FORM_OF_NO_USE)
"""By callback ID."""

submitted: Final = MODALS.register
