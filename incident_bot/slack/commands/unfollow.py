"""`/incident unfollow INC-12`: no more direct messages of it."""

from incident_bot.slack.commands.subcommand import incident_meant, subcommand
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.registry import Permission
from incident_bot.slack.replies.following import unfollowed
from incident_bot.slack.reply import AnyReply
from incident_bot.slack.services import Services


@subcommand("unfollow", "INC-12", "ends that", permission=Permission.EVERYONE)
async def run(command: SlashCommand, arguments: str, services: Services) -> AnyReply:
    incident_id = await incident_meant(command, arguments, "unfollow INC-12", services)
    return await unfollowed(incident_id, command.user_id, services)
