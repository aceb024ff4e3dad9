"""Direct messages: what one person hears of a change, wherever it is announced."""

from typing import Final

from incident_bot.domain.action_item import NO_ACTION_ITEMS, SomeActionItems
from incident_bot.domain.incident import Incident
from incident_bot.domain.severity import Severities
from incident_bot.domain.timeline import TimelineEntry
from incident_bot.slack.messages.entries import in_person
from incident_bot.slack.messages.notification import notified
from incident_bot.slack.text.button_values import SeenIncident
from incident_bot.slack.text.mrkdwn import button, link_to_announcement
from incident_bot.slack.text.parts import Message, Part, aside, buttons, rendered

UNFOLLOW: Final = "unfollow"


def direct(
    incident: Incident,
    entry: TimelineEntry,
    severities: Severities,
    permalink: str | None,
    items: SomeActionItems = NO_ACTION_ITEMS,
    *,
    reader: str,
) -> Message:
    """Tell `entry` to `reader`, with a link to the announcement where that is known.

    Whom it is about is told so in words of their own; others, as in the announcement's thread.
    """
    is_about_reader = entry.after == reader and entry.undone_at is None
    build = in_person(entry) if is_about_reader else None
    parts = build(incident, entry, severities, items) if build else notified(incident, entry)
    if build is None and entry.facts.is_followed:
        parts = (*parts, _unfollow(incident, entry))
    if permalink is not None:
        parts = (*parts, aside(link_to_announcement(permalink)))
    return rendered(parts)


def _unfollow(incident: Incident, entry: TimelineEntry) -> Part:
    seen = SeenIncident.shown(incident, entry.version)
    return buttons(button(UNFOLLOW, "Unfollow", seen.dump()))
