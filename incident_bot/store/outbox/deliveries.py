"""A message of the outbox, or a step in a channel, as the worker that has claimed it holds it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import RowMapping

from incident_bot.store.outbox.enqueue import DeliveryKind

_MISSED: Final = frozenset({DeliveryKind.CHANNEL, DeliveryKind.INVITATION, DeliveryKind.ARCHIVING})

_MISSED_POSTS: Final = frozenset(
    {DeliveryKind.ANNOUNCEMENT, DeliveryKind.NOTIFICATION, DeliveryKind.ORIGIN}
)


@dataclass(frozen=True)
class Delivery:
    """One message to send, as a worker holds it.

    `is_uncertain` says that an earlier try may have reached the channel: look before posting.
    `is_text_alone` says that it goes without blocks: with them Slack has not taken it.
    `about_id` is the ID of the delivery whose trouble it tells of. `first_tried_at` is by Slack's
    clock.
    """

    id: int
    kind: DeliveryKind
    incident_id: int
    entry_id: int | None
    destination: str
    lane: str
    attempts: int
    is_uncertain: bool
    created_at: datetime
    first_tried_at: datetime
    is_text_alone: bool = False
    about_id: int | None = None

    @property
    def key(self) -> str:
        """Names this delivery also among those of an earlier database."""
        return f"{self.id}-{int(self.created_at.timestamp() * 1_000_000)}"

    @property
    def is_post(self) -> bool:
        """Whether it adds a message to the channel rather than edits one."""
        return self.lane == self.destination

    @property
    def is_edit_of_entry(self) -> bool:
        """Whether it edits a notification or direct message that tells an entry."""
        return self.kind.is_of_entry and not self.is_post

    @property
    def is_missed(self) -> bool:
        """Whether somebody asked for it and would look for it in vain, should it fail."""
        return self.kind in _MISSED or (self.kind in _MISSED_POSTS and self.is_post)


def delivery_of(row: RowMapping, tried_at: datetime) -> Delivery:
    """The row as it is once it was claimed."""
    return Delivery(
        id=row["id"],
        kind=DeliveryKind(row["kind"]),
        incident_id=row["incident_id"],
        entry_id=row["entry_id"],
        destination=row["destination"],
        lane=row["lane"],
        attempts=row["attempts"] + 1,
        is_uncertain=row["is_uncertain"] or row["state"] == "sending",
        created_at=row["created_at"],
        first_tried_at=row["first_tried_at"] or tried_at,
        about_id=row["about_id"],
    )
