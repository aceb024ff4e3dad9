"""What a new lead is told in a direct message: what they were given, and how it stands."""

from collections.abc import Iterator
from datetime import datetime

from incident_bot.domain.action_item import SomeActionItems
from incident_bot.domain.incident import Incident
from incident_bot.domain.severity import Severities
from incident_bot.domain.timeline import TimelineEntry
from incident_bot.slack.messages.action_items import how_to_list, in_words, shown
from incident_bot.slack.messages.announcement import (
    STATUS_EMOJI,
    latest_update,
    latest_update_in_words,
    severity_words,
)
from incident_bot.slack.text.mrkdwn import (
    Block,
    context,
    mention,
    moment,
    section,
    typed,
    woven,
)


def handover(
    incident: Incident,
    entry: TimelineEntry,
    severities: Severities,
    items: SomeActionItems,
    limit: int,
) -> tuple[str, tuple[Block, ...]]:
    """Text, of `limit` characters at most, and blocks; the incident is told as it is now."""
    who, when = mention(entry.actor), moment(entry.at)
    said = f"{who} made you the lead of *{incident.reference}* · {when}"
    stands = (
        f"{STATUS_EMOJI[incident.status]} {incident.status} · "
        f"severity {severity_words(incident.severity, severities)} · "
        f"declared {moment(incident.declared_at)}"
    )
    parts = (
        (f"{said}\n", incident.title),
        (f"\n{stands}", ""),
        *latest_update_in_words(incident),
        *_open_items_in_words(incident, items, entry.at),
    )
    blocks = (
        section(said),
        typed(incident.title),
        context(stands),
        *latest_update(incident),
        *_open_items(incident, items, entry.at),
    )
    return woven(parts, limit), blocks


def _open_items(incident: Incident, items: SomeActionItems, at: datetime) -> Iterator[Block]:
    if items.shown:
        yield context(f"*Open action items* · {items.total}")
    for item in items.shown:
        yield from shown(item, at)
    if items.shown:
        yield context(_more(incident, items))


def _open_items_in_words(
    incident: Incident, items: SomeActionItems, at: datetime
) -> Iterator[tuple[str, str]]:
    """The same for `woven`; empty where there is none."""
    if items.shown:
        yield f"\nOpen action items: {items.total}", ""
        for item in items.shown:
            yield from in_words(item, at)
        yield f"\n{_more(incident, items)}", ""


def _more(incident: Incident, items: SomeActionItems) -> str:
    more = items.total - len(items.shown)
    return f"{f'and {more} more: ' if more else ''}{how_to_list(incident)}"
