"""Opens the form that declares an incident, from the Home tab: "Declare incident"."""

from incident_bot.slack.actions.action import Action
from incident_bot.slack.answers import Answer, OpenModal
from incident_bot.slack.messages.home import DECLARE
from incident_bot.slack.modals import declare
from incident_bot.slack.payloads import Origin, Press
from incident_bot.slack.services import Services


async def run(press: Press, services: Services) -> Answer:
    del press
    return OpenModal(declare.view(services.severities, Origin()))


ACTION = Action(DECLARE, run, is_change=False)
