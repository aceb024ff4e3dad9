"""Deletes an incident, after the question: "Delete INC-12"."""

from incident_bot.slack.buttons.action import Action
from incident_bot.slack.messages.deletion import DELETE
from incident_bot.slack.payloads import Press
from incident_bot.slack.reply import Answer, Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenIncident


async def run(press: Press, services: Services) -> Answer:
    seen = await services.seen(SeenIncident, press.value, press.shown_at)
    incident = await services.store.delete(press.request, seen.incident_id)
    return Reply(f"{incident.reference} is deleted.", replaces=True)


ACTION = Action(DELETE, run)
