"""`/incident …`: the subcommands, one file each, their dispatch and the help."""

import sys
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from incident_bot.slack.commands.subcommand import COMMANDS, SUBCOMMANDS, Subcommand, subcommand
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.registry import Permission, import_all
from incident_bot.slack.reply import AnyReply, Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.mrkdwn import cut, escape, unformatted
from incident_bot.slack.text.parts import rendered, sentence

COMMAND: Final = "/incident"

# What is not named here comes after these.
_FIRST: Final = (
    *("new", "list", "search", "show", "ack", "resolve", "reopen", "update", "severity"),
    *("lead", "assign", "edit", "note", "timeline", "action", "actions", "delete"),
    *("follow", "unfollow"),
)

import_all(sys.modules[__name__])


async def dispatch(command: SlashCommand, services: Services) -> AnyReply:
    """Run the subcommand that was typed; without one, show the help."""
    name = command.subcommand or "help"
    if name not in COMMANDS:
        return _unknown(command.text.strip())
    return await COMMANDS.dispatch(name, command, services)


def in_help() -> Sequence[Subcommand]:
    """The subcommands as the help lists them, itself last."""
    order = {name: place for place, name in enumerate(_FIRST)}
    return sorted(
        SUBCOMMANDS.values(), key=lambda one: (one.name == "help", order.get(one.name, len(order)))
    )


@subcommand("help", "", "shows this", permission=Permission.EVERYONE)
async def _help(_command: SlashCommand, _arguments: str, _services: Services) -> AnyReply:
    lines = [
        f"`{COMMAND} {f'{one.name} {one.arguments}'.strip()}` {one.summary}" for one in in_help()
    ]
    lines.append("In an incident's own channel it need not be named.")
    return Reply(*rendered((sentence("\n".join(lines)),)))


def _unknown(text: str) -> Reply:
    name = text.split(maxsplit=1)[0]
    typed = unformatted(cut(name.replace("`", "'"), 40))
    guess = ""
    if nearest := get_close_matches(name.casefold(), COMMANDS, n=1):
        guess = f" Did you mean `{COMMAND} {nearest[0]}`?"
    elif " " in text:
        title = escape(cut(text.replace("`", "'"), 100))
        guess = f" To declare an incident, type `{COMMAND} new {title}`."
    return Reply(f"“{typed}” is not a command.{guess} `{COMMAND} help` shows what there is.")
