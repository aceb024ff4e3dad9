"""The registry of shortcuts; the manifest has the same, with the words that people see."""

from typing import Final

from incident_bot.slack.payloads import ChosenShortcut
from incident_bot.slack.registry import Registry

SHORTCUTS: Final = Registry[ChosenShortcut](
    "This shortcut is of no use any more.", "Type `/incident new` instead."
)
"""By callback ID."""

shortcut: Final = SHORTCUTS.register
