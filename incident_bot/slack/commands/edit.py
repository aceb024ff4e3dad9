"""`/incident edit INC-12`: opens the form that corrects what an incident says."""

from incident_bot.slack.answers import Answer, OpenModal
from incident_bot.slack.commands.subcommand import Subcommand, incident_id_from
from incident_bot.slack.modals import edit
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.services import Services


async def run(command: SlashCommand, arguments: str, services: Services) -> Answer:
    incident = await services.store.get(incident_id_from(arguments, "edit INC-12"))
    return OpenModal(edit.view(incident, services.severities, command.channel_id))


SUBCOMMAND = Subcommand(
    "edit", "INC-12", "changes its title, description, severity", run, is_change=True
)
