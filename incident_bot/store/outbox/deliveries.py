"""A message of the outbox, or a step in a channel, as the worker that has claimed it holds it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping

from incident_bot.store.outbox.operations import Operation


@dataclass(frozen=True)
class Delivery:
    """One message to send, as a worker holds it.

    `key` names it, also among those of an earlier database, and is the same at every try.
    `is_uncertain` says that an earlier try may have reached the channel: look before posting.
    `is_text_alone` says that it goes without blocks: with them Slack has not taken it.
    `about_id` is the ID of the delivery whose trouble it tells of. `first_tried_at` is by Slack's
    clock. `body` is what a target other than Slack is sent.
    """

    id: int
    key: str
    operation: Operation
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
    body: str | None = None

    @property
    def is_post(self) -> bool:
        """Whether it adds a message to the channel rather than edits one."""
        return self.lane == self.destination

    @property
    def is_edit_of_entry(self) -> bool:
        """Whether it edits a notification or direct message that tells an entry."""
        return self.operation.is_of_entry and not self.is_post

    @property
    def is_missed(self) -> bool:
        """Whether somebody asked for it and would look for it in vain, should it fail."""
        return self.operation.facts.is_missed and (self.is_post or not self.operation.is_message)


def delivery_of(row: RowMapping, tried_at: datetime) -> Delivery:
    """The row as it is once it was claimed."""
    return Delivery(
        id=row["id"],
        key=row["dedupe_key"],
        operation=Operation(row["operation"]),
        incident_id=row["incident_id"],
        entry_id=row["entry_id"],
        destination=row["destination"],
        lane=row["lane"],
        attempts=row["attempts"] + 1,
        is_uncertain=row["is_uncertain"] or row["state"] == "sending",
        created_at=row["created_at"],
        first_tried_at=row["first_tried_at"] or tried_at,
        about_id=row["about_id"],
        body=row["body"],
    )
