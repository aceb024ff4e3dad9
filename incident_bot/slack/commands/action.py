"""`/incident action INC-12 text @owner by Friday`: adds an action item."""

from datetime import datetime
from typing import Final

from incident_bot.domain.action_item import is_due, read_action_item
from incident_bot.slack.commands.subcommand import (
    PERSON,
    incident_and_words,
    refuse_unknown,
    subcommand,
)
from incident_bot.slack.messages.action_item import added_item
from incident_bot.slack.payloads import SlashCommand
from incident_bot.slack.reply import AnyReply
from incident_bot.slack.services import Services
from incident_bot.slack.text.errors import NotUnderstood
from incident_bot.slack.text.mrkdwn import unescape

_EXAMPLE: Final = "action INC-12 Fix the alert @ana by Friday"


@subcommand(
    "action",
    "INC-12 text [@owner] [due]",
    "adds an action item, due for example `by Friday 14:00`",
    aliases=("todo",),
)
async def run(command: SlashCommand, arguments: str, services: Services) -> AnyReply:
    """Without words it lists them: who types so has forgotten the other name."""
    del arguments
    owner, sent = _owner_and_rest("".join(command.sent.split(maxsplit=1)[1:]))
    typed = unescape(sent)
    incident_id, words = await incident_and_words(command, typed, _EXAMPLE, services)
    if not words and owner is None:
        return await services.items(incident_id, 0, command.user_id)
    if owner is None:
        refuse_unknown(words)
    else:
        await services.people.refuse_responder(owner)
    now = await services.people.local_time(command.user_id)
    sent = sent if words == typed else "".join(sent.split(maxsplit=1)[1:])
    new = read_action_item(_without_owner(sent, now), now, owner)
    incident, item = await services.action_items.add(command.request, incident_id, new)
    return added_item(incident, item)


def _owner_and_rest(sent: str) -> tuple[str | None, str]:
    """Who is named, and the text, without them if they are named first."""
    people = set(PERSON.findall(sent))
    if len(people) > 1:
        raise NotUnderstood(
            "An action item has one owner. Choose one person with @, and name others without it."
        )
    first = PERSON.match(sent.lstrip())
    return next(iter(people), None), sent.lstrip()[first.end() :].strip() if first else sent


def _without_owner(sent: str, now: datetime) -> str:
    """The words, in which a name stays that is part of a sentence, as in "Ask @ana for logs"."""
    *_, last = [None, *PERSON.finditer(sent)]
    if last is None:
        return unescape(sent)
    before, after = (unescape(part).strip() for part in (sent[: last.start()], sent[last.end() :]))
    is_apart = not before or not after or is_due(after, now)
    return f"{before.rstrip(',')} {after}" if is_apart else unescape(sent)
