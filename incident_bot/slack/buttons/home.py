"""Turns the pages of the Home tab, and filters it: "Older", "Newer", "Open", "Mine" and so on."""

from incident_bot.slack.buttons.action import Action
from incident_bot.slack.messages.home import FILTERS, TURN
from incident_bot.slack.payloads import Press
from incident_bot.slack.reply import Answer, ShowHome
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import ListPage


async def run(press: Press, _services: Services) -> Answer:
    return ShowHome(ListPage.parse(press.value))


ACTIONS = tuple(Action(action_id, run, is_change=False) for action_id in (*TURN, *FILTERS))
