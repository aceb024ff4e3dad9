"""Opens the form that corrects what an incident says: "Edit INC-12"."""

from incident_bot.slack.buttons.action import Action
from incident_bot.slack.messages.offer import EDIT
from incident_bot.slack.modals import edit
from incident_bot.slack.payloads import Press
from incident_bot.slack.reply import Answer
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenIncident


async def run(press: Press, services: Services) -> Answer:
    seen = await services.seen(SeenIncident, press.value, press.shown_at)
    return await edit.opened(seen.incident_id, press, services)


ACTION = Action(EDIT, run)
