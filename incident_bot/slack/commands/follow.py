"""`/incident follow INC-12`: its updates and statuses come in direct messages."""

from incident_bot.domain.reference import reference
from incident_bot.slack.answers import Answer, Reply
from incident_bot.slack.commands.subcommand import Subcommand, incident_id_from
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.services import Services


async def run(command: SlashCommand, arguments: str, services: Services) -> Answer:
    incident_id = incident_id_from(arguments, "follow INC-12")
    return await followed(incident_id, command.user_id, services)


async def followed(incident_id: int, user_id: str, services: Services) -> Reply:
    """Follow it, and say so."""
    name = reference(incident_id)
    if not await services.store.follow(incident_id, user_id):
        return Reply(f"You follow {name} already. `/incident unfollow {name}` ends it.")
    return Reply(
        f"You follow {name} now: its updates and statuses come to you in direct messages. "
        f"`/incident unfollow {name}` ends it."
    )


SUBCOMMAND = Subcommand("follow", "INC-12", "sends you its updates in direct messages", run)
