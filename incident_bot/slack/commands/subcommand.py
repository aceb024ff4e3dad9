"""The registry of subcommands, and what several of them have in common."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from incident_bot.domain.reference import is_explicit, parse_reference
from incident_bot.domain.status import Step
from incident_bot.slack.messages.done import done
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.registry import Permission, Registry
from incident_bot.slack.reply import AnyReply, Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.errors import NotUnderstood, for_example
from incident_bot.slack.text.mrkdwn import cut, unescape

PERSON: Final = re.compile(r"<@(?P<user_id>[UW][A-Z0-9]{1,20})(?:\|[^<>]*)?>")
"""Somebody whom Slack knows, as it sends them."""

# "@babel/core" is no name.
_NAME: Final = re.compile(r"(?<!\S)@[^\s/]+(?!\S)")


Run = Callable[[SlashCommand, str, Services], Awaitable[AnyReply]]
"""It is given the command and what follows its name."""


@dataclass(frozen=True)
class Subcommand:
    """What the help shows of a subcommand: its name, what may follow, what it does."""

    name: str
    arguments: str
    summary: str


COMMANDS: Final = Registry[SlashCommand](
    "There is no such command.", "`/incident help` shows what there is."
)
"""By name and alias."""

SUBCOMMANDS: Final[dict[str, Subcommand]] = {}


def subcommand(
    name: str,
    arguments: str,
    summary: str,
    *,
    permission: Permission = Permission.MEMBERS,
    aliases: tuple[str, ...] = (),
) -> Callable[[Run], Run]:
    """Register the decorated function as a subcommand; `arguments` and `summary` for the help."""

    def add(run: Run) -> Run:
        async def run_typed(command: SlashCommand, services: Services) -> AnyReply:
            return await run(command, command.arguments, services)

        COMMANDS.register(name, *aliases, permission=permission)(run_typed)
        SUBCOMMANDS[name] = Subcommand(name, arguments, summary)
        return run

    return add


async def incident_meant(
    command: SlashCommand, arguments: str, example: str, services: Services
) -> int:
    """The ID of the incident that the only argument names.

    Without one, of the incident in whose channel it was typed. Raises NotUnderstood with the way
    out; `example` is what to type after `/incident`.
    """
    if not arguments:
        here = await services.incident_channels.incident_in(command.channel_id)
        if here is not None:
            return here
    return _incident_named(arguments, example)


async def incident_and_words(
    command: SlashCommand, arguments: str, example: str, services: Services
) -> tuple[int, str]:
    """The same where words follow, which are given too."""
    name, *rest = arguments.split(maxsplit=1) or [""]
    return await _here_or(command, arguments, (name, "".join(rest)), example, services)


async def incident_and_rest(
    command: SlashCommand, arguments: str, example: str, services: Services
) -> tuple[int, str]:
    """The same where the incident may be named first or last."""
    words = arguments.split()
    if len(words) > 1 and parse_reference(words[0]) is None and parse_reference(words[-1]):
        words = [words[-1], *words[:-1]]
    split = ("".join(words[:1]), " ".join(words[1:]))
    return await _here_or(command, arguments, split, example, services)


async def _here_or(
    command: SlashCommand, arguments: str, split: tuple[str, str], example: str, services: Services
) -> tuple[int, str]:
    """In an incident's channel that one, unless another is named so that it can mean only that."""
    name, rest = split
    if not is_explicit(name):
        here = await services.incident_channels.incident_in(command.channel_id)
        if here is not None:
            return here, arguments
    return _incident_named(name, example), rest


def _incident_named(text: str, example: str) -> int:
    incident_id = parse_reference(text)
    if incident_id is None:
        what = f"“{cut(text, 40)}” names no incident." if text else "Which incident?"
        others = "`/incident list` shows those that are not resolved."
        raise NotUnderstood(what, f"{for_example(example)} {others}")
    return incident_id


@dataclass(frozen=True)
class Named:
    """An incident and a person that were named in a command, and what else was typed."""

    incident_id: int
    user_id: str
    rest: str


async def named_in(command: SlashCommand, example: str, services: Services) -> Named:
    """Read an incident and a person, in any order; raises NotUnderstood with the way out.

    `example` is what to type after `/incident`.
    """
    sent = "".join(command.sent.split(maxsplit=1)[1:])
    others = unescape(PERSON.sub(" ", sent)).strip()
    incident_id, rest = await incident_and_rest(command, others, example, services)
    people = set(PERSON.findall(sent))
    if len(people) > 1:
        raise NotUnderstood("One person at a time.", for_example(example))
    refuse_unknown(rest)
    if not people:
        raise NotUnderstood("Who?", for_example(example))
    return Named(incident_id, people.pop(), rest)


def refuse_unknown(words: str) -> None:
    """Raise NotUnderstood for a name after an @ of which Slack has made nobody."""
    if unknown := _NAME.search(words):
        raise NotUnderstood(
            f"“{cut(unknown[0], 40)}” is nobody whom Slack knows here. Type @ and choose somebody "
            "from the list that Slack shows."
        )


def step_subcommand(name: str, summary: str, step: Step, aliases: tuple[str, ...] = ()) -> None:
    """Register the one that takes the incident it names a step along its life cycle."""

    @subcommand(name, "INC-12", summary, aliases=aliases)
    async def run(command: SlashCommand, arguments: str, services: Services) -> AnyReply:
        incident_id = await incident_meant(command, arguments, f"{name} INC-12", services)
        incident = await services.store.take(command.request, incident_id, step)
        return Reply(services.told(done(step, incident, command.user_id), incident))
