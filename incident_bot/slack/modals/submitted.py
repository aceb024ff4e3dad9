"""The registry of forms: each registers what its submission does."""

from typing import Final

from incident_bot.slack.payloads import Submission
from incident_bot.slack.registry import Registry

MODALS: Final = Registry[Submission](
    "This form is of no use any more. Cancel it and open a new one."
)
"""By callback ID."""

submitted: Final = MODALS.register
