"""The answer to the question before deleting: "Delete INC-12", "Keep it"."""

from incident_bot.domain.reference import reference
from incident_bot.slack.buttons.button import button
from incident_bot.slack.messages.deletion import DELETE, KEEP
from incident_bot.slack.payloads import Press
from incident_bot.slack.registry import Permission
from incident_bot.slack.reply import AnyReply, Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenIncident


@button(DELETE)
async def delete(press: Press, services: Services) -> AnyReply:
    seen = await services.seen(SeenIncident, press.value, press.shown_at)
    incident = await services.store.delete(press.request, seen.incident_id)
    return Reply(f"{incident.reference} is deleted.", replaces=True)


@button(KEEP, permission=Permission.EVERYONE)
async def keep(press: Press, services: Services) -> AnyReply:
    seen = await services.seen(SeenIncident, press.value, press.shown_at)
    return Reply(f"{reference(seen.incident_id)} is kept.", replaces=True)
