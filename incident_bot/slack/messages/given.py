"""What somebody is told in a direct message to whom a colleague has given an action item."""

from incident_bot.domain.action_item import SomeActionItems
from incident_bot.domain.incident import Incident
from incident_bot.domain.severity import Severities
from incident_bot.domain.timeline import TimelineEntry
from incident_bot.slack.messages.action_items import facts, finish_button
from incident_bot.slack.text.mrkdwn import (
    Block,
    actions,
    context,
    mention,
    moment,
    quoted,
    section,
    typed,
    woven,
)


def given(
    incident: Incident,
    entry: TimelineEntry,
    severities: Severities,
    items: SomeActionItems,
    limit: int,
) -> tuple[str, tuple[Block, ...]]:
    """Text, of `limit` characters at most, and blocks, with the button that says it is done."""
    del severities
    [item] = items.shown
    who, when = mention(entry.actor), moment(entry.at)
    said = f"{who} gave you an action item of *{incident.reference}* · {when}"
    stands = facts(item, entry.at)
    text = woven(
        ((f"{said}\n", incident.title), ("\n", item.text), (f"\n{stands}", "")),
        limit,
    )
    blocks = (section(said), typed(incident.title), quoted(item.text), context(stands))
    return text, blocks if item.is_done else (*blocks, actions(finish_button(item)))
