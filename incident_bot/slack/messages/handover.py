"""What a new lead is told in a direct message: what they were given, and how it stands."""

from collections.abc import Iterator
from datetime import datetime

from incident_bot.domain.action_item import SomeActionItems
from incident_bot.domain.incident import Incident
from incident_bot.domain.severity import Severities
from incident_bot.domain.timeline import TimelineEntry
from incident_bot.slack.messages.action_items import how_to_list, shown
from incident_bot.slack.messages.announcement import STATUS_EMOJI, latest_update, severity_words
from incident_bot.slack.text.mrkdwn import mention, moment
from incident_bot.slack.text.parts import Part, as_typed, aside, sentence


def handover(
    incident: Incident,
    entry: TimelineEntry,
    severities: Severities,
    items: SomeActionItems,
) -> tuple[Part, ...]:
    """The incident is told as it is now."""
    who, when = mention(entry.actor), moment(entry.at)
    stands = (
        f"{STATUS_EMOJI[incident.status]} {incident.status} · "
        f"severity {severity_words(incident.severity, severities)} · "
        f"declared {moment(incident.declared_at)}"
    )
    return (
        sentence(f"{who} made you the lead of *{incident.reference}* · {when}"),
        as_typed(incident.title),
        aside(stands),
        *latest_update(incident),
        *_open_items(incident, items, entry.at),
    )


def _open_items(incident: Incident, items: SomeActionItems, at: datetime) -> Iterator[Part]:
    if not items.shown:
        return
    yield aside(f"*Open action items* · {items.total}")
    for item in items.shown:
        yield shown(item, at)
    more = items.total - len(items.shown)
    yield aside(f"{f'and {more} more: ' if more else ''}{how_to_list(incident)}")
