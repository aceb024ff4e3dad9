"""Opens the form that declares an incident, from the Home tab: "Declare incident"."""

from incident_bot.slack.actions.action import Action
from incident_bot.slack.answers import Answer, OpenModal
from incident_bot.slack.messages.home import DECLARE
from incident_bot.slack.modals import declare
from incident_bot.slack.payloads import Origin, Press
from incident_bot.slack.services import Services


async def run(_press: Press, services: Services) -> Answer:
    return OpenModal(declare.view(services.severities, services.channel_policy, Origin()))


ACTION = Action(DECLARE, run, is_change=False)
