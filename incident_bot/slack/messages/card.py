"""One incident for one person: the announcement's words, and where it is announced."""

from incident_bot.domain.incident import Incident
from incident_bot.domain.severity import Severities
from incident_bot.slack.answers import Reply
from incident_bot.slack.messages.announcement import announcement
from incident_bot.slack.words import MESSAGE_LIMIT, context, section


def card(
    incident: Incident, severities: Severities, permalink: str | None, said: str | None = None
) -> Reply:
    """The incident with its buttons; `said` is a sentence in mrkdwn to begin with."""
    before = "" if said is None else f"{said}\n"
    link = "" if permalink is None else f"<{permalink}|Open the announcement>"
    room = MESSAGE_LIMIT - len(before) - len(link) - 1
    text, blocks = announcement(incident, severities, room)
    if said is not None:
        blocks = (section(said), *blocks)
    if permalink is not None:
        text, blocks = f"{text}\n{link}", (*blocks, context(link))
    return Reply(f"{before}{text}", blocks, replaces=True)
