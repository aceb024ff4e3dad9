"""Turns the pages of the Home tab, and filters it: "Older", "Newer", "Open", "Mine" and so on."""

from incident_bot.slack.actions.action import Action
from incident_bot.slack.answers import Answer, ShowHome
from incident_bot.slack.messages.home import FILTERS, TURN
from incident_bot.slack.payloads import Press
from incident_bot.slack.services import Services
from incident_bot.slack.tokens import ListPage


async def run(press: Press, _services: Services) -> Answer:
    return ShowHome(ListPage.parse(press.value))


ACTIONS = tuple(Action(action_id, run, is_change=False) for action_id in (*TURN, *FILTERS))
