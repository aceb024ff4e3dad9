"""`/incident show INC-12`: one incident with its buttons, for the person who asks."""

from incident_bot.slack.answers import Answer
from incident_bot.slack.commands.subcommand import Subcommand, incident_id_from
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.services import Services


async def run(command: SlashCommand, arguments: str, services: Services) -> Answer:
    del command
    incident = await services.store.get(incident_id_from(arguments, "show INC-12"))
    return await services.card(incident)


SUBCOMMAND = Subcommand("show", "INC-12", "shows it with its buttons", run)
