"""One incident for one person: the announcement's words, and where it is announced."""

from incident_bot.domain.incident import Incident
from incident_bot.domain.responders import NOBODY, Responders
from incident_bot.domain.severity import Severities
from incident_bot.slack.messages.announcement import announced
from incident_bot.slack.reply import Reply
from incident_bot.slack.text.mrkdwn import link_to_announcement
from incident_bot.slack.text.parts import aside, rendered, sentence


def card(
    incident: Incident,
    severities: Severities,
    permalink: str | None,
    said: str | None = None,
    responders: Responders = NOBODY,
) -> Reply:
    """The incident with its buttons; `said` is a sentence in mrkdwn to begin with."""
    parts = announced(incident, severities, responders)
    if said is not None:
        parts = (sentence(said), *parts)
    if permalink is not None:
        parts = (*parts, aside(link_to_announcement(permalink)))
    return Reply(*rendered(parts), replaces=True)
