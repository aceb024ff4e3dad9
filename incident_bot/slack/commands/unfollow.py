"""`/incident unfollow INC-12`: no more direct messages of it."""

from incident_bot.domain.reference import reference
from incident_bot.slack.answers import Answer, Reply
from incident_bot.slack.commands.subcommand import Subcommand, incident_id_from
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.services import Services


async def run(command: SlashCommand, arguments: str, services: Services) -> Answer:
    incident_id = incident_id_from(arguments, "unfollow INC-12")
    return await unfollowed(incident_id, command.user_id, services)


async def unfollowed(incident_id: int, user_id: str, services: Services) -> Reply:
    """Follow it no more, and say so."""
    name = reference(incident_id)
    if not await services.store.unfollow(incident_id, user_id):
        return Reply(f"You do not follow {name}. `/incident follow {name}` begins it.")
    return Reply(f"You follow {name} no more.")


SUBCOMMAND = Subcommand("unfollow", "INC-12", "ends that", run)
