"""Opens the form that edits an update, a note or a pinned message in a timeline: "Edit"."""

from incident_bot.slack.buttons.action import Action
from incident_bot.slack.messages.timeline import EDIT_ENTRY
from incident_bot.slack.modals import edit_entry
from incident_bot.slack.payloads import Press
from incident_bot.slack.reply import Answer, OpenModal
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenEntry


async def run(press: Press, services: Services) -> Answer:
    seen = await services.seen(SeenEntry, press.value, press.shown_at)
    incident, entry = await services.timelines.entry(seen.version, press.request.viewer)
    incident.refuse_entry_change(entry, press.user_id)
    return OpenModal(edit_entry.view(incident, entry, press.channel_id))


ACTION = Action(EDIT_ENTRY, run)
