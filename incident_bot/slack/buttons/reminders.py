"""Reminders, later or no more: "Snooze", "Stop"."""

from incident_bot.domain.reference import reference
from incident_bot.slack.buttons.button import button
from incident_bot.slack.messages.reminder import SNOOZE, STOP
from incident_bot.slack.payloads import Press
from incident_bot.slack.reply import AnyReply, Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenReminder
from incident_bot.slack.text.mrkdwn import moment


@button(SNOOZE)
async def snooze(press: Press, services: Services) -> AnyReply:
    seen = await services.seen(SeenReminder, press.value, press.shown_at)
    until = await services.reminders.snooze(press.request, seen.incident_id, seen.kind, seen.owner)
    if until is None:
        return Reply("Nobody is reminded of this any more: it has been due for too long.")
    return Reply(f"You will hear of it again {moment(until)}, unless it is done by then.")


@button(STOP)
async def stop(press: Press, services: Services) -> AnyReply:
    seen = await services.seen(SeenReminder, press.value, press.shown_at)
    await services.reminders.stop(press.request, seen.incident_id, seen.kind, seen.owner)
    return Reply(f"There will be no more reminders of this for {reference(seen.incident_id)}.")
