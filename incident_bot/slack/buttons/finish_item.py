"""Notes that an action item is done, by whoever presses it: "Done"."""

from incident_bot.slack.buttons.action import item_action
from incident_bot.slack.messages.action_items import FINISH_ITEM
from incident_bot.store.action_items import ActionItems

ACTION = item_action(FINISH_ITEM, ActionItems.finish)
