"""Several incidents at a glance, one line each."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from incident_bot.domain.actors import is_user_id
from incident_bot.domain.incident import Incident
from incident_bot.slack.messages.announcement import STATUS_EMOJI
from incident_bot.slack.text.mrkdwn import cut, duration
from incident_bot.slack.text.parts import Part, bullets

LISTED: Final = 20
"""How many incidents one list shows."""

_TITLE_LIMIT: Final = 80


def listing(incidents: Sequence[Incident], permalinks: Mapping[int, str]) -> Part:
    """The incidents as bullets; each reference links to its announcement where that is known."""
    return bullets([line(incident, permalinks.get(incident.id)) for incident in incidents])


def line(incident: Incident, permalink: str | None) -> dict[str, Any]:
    """One incident, as an element of rich text."""
    return {"type": "rich_text_section", "elements": _line(incident, permalink)}


def _line(incident: Incident, permalink: str | None) -> list[dict[str, Any]]:
    name: dict[str, Any] = {"type": "text", "text": incident.reference}
    if permalink is not None:
        name = {"type": "link", "url": permalink, "text": incident.reference}
    private = "🔒 private · " if incident.is_private else ""
    title = cut(incident.title, _TITLE_LIMIT)
    facts = f" {title} · {private}{incident.status} · {incident.severity} · "
    return [
        {"type": "text", "text": f"{STATUS_EMOJI[incident.status]} "},
        {**name, "style": {"bold": True}},
        {"type": "text", "text": facts},
        _age(incident),
        *_lead(incident),
    ]


def _lead(incident: Incident) -> list[dict[str, Any]]:
    if incident.lead is None:
        return []
    if is_user_id(incident.lead):
        return [{"type": "text", "text": " · "}, {"type": "user", "user_id": incident.lead}]
    return [{"type": "text", "text": f" · {incident.lead}"}]


def _age(incident: Incident) -> dict[str, Any]:
    if incident.time_to_resolve is not None:
        return {"type": "text", "text": f"took {duration(incident.time_to_resolve)}"}
    return {
        "type": "date",
        "timestamp": int(incident.declared_at.timestamp()),
        "format": "since {date_short_pretty} at {time}",
        "fallback": incident.declared_at.strftime("since %Y-%m-%d %H:%M UTC"),
    }
