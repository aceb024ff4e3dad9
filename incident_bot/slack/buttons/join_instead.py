"""Joins an incident rather than declare it again, in the form that declares: "Join INC-12"."""

from incident_bot.slack.buttons.action import Action
from incident_bot.slack.buttons.join import join
from incident_bot.slack.modals.similar import JOIN_INSTEAD, joined
from incident_bot.slack.payloads import Press
from incident_bot.slack.reply import Answer, Reply, UpdateModal
from incident_bot.slack.services import Services


async def run(press: Press, services: Services) -> Answer:
    incident, said = await join(press, services)
    links = await services.permalinks([incident])
    view = joined(incident, said, links.get(incident.id))
    return UpdateModal(view, Reply(said), is_final=True)


ACTION = Action(JOIN_INSTEAD, run)
