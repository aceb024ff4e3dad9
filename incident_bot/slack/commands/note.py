"""`/incident note INC-12 14:05 text`: writes a note into the timeline."""

from incident_bot.domain.note import begins_with_a_time, read_note
from incident_bot.slack.answers import Answer
from incident_bot.slack.commands.subcommand import Subcommand, incident_id_and_words
from incident_bot.slack.messages.timeline import noted
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.services import Services


async def run(command: SlashCommand, arguments: str, services: Services) -> Answer:
    # The number in "10 min ago" names no incident.
    named = "" if begins_with_a_time(arguments) else arguments
    incident_id, words = incident_id_and_words(named, "note INC-12 14:05 Rolled back")
    note = read_note(words, await services.people.local_time(command.user_id))
    incident, entry = await services.timelines.add_note(command.request, incident_id, note)
    return noted(incident.reference, entry)


SUBCOMMAND = Subcommand(
    "note",
    "INC-12 [14:05] text",
    "writes a note into its timeline; `14:05` or `10 min ago` says when it happened",
    run,
    is_change=True,
    aliases=("log",),
)
