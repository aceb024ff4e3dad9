"""`/incident actions INC-12`: its action items, for the person who asks."""

from incident_bot.domain.reference import reference
from incident_bot.slack.commands.subcommand import incident_and_words, subcommand
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.registry import Permission
from incident_bot.slack.reply import AnyReply
from incident_bot.slack.services import Services
from incident_bot.slack.text.errors import NotUnderstood
from incident_bot.slack.text.mrkdwn import cut


@subcommand("actions", "INC-12", "lists its action items", permission=Permission.EVERYONE)
async def run(command: SlashCommand, arguments: str, services: Services) -> AnyReply:
    incident_id, words = await incident_and_words(command, arguments, "actions INC-12", services)
    if words:
        typed = f"/incident action {reference(incident_id)} {words}".replace("`", "'")
        raise NotUnderstood("This command only lists.", f"To add one, type `{cut(typed, 200)}`.")
    return await services.items(incident_id, 0, command.user_id)
