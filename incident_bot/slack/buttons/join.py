"""Makes whoever presses it a responder: "Join"."""

from incident_bot.domain.incident import Incident
from incident_bot.slack.buttons.action import Action
from incident_bot.slack.messages.announcement import JOIN
from incident_bot.slack.messages.done import responds_now
from incident_bot.slack.payloads import Press
from incident_bot.slack.reply import Answer, Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenIncident


async def join(press: Press, services: Services) -> tuple[Incident, str]:
    """The incident, and what whoever pressed is told, in mrkdwn."""
    seen = await services.seen(SeenIncident, press.value, press.shown_at)
    incident, role = await services.store.join(press.request, seen.incident_id, services.roles)
    said = responds_now(incident, press.user_id, role, press.user_id)
    return incident, services.told(said, incident)


async def run(press: Press, services: Services) -> Answer:
    incident, said = await join(press, services)
    return await services.card(incident, said) if press.is_ephemeral else Reply(said)


ACTION = Action(JOIN, run)
