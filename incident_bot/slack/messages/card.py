"""One incident for one person: the announcement's words, and where it is announced."""

from incident_bot.domain.incident import Incident
from incident_bot.domain.severity import Severities
from incident_bot.slack.answers import Reply
from incident_bot.slack.messages.announcement import announcement
from incident_bot.slack.words import context, section


def card(
    incident: Incident, severities: Severities, permalink: str | None, said: str | None = None
) -> Reply:
    """The incident with its buttons; `said` is a sentence in mrkdwn to begin with."""
    text, blocks = announcement(incident, severities)
    if said is not None:
        text, blocks = f"{said}\n{text}", (section(said), *blocks)
    if permalink is not None:
        blocks = (*blocks, context(f"<{permalink}|Open the announcement>"))
    return Reply(text, blocks, replaces=True)
