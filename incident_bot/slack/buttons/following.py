"""Direct messages of an incident's updates and statuses: "Follow", "Unfollow"."""

from incident_bot.slack.buttons.button import button
from incident_bot.slack.messages.announcement import FOLLOW
from incident_bot.slack.messages.direct import UNFOLLOW
from incident_bot.slack.payloads import Press
from incident_bot.slack.registry import Permission
from incident_bot.slack.replies.following import followed, unfollowed
from incident_bot.slack.reply import AnyReply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenIncident


@button(FOLLOW, permission=Permission.EVERYONE)
async def follow(press: Press, services: Services) -> AnyReply:
    seen = await services.seen(SeenIncident, press.value, press.shown_at)
    return await followed(seen.incident_id, press.user_id, services)


@button(UNFOLLOW, permission=Permission.EVERYONE)
async def unfollow(press: Press, services: Services) -> AnyReply:
    seen = await services.seen(SeenIncident, press.value, press.shown_at)
    return await unfollowed(seen.incident_id, press.user_id, services)
