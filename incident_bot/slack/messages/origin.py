"""What is said below the message from which an incident was declared."""

from incident_bot.domain.incident import Incident
from incident_bot.slack.text.mrkdwn import (
    Block,
    channel_mention,
    context,
    escape,
    link_to_announcement,
    mention,
    section,
    typed,
)


def origin_reply(
    incident: Incident, announcement_channel: str, permalink: str | None
) -> tuple[str, tuple[Block, ...]]:
    """Name the incident, and say where it goes on: by a link, once there is one."""
    said = f"Declared as *{incident.reference}* by {mention(incident.reported_by)}"
    where = f"It is being announced in {channel_mention(announcement_channel)}."
    if permalink is not None:
        where = link_to_announcement(permalink)
    text = f"{said}\n{escape(incident.title)}\n{where}"
    return text, (section(said), typed(incident.title), context(where))
