"""Takes back what somebody did a moment ago: "Undo"."""

from incident_bot.slack.buttons.action import Action
from incident_bot.slack.messages.notification import UNDO
from incident_bot.slack.payloads import Press
from incident_bot.slack.reply import Answer, Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenDeed


async def run(press: Press, services: Services) -> Answer:
    seen = await services.seen(SeenDeed, press.value, press.shown_at)
    incident = await services.undoing.undo(press.request, seen.incident_id, seen.entry_id)
    said = f"It is undone, and what was posted says so: {incident.reference} is {incident.status}."
    return Reply(services.told(said, incident))


ACTION = Action(UNDO, run)
