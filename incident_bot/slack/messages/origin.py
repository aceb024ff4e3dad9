"""What is said below the message from which an incident was declared."""

from incident_bot.domain.incident import Incident
from incident_bot.slack.text.mrkdwn import channel_mention, link_to_announcement, mention
from incident_bot.slack.text.parts import Message, as_typed, aside, rendered, sentence


def origin_reply(incident: Incident, announcement_channel: str, permalink: str | None) -> Message:
    """Name the incident, and say where it goes on: by a link, once there is one."""
    said = f"Declared as *{incident.reference}* by {mention(incident.reported_by)}"
    where = f"It is being announced in {channel_mention(announcement_channel)}."
    if permalink is not None:
        where = link_to_announcement(permalink)
    return rendered((sentence(said), as_typed(incident.title), aside(where)))
