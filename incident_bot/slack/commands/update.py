"""`/incident update INC-12 [text]`: opens the form that tells progress."""

from incident_bot.slack.answers import Answer
from incident_bot.slack.commands.subcommand import Subcommand, incident_id_from
from incident_bot.slack.modals import update
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.services import Services


async def run(command: SlashCommand, arguments: str, services: Services) -> Answer:
    name, _, typed = arguments.partition(" ")
    incident_id = incident_id_from(name, "update INC-12")
    return await update.opened(incident_id, command.channel_id, services, typed)


SUBCOMMAND = Subcommand("update", "INC-12 [text]", "tells how it goes", run, is_change=True)
