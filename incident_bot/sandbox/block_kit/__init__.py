"""A strict, recursive Block Kit validator: it says what Slack would refuse, in Slack's words.

It reads blocks and never draws them. A kind of block that it cannot check is refused.
"""

from incident_bot.sandbox.block_kit.stored import find_element, with_block_ids
from incident_bot.sandbox.block_kit.surfaces import (
    elements_in,
    elements_of,
    validate_message,
    validate_view,
)

__all__ = [
    "elements_in",
    "elements_of",
    "find_element",
    "validate_message",
    "validate_view",
    "with_block_ids",
]
