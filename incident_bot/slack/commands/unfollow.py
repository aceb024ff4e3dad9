"""`/incident unfollow INC-12`: no more direct messages of it."""

from incident_bot.slack.answers import Answer
from incident_bot.slack.commands.subcommand import Subcommand, incident_id_from
from incident_bot.slack.following import unfollowed
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.services import Services


async def run(command: SlashCommand, arguments: str, services: Services) -> Answer:
    incident_id = incident_id_from(arguments, "unfollow INC-12")
    return await unfollowed(incident_id, command.user_id, services)


SUBCOMMAND = Subcommand("unfollow", "INC-12", "ends that", run)
