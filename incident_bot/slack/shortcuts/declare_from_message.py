"""Opens the same form with what a message says: "Declare from message"."""

from typing import Final

from incident_bot.domain.text import DESCRIPTION_LIMIT
from incident_bot.slack.modals import declare
from incident_bot.slack.payloads import ChosenShortcut
from incident_bot.slack.registry import Permission
from incident_bot.slack.reply import AnyReply, OpenModal
from incident_bot.slack.services import Services
from incident_bot.slack.shortcuts.shortcut import shortcut
from incident_bot.slack.text.button_values import Origin
from incident_bot.slack.text.mrkdwn import cut
from incident_bot.slack.text.speech import SaidMessage, words_of

# Seconds. Slack opens a form within three of the choice (views.open, "trigger_id").
_NAMES_WITHIN: Final = 1.0


@shortcut("declare_from_message", permission=Permission.EVERYONE)
async def run(chosen: ChosenShortcut, services: Services) -> AnyReply:
    origin, description = Origin(), ""
    if chosen.message is not None and chosen.channel_id is not None:
        origin = chosen.origin
        description = await _quoted(chosen.channel_id, chosen.message, services)
    view = declare.view(
        services.severities, services.channel_policy, origin, description=description
    )
    return OpenModal(view)


async def _quoted(channel_id: str, message: SaidMessage, services: Services) -> str:
    """What it says, and the link to it, which people see and may remove before they declare.

    The link is made of what is known: Slack need not be asked while the form waits to be opened,
    and a declaration can neither wait for it nor be lost for it.
    """
    words = await words_of(message, services.people, services.channels, _NAMES_WITHIN)
    link = services.workspace.permalink(channel_id, message.ts, message.thread_ts)
    if link is None:
        return cut(words, DESCRIPTION_LIMIT)
    return f"{cut(words, DESCRIPTION_LIMIT - len(link) - 2)}\n\n{link}".strip()
