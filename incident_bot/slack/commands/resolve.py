"""`/incident resolve INC-12`: ends an incident: Resolved."""

from incident_bot.domain.status import Status
from incident_bot.slack.answers import Answer, Reply
from incident_bot.slack.commands.subcommand import Subcommand, incident_id_from
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.services import Services


async def run(command: SlashCommand, arguments: str, services: Services) -> Answer:
    incident_id = incident_id_from(arguments, "resolve")
    incident = await services.store.move_to(command.request, incident_id, Status.RESOLVED)
    return Reply(f"You resolved {incident.reference}.")


SUBCOMMAND = Subcommand("resolve", "INC-12", "ends an incident: Resolved", run, is_change=True)
