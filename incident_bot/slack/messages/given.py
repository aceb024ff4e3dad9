"""What somebody is told in a direct message to whom a colleague has given an action item."""

from incident_bot.domain.action_item import SomeActionItems
from incident_bot.domain.incident import Incident
from incident_bot.domain.severity import Severities
from incident_bot.domain.timeline import TimelineEntry
from incident_bot.slack.messages.action_items import facts, finish_button
from incident_bot.slack.text.mrkdwn import mention, moment
from incident_bot.slack.text.parts import Part, as_typed, aside, buttons, quotation, sentence


def given(
    incident: Incident,
    entry: TimelineEntry,
    severities: Severities,
    items: SomeActionItems,
) -> tuple[Part, ...]:
    """With the button that says it is done."""
    del severities
    [item] = items.shown
    who, when = mention(entry.actor), moment(entry.at)
    parts = (
        sentence(f"{who} gave you an action item of *{incident.reference}* · {when}"),
        as_typed(incident.title),
        quotation(item.text),
        aside(facts(item, entry.at)),
    )
    return parts if item.is_done else (*parts, buttons(finish_button(item)))
