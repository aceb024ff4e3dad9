"""Opens the form that declares an incident, from wherever one is: "Declare incident"."""

from incident_bot.slack.modals import declare
from incident_bot.slack.payloads import ChosenShortcut
from incident_bot.slack.registry import Permission
from incident_bot.slack.reply import AnyReply, OpenModal
from incident_bot.slack.services import Services
from incident_bot.slack.shortcuts.shortcut import shortcut
from incident_bot.slack.text.button_values import Origin


@shortcut("declare", permission=Permission.EVERYONE)
async def run(_chosen: ChosenShortcut, services: Services) -> AnyReply:
    """Slack does not say where one was, so it is announced in the announcement channel alone."""
    return OpenModal(declare.view(services.severities, services.channel_policy, Origin()))
