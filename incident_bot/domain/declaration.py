"""What somebody must say to declare an incident."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from incident_bot.domain.text import Description, Reporter, Title


class Declaration(BaseModel):
    """What somebody must say to declare an incident, normalised and within limits.

    `has_named_reporter` and `is_private` as in Incident. `wants_channel` asks for a channel in
    which it is worked on; what is private always has one.
    """

    model_config = ConfigDict(frozen=True)

    title: Title
    description: Description
    severity: str
    reported_by: Reporter
    has_named_reporter: bool = False
    is_private: bool = False
    wants_channel: bool = False

    @property
    def has_channel(self) -> bool:
        return self.wants_channel or self.is_private


@dataclass(frozen=True)
class OriginMessage:
    """The message from which an incident was declared; `thread_ts` is where one replies to it."""

    channel_id: str
    thread_ts: str
