"""Turns the pages of a list, and filters it: "Older", "Newer", "Open", "Mine" and so on."""

from incident_bot.slack.buttons.action import Action
from incident_bot.slack.messages.list_page import FILTER, TURN
from incident_bot.slack.payloads import Press
from incident_bot.slack.replies.lists import listed
from incident_bot.slack.reply import Answer
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import ListPage


async def run(press: Press, services: Services) -> Answer:
    return await listed(ListPage.parse(press.value), press.user_id, services)


ACTIONS = tuple(Action(action_id, run, is_change=False) for action_id in (*TURN, *FILTER))
