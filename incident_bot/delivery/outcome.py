"""What can come of sending one message. Each outcome has its own next step."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sent:
    """It is in the channel; `message_ts` is the message's place there."""

    channel_id: str
    message_ts: str


@dataclass(frozen=True)
class Done:
    """What was to be done to a channel, or with another target, is so.

    `receipt` is a JSON object that names what came of it there, for who looks for it later.
    """

    receipt: str | None = None


@dataclass(frozen=True)
class ChannelMade:
    """There is a channel for the incident; `name` is the one that Slack gave it."""

    channel_id: str
    name: str


@dataclass(frozen=True)
class NotSent:
    """It did not get there, for a passing reason: try again.

    `method` is the call that failed; without one it waits for something else to be done first.
    """

    reason: str
    method: str | None = None


@dataclass(frozen=True)
class RateLimited:
    """It did not get there: this method has to rest for `retry_after` seconds."""

    method: str
    retry_after: float


@dataclass(frozen=True)
class Unknown:
    """It may have got there or not: look before sending it again.

    `method` is the call that failed, if not that which sends it.
    """

    reason: str
    method: str | None = None


@dataclass(frozen=True)
class ChannelClosed:
    """The channel does not take it, until a person mends that: keep it and go on asking."""

    reason: str


@dataclass(frozen=True)
class Unwelcome:
    """The channel does not take it and need not: tell it nothing of this incident any more."""

    reason: str


@dataclass(frozen=True)
class AccessLost:
    """Nothing can be sent at all, until a person mends the bot's access.

    `scope` is what the bot's token lacks, if that is why; several are separated by commas.
    """

    reason: str
    scope: str | None = None


@dataclass(frozen=True)
class Refused:
    """This message will never be taken: give it up."""

    reason: str


@dataclass(frozen=True)
class NotLetIn:
    """Slack let in all who were invited to a channel, but for these: give it up."""

    reason: str
    user_ids: frozenset[str]


@dataclass(frozen=True)
class SetAside:
    """It keeps failing while others get through: set it aside so that those behind it can go."""

    reason: str


@dataclass(frozen=True)
class TakenOver:
    """The claim on it ran out before it was sent: it is left to whoever has it now or claims it."""


Outcome = (
    Sent
    | Done
    | ChannelMade
    | NotSent
    | RateLimited
    | Unknown
    | ChannelClosed
    | Unwelcome
    | AccessLost
    | Refused
    | NotLetIn
    | SetAside
    | TakenOver
)
