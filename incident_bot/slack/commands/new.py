"""`/incident new [title]`: opens the form that declares an incident."""

from incident_bot.slack.commands.subcommand import subcommand
from incident_bot.slack.messages.offer import declare_offer
from incident_bot.slack.modals import declare
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.registry import Permission
from incident_bot.slack.reply import AnyReply, OpenModal
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import Origin


@subcommand(
    "new",
    "[title]",
    "declares an incident",
    aliases=("declare", "create", "open"),
    permission=Permission.EVERYONE,
)
async def run(command: SlashCommand, title: str, services: Services) -> AnyReply:
    """Open the form at once: neither the database nor Slack is asked before."""
    origin = Origin(channel_id=command.channel_id, channel_name=command.channel_name or None)
    form = declare.view(services.severities, services.channel_policy, origin, title)
    return OpenModal(form, declare_offer(title))
