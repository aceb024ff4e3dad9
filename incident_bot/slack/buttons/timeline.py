"""A timeline's pages and entries: "Newer", "Older", "Edit", "Remove"; and "Undo"."""

from incident_bot.slack.buttons.button import button
from incident_bot.slack.messages.notification import UNDO
from incident_bot.slack.messages.timeline import EDIT_ENTRY, NEWER, OLDER, REMOVE_ENTRY
from incident_bot.slack.modals import edit_entry
from incident_bot.slack.payloads import Press
from incident_bot.slack.registry import Permission
from incident_bot.slack.reply import AnyReply, OpenModal, Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenDeed, SeenEntry, SeenPage


@button(NEWER, OLDER, permission=Permission.EVERYONE)
async def turn(press: Press, services: Services) -> AnyReply:
    """Show another page in the place of this one."""
    seen = await services.seen(SeenPage, press.value, press.shown_at)
    return await services.timeline(seen.incident_id, seen.page, press.user_id)


@button(EDIT_ENTRY)
async def open_edit(press: Press, services: Services) -> AnyReply:
    """Open the form that edits an update, a note or a pinned message."""
    seen = await services.seen(SeenEntry, press.value, press.shown_at)
    incident, entry = await services.timelines.entry(seen.version, press.request.viewer)
    incident.refuse_entry_change(entry, press.user_id)
    return OpenModal(edit_entry.view(incident, entry, press.channel_id))


@button(REMOVE_ENTRY)
async def remove(press: Press, services: Services) -> AnyReply:
    """Take out a note or a pinned message; Slack has asked before."""
    seen = await services.seen(SeenEntry, press.value, press.shown_at)
    incident, _ = await services.timelines.remove(press.request, seen.version)
    return await services.timeline(incident.id, seen.page, press.user_id, "It is removed.")


@button(UNDO)
async def undo(press: Press, services: Services) -> AnyReply:
    """Take back what somebody did a moment ago."""
    seen = await services.seen(SeenDeed, press.value, press.shown_at)
    incident = await services.undoing.undo(press.request, seen.incident_id, seen.entry_id)
    said = f"It is undone, and what was posted says so: {incident.reference} is {incident.status}."
    return Reply(services.told(said, incident))
