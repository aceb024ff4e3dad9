"""Opens the form for the summary, for whoever resolved the incident: "Add summary"."""

from incident_bot.domain.actors import is_user_id
from incident_bot.domain.errors import IncidentError
from incident_bot.domain.timeline import EntryKind
from incident_bot.slack.actions.action import Action
from incident_bot.slack.answers import Answer, OpenModal, Reply
from incident_bot.slack.messages.notification import ADD_SUMMARY
from incident_bot.slack.modals import add_summary
from incident_bot.slack.payloads import Press
from incident_bot.slack.services import Services
from incident_bot.slack.tokens import SeenIncident
from incident_bot.slack.words import mention


async def run(press: Press, services: Services) -> Answer:
    incident = await services.store.get(
        SeenIncident.parse(press.value).incident_id, press.request.viewer
    )
    if not incident.is_resolved:
        raise IncidentError(
            f"{incident.reference} was reopened; resolve it before you add a summary."
        )
    timeline = await services.store.timeline(incident.id, press.request.viewer)
    resolver = next(entry.actor for entry in reversed(timeline) if entry.kind is EntryKind.RESOLVED)
    if is_user_id(resolver) and press.user_id not in (resolver, incident.lead):
        who = mention(resolver)
        return Reply(f"{who} resolved {incident.reference}: ask them, or its lead, for a summary.")
    return OpenModal(add_summary.view(incident, press.channel_id))


ACTION = Action(ADD_SUMMARY, run)
