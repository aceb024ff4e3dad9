"""What a row of the outbox has done: an operation is one object that says all that is so of it."""

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Final, Self

SLACK: Final = "slack"
EVENT_LOG: Final = "log"
"""Targets: each is sent to at its own pace, and held up by nothing but itself."""


class Destination(Enum):
    """What a row's `destination` names inside its target."""

    CHANNEL = "a channel, by its ID or, for the announcement channel, its name"
    PERSON = "a person, by user ID"
    INCIDENT = "an incident, by its reference, that has no channel yet"
    WHOLE = "the target itself, by its name"


@dataclass(frozen=True)
class Facts:
    """What is so of all rows with an operation.

    `to` is what their destination is. What `is_message` is said to somebody, rather than done to
    a channel; what `is_of_entry` tells one timeline entry. If it `is_missed`, somebody asked for
    it and would look for it in vain, should it fail: of messages only for posts, not their edits.
    It `needs_announcement` if it makes no sense where the incident isn't announced any more.
    """

    to: Destination = Destination.CHANNEL
    is_message: bool = False
    is_of_entry: bool = False
    is_missed: bool = False
    needs_announcement: bool = False
    shows_responders: bool = False


class Operation(StrEnum):
    """What is to be sent or done; the values are stored."""

    facts: Facts

    def __new__(cls, stored: str, facts: Facts | None = None) -> Self:
        operation = str.__new__(cls, stored)
        operation._value_ = stored
        operation.facts = facts or Facts()
        return operation

    ANNOUNCEMENT = (
        "announcement",
        Facts(is_message=True, is_missed=True, needs_announcement=True, shows_responders=True),
    )
    NOTIFICATION = (
        "notification",
        Facts(is_message=True, is_of_entry=True, is_missed=True, needs_announcement=True),
    )
    DIRECT = "direct", Facts(Destination.PERSON, is_message=True, is_of_entry=True)
    CHANNEL = "channel", Facts(Destination.INCIDENT, is_missed=True)
    INVITATION = "invitation", Facts(is_missed=True, shows_responders=True)
    TOPIC = "topic", Facts()
    BOOKMARK = "bookmark", Facts()
    PIN = "pin", Facts(needs_announcement=True)
    ARCHIVING = "archiving", Facts(is_missed=True)
    ORIGIN = "origin", Facts(is_message=True, is_missed=True)
    TROUBLE = "trouble", Facts(Destination.PERSON, is_message=True)
    EVENT = "event", Facts(Destination.WHOLE)

    @property
    def is_message(self) -> bool:
        return self.facts.is_message

    @property
    def is_of_entry(self) -> bool:
        return self.facts.is_of_entry

    @property
    def is_to_person(self) -> bool:
        return self.facts.to is Destination.PERSON
