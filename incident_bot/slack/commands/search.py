"""`/incident search words`: incidents with all of these words, for the person who asks."""

from incident_bot.domain.text import one_line
from incident_bot.slack.commands.subcommand import subcommand
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.registry import Permission
from incident_bot.slack.replies.lists import listed
from incident_bot.slack.reply import AnyReply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import SEARCH_LIMIT, ListPage
from incident_bot.slack.text.errors import NotUnderstood, for_example
from incident_bot.store.queries.search import words_of


@subcommand(
    "search",
    "words",
    "finds incidents by words of their titles and descriptions",
    permission=Permission.EVERYONE,
)
async def run(command: SlashCommand, arguments: str, services: Services) -> AnyReply:
    words = one_line(arguments)
    if not words_of(words):
        raise NotUnderstood("Which words?", for_example("search disk full"))
    if len(words) > SEARCH_LIMIT:
        raise NotUnderstood(
            f"A search may have {SEARCH_LIMIT} characters; this has {len(words)}.",
            "Type fewer words: `/incident search disk full`.",
        )
    return await listed(ListPage(words=words), command.user_id, services)
