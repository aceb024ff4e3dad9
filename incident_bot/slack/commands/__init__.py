"""`/incident …`: the table of subcommands, which dispatches them and writes the help."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from incident_bot.slack.commands import (
    ack,
    action,
    actions,
    assign,
    delete,
    edit,
    follow,
    lead,
    list_,
    new,
    note,
    reopen,
    resolve,
    search,
    severity,
    show,
    timeline,
    unfollow,
    update,
)
from incident_bot.slack.commands.subcommand import Subcommand
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.reply import Answer, Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.mrkdwn import cut, escape, section, unformatted

COMMAND: Final = "/incident"


async def _help(command: SlashCommand, arguments: str, services: Services) -> Answer:
    del command, arguments, services
    return _usage()


HELP: Final = Subcommand("help", "", "shows this", _help)

SUBCOMMANDS: Final[Sequence[Subcommand]] = (
    new.SUBCOMMAND,
    list_.SUBCOMMAND,
    search.SUBCOMMAND,
    show.SUBCOMMAND,
    ack.SUBCOMMAND,
    resolve.SUBCOMMAND,
    reopen.SUBCOMMAND,
    update.SUBCOMMAND,
    severity.SUBCOMMAND,
    lead.SUBCOMMAND,
    assign.SUBCOMMAND,
    edit.SUBCOMMAND,
    note.SUBCOMMAND,
    timeline.SUBCOMMAND,
    action.SUBCOMMAND,
    actions.SUBCOMMAND,
    delete.SUBCOMMAND,
    follow.SUBCOMMAND,
    unfollow.SUBCOMMAND,
    HELP,
)

_BY_NAME: Final = {
    name: subcommand
    for subcommand in SUBCOMMANDS
    for name in (subcommand.name, *subcommand.aliases)
}


async def dispatch(command: SlashCommand, services: Services) -> Answer:
    """Run the subcommand that was typed; without one, show the help."""
    if not command.text.strip():
        return _usage()
    name, *rest = command.text.split(maxsplit=1)
    arguments = rest[0].strip() if rest else ""
    subcommand = _BY_NAME.get(name.casefold())
    if subcommand is None:
        return _unknown(name, command.text.strip())
    if subcommand.is_change:
        await services.people.refuse_change(command.user_id)
    return await subcommand.run(command, arguments, services)


def _unknown(name: str, text: str) -> Reply:
    typed = unformatted(cut(name.replace("`", "'"), 40))
    guess = ""
    if nearest := get_close_matches(name.casefold(), _BY_NAME, n=1):
        guess = f" Did you mean `{COMMAND} {nearest[0]}`?"
    elif " " in text:
        title = escape(cut(text.replace("`", "'"), 100))
        guess = f" To declare an incident, type `{COMMAND} new {title}`."
    return Reply(f"“{typed}” is not a command.{guess} `{COMMAND} help` shows what there is.")


def _usage() -> Reply:
    lines = [
        f"`{COMMAND} {f'{subcommand.name} {subcommand.arguments}'.strip()}` {subcommand.summary}"
        for subcommand in SUBCOMMANDS
    ]
    lines.append("In an incident's own channel it need not be named.")
    text = "\n".join(lines)
    return Reply(text, (section(text),))
