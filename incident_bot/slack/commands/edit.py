"""`/incident edit INC-12`: opens the form that corrects what an incident says."""

from incident_bot.slack.commands.subcommand import incident_meant, subcommand
from incident_bot.slack.modals import edit
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.reply import AnyReply
from incident_bot.slack.services import Services


@subcommand("edit", "INC-12", "changes its title, description, severity")
async def run(command: SlashCommand, arguments: str, services: Services) -> AnyReply:
    incident_id = await incident_meant(command, arguments, "edit INC-12", services)
    return await edit.opened(incident_id, command, services)
