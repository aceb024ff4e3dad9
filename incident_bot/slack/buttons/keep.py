"""Answers the question before deleting with no: "Keep it"."""

from incident_bot.domain.reference import reference
from incident_bot.slack.buttons.action import Action
from incident_bot.slack.messages.deletion import KEEP
from incident_bot.slack.payloads import Press
from incident_bot.slack.reply import Answer, Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenIncident


async def run(press: Press, services: Services) -> Answer:
    seen = await services.seen(SeenIncident, press.value, press.shown_at)
    return Reply(f"{reference(seen.incident_id)} is kept.", replaces=True)


ACTION = Action(KEEP, run, is_change=False)
