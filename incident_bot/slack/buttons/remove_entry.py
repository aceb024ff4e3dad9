"""Takes a note or a pinned message out of a timeline; Slack has asked before: "Remove"."""

from incident_bot.slack.buttons.action import Action
from incident_bot.slack.messages.timeline import REMOVE_ENTRY
from incident_bot.slack.payloads import Press
from incident_bot.slack.reply import Answer
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenEntry


async def run(press: Press, services: Services) -> Answer:
    seen = await services.seen(SeenEntry, press.value, press.shown_at)
    incident, _ = await services.timelines.remove(press.request, seen.version)
    return await services.timeline(incident.id, seen.page, press.user_id, "It is removed.")


ACTION = Action(REMOVE_ENTRY, run)
