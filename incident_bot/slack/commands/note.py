"""`/incident note INC-12 14:05 text`: writes a note into the timeline."""

from typing import Final

from incident_bot.domain.note import begins_with_a_time, read_note
from incident_bot.slack.commands.subcommand import incident_and_words, incident_meant, subcommand
from incident_bot.slack.messages.timeline import noted
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.reply import AnyReply
from incident_bot.slack.services import Services

_EXAMPLE: Final = "note INC-12 14:05 Rolled back"


@subcommand(
    "note",
    "INC-12 [14:05] text",
    "writes a note into its timeline; `14:05` or `10 min ago` says when it happened",
    aliases=("log",),
)
async def run(command: SlashCommand, arguments: str, services: Services) -> AnyReply:
    incident_id, words = await _meant(command, arguments, services)
    note = read_note(words, await services.people.local_time(command.user_id))
    incident, entry = await services.timelines.add_note(command.request, incident_id, note)
    return noted(incident.reference, entry)


async def _meant(command: SlashCommand, arguments: str, services: Services) -> tuple[int, str]:
    """The number in "10 min ago" names no incident."""
    if begins_with_a_time(arguments):
        return await incident_meant(command, "", _EXAMPLE, services), arguments
    return await incident_and_words(command, arguments, _EXAMPLE, services)
