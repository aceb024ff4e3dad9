"""Takes an action item up again that was done: "Reopen"."""

from incident_bot.slack.buttons.action import item_action
from incident_bot.slack.messages.action_items import REOPEN_ITEM
from incident_bot.store.action_items import ActionItems

ACTION = item_action(REOPEN_ITEM, ActionItems.reopen)
