"""Direct messages: what one person hears of a change, wherever it is announced."""

from typing import Final

from incident_bot.domain.action_item import NO_ACTION_ITEMS, SomeActionItems
from incident_bot.domain.incident import Incident
from incident_bot.domain.severity import Severities
from incident_bot.domain.timeline import TimelineEntry
from incident_bot.slack.messages.entries import Message, in_person
from incident_bot.slack.messages.notification import notification
from incident_bot.slack.text.button_values import SeenIncident, microseconds
from incident_bot.slack.text.mrkdwn import (
    MESSAGE_LIMIT,
    actions,
    button,
    context,
    link_to_announcement,
)

UNFOLLOW: Final = "unfollow"


def direct(
    incident: Incident,
    entry: TimelineEntry,
    severities: Severities,
    permalink: str | None,
    items: SomeActionItems = NO_ACTION_ITEMS,
) -> Message:
    """Tell `entry`, with a link to the announcement where that is known.

    What has no words of its own here is for who follows, told as in the announcement's thread.
    """
    link = "" if permalink is None else link_to_announcement(permalink)
    room = MESSAGE_LIMIT - len(link) - 1
    build = None if entry.undone_at else in_person(entry)
    text, blocks = (
        build(incident, entry, severities, items, room)
        if build
        else _as_followed(incident, entry, room)
    )
    return (f"{text}\n{link}", (*blocks, context(link))) if link else (text, blocks)


def _as_followed(incident: Incident, entry: TimelineEntry, limit: int) -> Message:
    """In place of the buttons, which are for those in the channel, the one that ends it."""
    message = notification(incident, entry, limit)
    blocks = [block for block in message.blocks if block["type"] != "actions"]
    seen = SeenIncident(
        incident_id=incident.id, made_at=microseconds(incident.declared_at), version=entry.version
    )
    return message.text, (*blocks, actions(button(UNFOLLOW, "Unfollow", seen.dump())))
