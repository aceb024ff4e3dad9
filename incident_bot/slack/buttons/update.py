"""Opens the form that tells progress: "Update"."""

from incident_bot.slack.buttons.action import Action
from incident_bot.slack.messages.announcement import UPDATE
from incident_bot.slack.modals import update
from incident_bot.slack.payloads import Press
from incident_bot.slack.reply import Answer
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenTyped


async def run(press: Press, services: Services) -> Answer:
    seen = await services.seen(SeenTyped, press.value, press.shown_at)
    return await update.opened(seen.incident_id, press, services, seen.typed)


ACTION = Action(UPDATE, run)
