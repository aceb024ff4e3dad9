"""Ends that: "Unfollow", in each direct message that following brings."""

from incident_bot.slack.buttons.action import Action
from incident_bot.slack.messages.direct import UNFOLLOW
from incident_bot.slack.payloads import Press
from incident_bot.slack.replies.following import unfollowed
from incident_bot.slack.reply import Answer
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenIncident


async def run(press: Press, services: Services) -> Answer:
    seen = await services.seen(SeenIncident, press.value, press.shown_at)
    return await unfollowed(seen.incident_id, press.user_id, services)


ACTION = Action(UNFOLLOW, run, is_change=False)
