"""`/incident ack INC-12`: takes an incident on: In Progress."""

from incident_bot.domain.status import Status
from incident_bot.slack.answers import Answer, Reply
from incident_bot.slack.commands.subcommand import Subcommand, incident_id_from
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.services import Services


async def run(command: SlashCommand, arguments: str, services: Services) -> Answer:
    incident_id = incident_id_from(arguments, "ack")
    incident = await services.store.move_to(command.request, incident_id, Status.IN_PROGRESS)
    return Reply(f"You acknowledged {incident.reference}; it is In Progress.")


SUBCOMMAND = Subcommand(
    "ack",
    "INC-12",
    "takes an incident on: In Progress",
    run,
    is_change=True,
    aliases=("acknowledge",),
)
