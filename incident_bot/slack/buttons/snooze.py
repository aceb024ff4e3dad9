"""Says a reminder later: "Snooze"."""

from incident_bot.slack.buttons.action import Action
from incident_bot.slack.messages.reminder import SNOOZE
from incident_bot.slack.payloads import Press
from incident_bot.slack.reply import Answer, Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenReminder
from incident_bot.slack.text.mrkdwn import moment


async def run(press: Press, services: Services) -> Answer:
    seen = await services.seen(SeenReminder, press.value, press.shown_at)
    until = await services.reminders.snooze(press.request, seen.incident_id, seen.kind, seen.owner)
    if until is None:
        return Reply("Nobody is reminded of this any more: it has been due for too long.")
    return Reply(f"You will hear of it again {moment(until)}, unless it is done by then.")


ACTION = Action(SNOOZE, run)
