"""Timelines grow here; targets beside Slack hear of each entry in the same transaction."""

from sqlalchemy import Connection

from incident_bot.domain.audience import targets_that_hear
from incident_bot.domain.events import event_of
from incident_bot.domain.incident import Incident
from incident_bot.domain.note import PinnedMessage
from incident_bot.domain.timeline import TimelineEntry
from incident_bot.store.engine.database import targets_of
from incident_bot.store.outbox import enqueue, places
from incident_bot.store.rows import incident_rows


def record(
    connection: Connection,
    incident: Incident,
    entry: TimelineEntry,
    message: PinnedMessage | None = None,
) -> int:
    """Add an entry to the timeline of `incident`, which is as the entry left it; gives its ID.

    `message` is the one that it pins, if any.
    """
    entry_id = incident_rows.add_entry(connection, incident.id, entry, message)
    if targets := targets_that_hear(incident, targets_of(connection)):
        links = places.find_links(connection, [incident.id], preferred="")
        body = event_of(incident, entry, links.get(incident.id)).model_dump_json()
        for target in targets:
            enqueue.send_event(connection, incident.id, target, entry_id, body, entry.at)
    return entry_id
