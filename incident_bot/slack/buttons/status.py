"""Steps along an incident's life cycle: "Acknowledge", "Resolve", "Reopen"."""

from incident_bot.domain.status import Step
from incident_bot.slack.buttons.button import button, told
from incident_bot.slack.messages.done import done
from incident_bot.slack.payloads import Press
from incident_bot.slack.reply import AnyReply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenIncident


@button(*Step)
async def take(press: Press, services: Services) -> AnyReply:
    """Take the step that the button is named after."""
    step = Step(press.action_id)
    seen = await services.seen(SeenIncident, press.value, press.shown_at)
    incident = await services.store.take(press.request, seen.incident_id, step, seen.version)
    return await told(press, services, incident, done(step, incident, press.user_id))
