"""`/incident follow INC-12`: its updates and statuses come in direct messages."""

from incident_bot.slack.commands.subcommand import incident_meant, subcommand
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.registry import Permission
from incident_bot.slack.replies.following import followed
from incident_bot.slack.reply import AnyReply
from incident_bot.slack.services import Services


@subcommand(
    "follow", "INC-12", "sends you its updates in direct messages", permission=Permission.EVERYONE
)
async def run(command: SlashCommand, arguments: str, services: Services) -> AnyReply:
    incident_id = await incident_meant(command, arguments, "follow INC-12", services)
    return await followed(incident_id, command.user_id, services)
