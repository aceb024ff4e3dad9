"""One incident for one person: the announcement's words, and where it is announced."""

from incident_bot.domain.incident import Incident
from incident_bot.domain.responders import NOBODY, Responders
from incident_bot.domain.severity import Severities
from incident_bot.slack.messages.announcement import announcement
from incident_bot.slack.reply import Reply
from incident_bot.slack.text.mrkdwn import MESSAGE_LIMIT, context, link_to_announcement, section


def card(
    incident: Incident,
    severities: Severities,
    permalink: str | None,
    said: str | None = None,
    responders: Responders = NOBODY,
) -> Reply:
    """The incident with its buttons; `said` is a sentence in mrkdwn to begin with."""
    before = "" if said is None else f"{said}\n"
    link = "" if permalink is None else link_to_announcement(permalink)
    room = MESSAGE_LIMIT - len(before) - len(link) - 1
    text, blocks = announcement(incident, severities, responders, room)
    if said is not None:
        blocks = (section(said), *blocks)
    if permalink is not None:
        text, blocks = f"{text}\n{link}", (*blocks, context(link))
    return Reply(f"{before}{text}", blocks, replaces=True)
