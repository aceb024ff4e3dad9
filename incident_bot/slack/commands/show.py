"""`/incident show INC-12`: one incident with its buttons, for the person who asks."""

from incident_bot.slack.commands.subcommand import incident_meant, subcommand
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.registry import Permission
from incident_bot.slack.reply import AnyReply
from incident_bot.slack.services import Services


@subcommand("show", "INC-12", "shows it with its buttons", permission=Permission.EVERYONE)
async def run(command: SlashCommand, arguments: str, services: Services) -> AnyReply:
    incident_id = await incident_meant(command, arguments, "show INC-12", services)
    incident = await services.store.get(incident_id, command.request.viewer)
    return await services.card(incident)
