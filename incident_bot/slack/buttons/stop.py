"""Says a reminder no more: "Stop"."""

from incident_bot.domain.reference import reference
from incident_bot.slack.buttons.action import Action
from incident_bot.slack.messages.reminder import STOP
from incident_bot.slack.payloads import Press
from incident_bot.slack.reply import Answer, Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenReminder


async def run(press: Press, services: Services) -> Answer:
    seen = await services.seen(SeenReminder, press.value, press.shown_at)
    await services.reminders.stop(press.request, seen.incident_id, seen.kind, seen.owner)
    return Reply(f"There will be no more reminders of this for {reference(seen.incident_id)}.")


ACTION = Action(STOP, run)
