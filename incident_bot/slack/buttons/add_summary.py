"""Opens the form for the summary, for whoever resolved the incident: "Add summary"."""

from incident_bot.slack.buttons.action import Action
from incident_bot.slack.messages.notification import ADD_SUMMARY
from incident_bot.slack.modals import add_summary
from incident_bot.slack.payloads import Press
from incident_bot.slack.reply import Answer, OpenModal
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenIncident


async def run(press: Press, services: Services) -> Answer:
    seen = await services.seen(SeenIncident, press.value, press.shown_at)
    incident = await services.store.to_sum_up(seen.incident_id, press.user_id)
    return OpenModal(add_summary.view(incident, press.channel_id))


ACTION = Action(ADD_SUMMARY, run)
