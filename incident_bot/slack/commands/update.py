"""`/incident update INC-12 [text]`: opens the form that tells progress."""

from incident_bot.slack.commands.subcommand import incident_and_words, subcommand
from incident_bot.slack.modals import update
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.reply import AnyReply
from incident_bot.slack.services import Services


@subcommand("update", "INC-12 [text]", "tells how it goes")
async def run(command: SlashCommand, arguments: str, services: Services) -> AnyReply:
    incident_id, typed = await incident_and_words(command, arguments, "update INC-12", services)
    return await update.opened(incident_id, command, services, typed)
