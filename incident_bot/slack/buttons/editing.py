"""Forms about what an incident says: "Edit INC-12", "Update", "Add summary"."""

from incident_bot.slack.buttons.button import button
from incident_bot.slack.messages.announcement import UPDATE
from incident_bot.slack.messages.notification import ADD_SUMMARY
from incident_bot.slack.messages.offer import EDIT
from incident_bot.slack.modals import add_summary, edit, update
from incident_bot.slack.payloads import Press
from incident_bot.slack.reply import AnyReply, OpenModal
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenIncident, SeenTyped


@button(EDIT)
async def open_edit(press: Press, services: Services) -> AnyReply:
    seen = await services.seen(SeenIncident, press.value, press.shown_at)
    return await edit.opened(seen.incident_id, press, services)


@button(UPDATE)
async def open_update(press: Press, services: Services) -> AnyReply:
    seen = await services.seen(SeenTyped, press.value, press.shown_at)
    return await update.opened(seen.incident_id, press, services, seen.typed)


@button(ADD_SUMMARY)
async def open_summary(press: Press, services: Services) -> AnyReply:
    """For whoever resolved the incident, or leads it."""
    seen = await services.seen(SeenIncident, press.value, press.shown_at)
    incident = await services.store.to_sum_up(seen.incident_id, press.user_id)
    return OpenModal(add_summary.view(incident, press.channel_id))
