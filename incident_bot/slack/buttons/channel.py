"""The channel of a resolved incident: "Archive channel"."""

from incident_bot.slack.buttons.button import button, told
from incident_bot.slack.messages.announcement import ARCHIVE
from incident_bot.slack.payloads import Press
from incident_bot.slack.reply import AnyReply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenIncident
from incident_bot.slack.text.mrkdwn import channel_mention


@button(ARCHIVE)
async def archive(press: Press, services: Services) -> AnyReply:
    seen = await services.seen(SeenIncident, press.value, press.shown_at)
    incident = await services.incident_channels.archive(press.request, seen.incident_id)
    channel = channel_mention(str(incident.channel_id))
    said = f"{channel}, the channel of {incident.reference}, is being archived."
    return await told(press, services, incident, said)
