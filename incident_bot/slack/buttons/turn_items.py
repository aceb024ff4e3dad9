"""Turns the pages of an incident's action items: "Previous", "Next"."""

from incident_bot.slack.buttons.action import Action
from incident_bot.slack.messages.action_items import TURN_ITEMS
from incident_bot.slack.payloads import Press
from incident_bot.slack.reply import Answer
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenPage


async def run(press: Press, services: Services) -> Answer:
    seen = await services.seen(SeenPage, press.value, press.shown_at)
    return await services.items(seen.incident_id, seen.page, press.user_id)


ACTIONS = tuple(Action(action_id, run, is_change=False) for action_id in TURN_ITEMS)
