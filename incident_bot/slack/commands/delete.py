"""`/incident delete INC-12`: asks, then hides an incident everywhere."""

from incident_bot.domain.errors import MayNotDelete
from incident_bot.slack.commands.subcommand import incident_meant, subcommand
from incident_bot.slack.messages.deletion import question
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.reply import AnyReply
from incident_bot.slack.services import Services


@subcommand("delete", "INC-12", "deletes it; only its reporter or lead may")
async def run(command: SlashCommand, arguments: str, services: Services) -> AnyReply:
    incident_id = await incident_meant(command, arguments, "delete INC-12", services)
    incident = await services.store.get(incident_id, command.request.viewer)
    if not incident.may_be_deleted_by(command.user_id):
        raise MayNotDelete(incident.id)
    return question(incident)
