"""Things with sensible defaults, so that a test states only what matters to it."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from incident_bot.domain.action_item import ActionItem
from incident_bot.domain.actors import Viewer
from incident_bot.domain.declaration import Declaration
from incident_bot.domain.incident import Incident
from incident_bot.domain.status import Status
from incident_bot.domain.timeline import EntryKind, TimelineEntry
from incident_bot.store.outbox.deliveries import Delivery
from incident_bot.store.outbox.operations import Operation
from incident_bot.store.requests import Request

# The cast, the same in every test: Ana leads, Ben responds, Cara reports, Gus is a guest and Eve
# is of another organisation.
ANA: Final = "U0ANA"
BEN: Final = "U0BEN"
CARA: Final = "U0CARA"
GUS: Final = "U0GUS"
EVE: Final = "U0EVE"

MINUTE: Final = 60.0
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

INCIDENTS: Final = "incidents"
"""The announcement channel, by its name."""

FROM_THE_FUTURE: Final = "from_the_future"
"""A kind that only a newer version of the bot knows."""

NOON: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)
A_VIEWER: Final = Viewer(ANA)
"""Somebody who sees what everybody sees."""

HOSTILE_TITLE: Final = "<!channel> *x* <@U1> & <https://a|b>"


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float = 1) -> None:
        self.now += timedelta(seconds=seconds)


def after(minutes: float) -> datetime:
    """So many minutes after noon, when everything begins."""
    return NOON + timedelta(minutes=minutes)


def an_incident(**changes: Any) -> Incident:  # noqa: ANN401 - names and types are Incident's
    values: dict[str, Any] = {
        "id": 12,
        "title": "Checkout answers 500",
        "description": "Since noon nobody can pay.",
        "reported_by": CARA,
        "severity": "High",
        "declared_at": NOON,
        "updated_at": NOON,
    }
    return Incident(**(values | changes))


def in_progress(**changes: Any) -> Incident:  # noqa: ANN401 - the same
    values: dict[str, Any] = {
        "status": Status.IN_PROGRESS,
        "lead": ANA,
        "acknowledged_at": after(5),
        "updated_at": after(5),
        "version": 3,
    }
    return an_incident(**(values | changes))


def resolved(**changes: Any) -> Incident:  # noqa: ANN401 - the same
    values: dict[str, Any] = {
        "status": Status.RESOLVED,
        "resolved_at": after(125),
        "updated_at": after(125),
        "version": 4,
    }
    return in_progress(**(values | changes))


def an_entry(kind: EntryKind | str = EntryKind.ACKNOWLEDGED, **changes: Any) -> TimelineEntry:  # noqa: ANN401 - the same
    values: dict[str, Any] = {"actor": ANA, "at": after(5), "version": 2} | changes
    return TimelineEntry(kind, **({"happened_at": values["at"]} | values))


def a_note(**changes: Any) -> TimelineEntry:  # noqa: ANN401 - the same
    return an_entry(EntryKind.NOTE, **({"text": "Rolled back", "id": 7} | changes))


def an_update(**changes: Any) -> TimelineEntry:  # noqa: ANN401 - the same
    values: dict[str, Any] = {"actor": BEN, "text": "Rolled bakc", "id": 7}
    return an_entry(EntryKind.UPDATE_POSTED, **(values | changes))


def an_action_item(**changes: Any) -> ActionItem:  # noqa: ANN401 - the same
    values: dict[str, Any] = {
        "id": 3,
        "incident_id": 12,
        "text": "Fix the alert",
        "owner": None,
        "due_at": None,
        "created_at": after(5),
        "created_by": ANA,
    }
    return ActionItem(**(values | changes))


def a_declaration(**changes: Any) -> Declaration:  # noqa: ANN401 - the same
    values: dict[str, Any] = {
        "title": "Checkout answers 500",
        "description": "Since noon nobody can pay.",
        "severity": "High",
        "reported_by": CARA,
    }
    return Declaration(**(values | changes))


def by(actor: str, key: str | None = None) -> Request:
    """A request of `actor`."""
    return Request(actor, key)


def a_delivery(**changes: Any) -> Delivery:  # noqa: ANN401 - the same
    values: dict[str, Any] = {
        "id": 1,
        "key": f"key of {changes.get('id', 1)}",
        "operation": Operation.ANNOUNCEMENT,
        "incident_id": 12,
        "entry_id": None,
        "destination": INCIDENTS,
        "lane": INCIDENTS,
        "attempts": 1,
        "is_uncertain": False,
        "created_at": NOON,
        "first_tried_at": NOON,
    }
    return Delivery(**(values | changes))
