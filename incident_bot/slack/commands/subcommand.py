"""What a subcommand is, and what several have in common."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from incident_bot.domain.errors import IncidentError
from incident_bot.domain.reference import parse_reference
from incident_bot.domain.status import Step
from incident_bot.slack.answers import Answer, Reply
from incident_bot.slack.messages.done import done
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.services import Services
from incident_bot.slack.words import cut, unescape

_PERSON: Final = re.compile(r"<@(?P<user_id>[UW][A-Z0-9]{1,20})(?:\|[^<>]*)?>")


@dataclass(frozen=True)
class Subcommand:
    """One row of the table: `arguments` and `summary` are shown in the help.

    `run` is given the command and what follows its name. `is_change` needs the right to change
    incidents.
    """

    name: str
    arguments: str
    summary: str
    run: Callable[[SlashCommand, str, Services], Awaitable[Answer]]
    is_change: bool = False
    aliases: tuple[str, ...] = ()


def incident_id_from(arguments: str, example: str) -> int:
    """The incident that the only argument names; raises IncidentError with the way out.

    `example` is what to type after `/incident`.
    """
    incident_id = parse_reference(arguments)
    if incident_id is None:
        what = f"“{cut(arguments, 40)}” names no incident" if arguments else "Which incident?"
        end = "" if what.endswith("?") else "."
        raise IncidentError(
            f"{what}{end} Type for example `/incident {example}`. "
            "`/incident list` shows those that are not resolved."
        )
    return incident_id


def incident_first(arguments: str) -> tuple[str, str]:
    """The word that names the incident and the rest, whichever was typed first."""
    words = arguments.split()
    if len(words) > 1 and parse_reference(words[0]) is None and parse_reference(words[-1]):
        words = [words[-1], *words[:-1]]
    return "".join(words[:1]), " ".join(words[1:])


@dataclass(frozen=True)
class Named:
    """An incident and a person that were named in a command, and what else was typed."""

    incident_id: int
    user_id: str
    rest: str


def named_from(command: SlashCommand, example: str) -> Named:
    """Read an incident and a person, in any order; raises IncidentError with the way out.

    `example` is what to type after `/incident`.
    """
    sent = "".join(command.sent.split(maxsplit=1)[1:])
    name, rest = incident_first(unescape(_PERSON.sub(" ", sent)))
    incident_id = incident_id_from(name, example)
    people = set(_PERSON.findall(sent))
    if len(people) > 1:
        raise IncidentError(f"One person at a time. Type for example `/incident {example}`.")
    if unknown := next((word for word in rest.split() if word.startswith("@")), None):
        raise IncidentError(
            f"“{cut(unknown, 40)}” is nobody whom Slack knows here. Type @ and choose somebody "
            "from the list that Slack shows."
        )
    if not people:
        raise IncidentError(f"Who? Type for example `/incident {example}`.")
    return Named(incident_id, people.pop(), rest)


def incident_id_and_words(arguments: str, example: str) -> tuple[int, str]:
    """The incident that is meant, and the words after its name; raises IncidentError.

    It has to be named: there is no channel yet in which it is plain which one is meant.
    """
    name, *rest = arguments.split(maxsplit=1) or [""]
    return incident_id_from(name, example), "".join(rest)


def step_subcommand(
    name: str, summary: str, step: Step, aliases: tuple[str, ...] = ()
) -> Subcommand:
    """The subcommand that takes the incident it names a step along its life cycle."""

    async def run(command: SlashCommand, arguments: str, services: Services) -> Answer:
        incident_id = incident_id_from(arguments, f"{name} INC-12")
        incident = await services.store.take(command.request, incident_id, step)
        return Reply(services.told(done(step, incident, command.user_id)))

    return Subcommand(name, "INC-12", summary, run, is_change=True, aliases=aliases)
