"""`/incident list [status] [severity]`: incidents at a glance, for the person who asks."""

from dataclasses import dataclass
from typing import Final

from incident_bot.domain.errors import IncidentError
from incident_bot.domain.incident import Incident
from incident_bot.domain.severity import Severities
from incident_bot.domain.status import Status
from incident_bot.slack.answers import Answer, Reply
from incident_bot.slack.commands.subcommand import Subcommand
from incident_bot.slack.messages.listing import LISTED, listing, listing_in_words
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.services import Services
from incident_bot.slack.words import MESSAGE_LIMIT, context, cut, escape, section
from incident_bot.store.search import COUNTED, IncidentFilter

_UNRESOLVED: Final = frozenset(status for status in Status if not status.is_resolved)


@dataclass(frozen=True)
class _Wish:
    """What was asked for; `is_all` when resolved ones were asked for by "all"."""

    filter: IncidentFilter
    is_all: bool


async def run(command: SlashCommand, arguments: str, services: Services) -> Answer:
    wish = _parse(arguments, services.severities, command.user_id)
    found, total = await services.store.find(wish.filter, LISTED)
    if not found:
        return Reply(f"There are no {_in_words(wish, 0)}. `/incident new` declares one.")
    is_exact = total <= COUNTED or wish.filter.is_counted_to_the_end
    number = total if is_exact else f"More than {COUNTED}"
    heading = f"*{number} {_in_words(wish, total)}*, newest first"
    more = _more(total, found)
    room = MESSAGE_LIMIT - len(heading) - len(more) - 2
    text = f"{heading}\n{listing_in_words(found, room)}\n{more}"
    links = await services.permalinks(found)
    return Reply(text, (section(heading), listing(found, links), context(more)))


def _more(total: int, found: tuple[Incident, ...]) -> str:
    shown = f"`/incident show {found[0].reference}` opens one."
    if total == len(found):
        return shown
    return f"The newest {len(found)} are shown; name a status or severity to see fewer. {shown}"


def _parse(arguments: str, severities: Severities, user_id: str) -> _Wish:
    """Read statuses, severities, `all` and `mine` in any order; raises IncidentError."""
    words = arguments.casefold().split()
    statuses: set[Status] = set()
    severity = lead = None
    everything = False
    while words:
        phrase, words = _next_phrase(words, severities)
        if phrase == "all":
            everything = True
        elif phrase == "mine":
            lead = user_id
        elif isinstance(phrase, Status):
            statuses.add(phrase)
        elif severity in (None, phrase):
            severity = phrase
        else:
            raise IncidentError("`/incident list` takes one severity at a time.")
    wanted = frozenset(statuses) or (frozenset() if everything else _UNRESOLVED)
    return _Wish(IncidentFilter(wanted, severity, lead), everything)


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
    raise IncidentError(
        f"“{cut(words[0], 40)}” is neither a status nor a severity. "
        f"`/incident list` takes: {allowed}."
    )


def _in_words(wish: _Wish, number: int) -> str:
    """Such as "unresolved High incidents that you lead"."""
    wanted, parts = wish.filter, []
    if wanted.statuses == _UNRESOLVED and not wish.is_all:
        parts.append("unresolved")
    elif wanted.statuses:
        parts.append(" or ".join(status for status in Status if status in wanted.statuses))
    if wanted.severity is not None:
        parts.append(escape(wanted.severity))
    parts.append("incident" if number == 1 else "incidents")
    if wanted.lead is not None:
        parts.append("that you lead")
    return " ".join(parts)


SUBCOMMAND = Subcommand(
    "list",
    "[status] [severity] [all] [mine]",
    "lists what is not resolved; add words to filter",
    run,
    aliases=("ls",),
)
