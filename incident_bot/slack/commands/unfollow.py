"""`/incident unfollow INC-12`: no more direct messages of it."""

from incident_bot.slack.commands.subcommand import Subcommand, incident_meant
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.replies.following import unfollowed
from incident_bot.slack.reply import Answer
from incident_bot.slack.services import Services


async def run(command: SlashCommand, arguments: str, services: Services) -> Answer:
    incident_id = await incident_meant(command, arguments, "unfollow INC-12", services)
    return await unfollowed(incident_id, command.user_id, services)


SUBCOMMAND = Subcommand("unfollow", "INC-12", "ends that", run)
