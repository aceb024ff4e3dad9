"""The form that declares an incident: "Declare incident", on the Home tab or in a reply."""

from incident_bot.slack.buttons.button import button
from incident_bot.slack.messages.home import DECLARE
from incident_bot.slack.modals import declare
from incident_bot.slack.payloads import Press
from incident_bot.slack.registry import Permission
from incident_bot.slack.reply import AnyReply, OpenModal
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import Origin, Typed


@button(DECLARE, permission=Permission.EVERYONE)
async def open_form(press: Press, services: Services) -> AnyReply:
    typed = Typed.parse(press.value).typed if press.value else ""
    origin = Origin(channel_id=press.channel_id, channel_name=press.channel_name)
    return OpenModal(declare.view(services.severities, services.channel_policy, origin, typed))
