"""`/incident list [status] [severity]`: incidents at a glance, for the person who asks."""

from incident_bot.domain.severity import Severities
from incident_bot.domain.status import UNRESOLVED, Status
from incident_bot.slack.commands.subcommand import subcommand
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.registry import Permission
from incident_bot.slack.replies.lists import listed
from incident_bot.slack.reply import AnyReply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import ListPage
from incident_bot.slack.text.errors import NotUnderstood
from incident_bot.slack.text.mrkdwn import cut


@subcommand(
    "list",
    "[status] [severity] [all] [mine]",
    "lists what is not resolved; add words to filter",
    aliases=("ls",),
    permission=Permission.EVERYONE,
)
async def run(command: SlashCommand, arguments: str, services: Services) -> AnyReply:
    page = _parse(arguments, services.severities)
    return await listed(page, command.user_id, services)


def _parse(arguments: str, severities: Severities) -> ListPage:
    """Read statuses, severities, `all` and `mine` in any order; raises NotUnderstood."""
    words = arguments.casefold().split()
    statuses: set[Status] = set()
    severity = None
    is_all = is_mine = False
    while words:
        phrase, words = _next_phrase(words, severities)
        if phrase == "all":
            is_all = True
        elif phrase == "mine":
            is_mine = True
        elif isinstance(phrase, Status):
            statuses.add(phrase)
        elif severity in (None, phrase):
            severity = phrase
        else:
            raise NotUnderstood("A list takes one severity at a time.")
    wanted = frozenset(statuses) or (frozenset() if is_all else UNRESOLVED)
    return ListPage(statuses=wanted, severity=severity, is_mine=is_mine)


def _next_phrase(words: list[str], severities: Severities) -> tuple[str | Status, list[str]]:
    """The longest known phrase that `words` begin with, and the words after it."""
    longest = max(len(name.split()) for name in (*Status, *severities))
    for length in range(min(longest, len(words)), 0, -1):
        phrase = " ".join(words[:length])
        if phrase in ("all", "mine"):
            return phrase, words[length:]
        if (status := Status.parse(phrase)) is not None:
            return status, words[length:]
        if phrase in {name.casefold() for name in severities}:
            return severities.parse(phrase), words[length:]
    allowed = ", ".join([*Status, *severities, "all", "mine"])
    raise NotUnderstood(
        f"“{cut(words[0], 40)}” is neither a status nor a severity.",
        f"`/incident list` takes: {allowed}.",
    )
