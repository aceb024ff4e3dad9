"""Opens the form that tells progress: "Update"."""

from incident_bot.slack.actions.action import Action
from incident_bot.slack.answers import Answer, OpenModal
from incident_bot.slack.messages.announcement import UPDATE
from incident_bot.slack.modals import update
from incident_bot.slack.payloads import Press, SeenIncident
from incident_bot.slack.services import Services


async def run(press: Press, services: Services) -> Answer:
    incident = await services.store.get(SeenIncident.parse(press.value).incident_id)
    return OpenModal(update.view(incident, services.severities, press.channel_id))


ACTION = Action(UPDATE, run)
