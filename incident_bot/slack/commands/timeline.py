"""`/incident timeline INC-12`: what happened to an incident, for the person who asks."""

from incident_bot.slack.commands.subcommand import incident_meant, subcommand
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.registry import Permission
from incident_bot.slack.reply import AnyReply
from incident_bot.slack.services import Services


@subcommand(
    "timeline", "INC-12", "shows what happened to it, newest first", permission=Permission.EVERYONE
)
async def run(command: SlashCommand, arguments: str, services: Services) -> AnyReply:
    incident_id = await incident_meant(command, arguments, "timeline INC-12", services)
    return await services.timeline(incident_id, 0, command.user_id)
