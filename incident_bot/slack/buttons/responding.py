"""Becoming a responder: "Join", and "Join INC-12" in the form that declares."""

from incident_bot.domain.incident import Incident
from incident_bot.slack.buttons.button import button, told
from incident_bot.slack.messages.announcement import JOIN
from incident_bot.slack.messages.done import responds_now
from incident_bot.slack.modals.similar import JOIN_INSTEAD, joined
from incident_bot.slack.payloads import Press
from incident_bot.slack.reply import AnyReply, Reply, UpdateModal
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SeenIncident


@button(JOIN)
async def join(press: Press, services: Services) -> AnyReply:
    incident, said = await _joined(press, services)
    return await told(press, services, incident, said)


@button(JOIN_INSTEAD)
async def join_instead(press: Press, services: Services) -> AnyReply:
    """Join an incident rather than declare it again."""
    incident, said = await _joined(press, services)
    said = services.told(said, incident)
    links = await services.permalinks([incident])
    view = joined(incident, said, links.get(incident.id))
    return UpdateModal(view, Reply(said), is_final=True)


async def _joined(press: Press, services: Services) -> tuple[Incident, str]:
    """The incident, and what whoever pressed is told, in mrkdwn."""
    seen = await services.seen(SeenIncident, press.value, press.shown_at)
    incident, role = await services.store.join(press.request, seen.incident_id, services.roles)
    return incident, responds_now(incident, press.user_id, role, press.user_id)
