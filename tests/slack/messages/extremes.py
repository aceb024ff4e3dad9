"""Incidents that are as long and as odd as they can be."""

from typing import Any, Final

from incident_bot.domain.incident import Incident
from incident_bot.domain.responders import Responder, Responders
from incident_bot.domain.severity import Severities
from tests.factories import NOON, after, an_incident, in_progress, resolved

MARKS: Final = ("&", "<", ">", "🔥", "*", "x")
"""Of which the longest texts consist: what is escaped, what is wide, what is formatted."""

STATUSES: Final = {"open": an_incident, "in progress": in_progress, "resolved": resolved}


def severities_of(mark: str) -> Severities:
    return Severities(tuple(f"{number:02}{mark * 80}"[:75] for number in range(20)))


def many_responders(mark: str, number: int = 13) -> Responders:
    """As many, each with a role as long as it may be."""
    return Responders(
        tuple(
            Responder(f"U{number:010}", NOON, f"{number:02}{mark * 80}"[:75])
            for number in range(number)
        )
    )


def longest(mark: str, status: str, **changes: Any) -> Incident:  # noqa: ANN401 - Incident's
    """An incident whose every text is as long as it may be, and made of `mark`."""

    def text(limit: int) -> str:
        return (mark * limit)[:limit]

    values: dict[str, Any] = {
        "id": 2**53 - 1,
        "version": 10**9,
        "title": text(200),
        "description": text(3000),
        "reported_by": text(100),
        "lead": text(100),
        "severity": severities_of(mark).names[-1],
        "latest_update": text(3000),
        "latest_update_by": text(100),
        "latest_update_at": after(9),
        "summary": text(3000),
        "declared_at": NOON,
        "next_update_at": after(39),
        "is_private": True,
        "channel_id": "C0123456789",
        "channel_name": "x" * 80,
    }
    return STATUSES[status](**(values | changes))
