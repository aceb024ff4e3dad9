"""What the bot hands to Slack with buttons and forms, and gets back with them: small JSON."""

import re
from datetime import datetime
from typing import Annotated, Any, Final, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    ValidationError,
)

from incident_bot.domain.declaration import OriginMessage
from incident_bot.domain.incident import Incident
from incident_bot.domain.reminder import ReminderKind
from incident_bot.domain.status import Status
from incident_bot.domain.timeline import TimelineEntry
from incident_bot.slack.text.errors import OfNoUse
from incident_bot.store.case import SeenVersion
from incident_bot.store.queries.made import Numbered

SEARCH_LIMIT: Final = 200
"""Characters that a search may have."""

TYPED_LIMIT: Final = 900
"""Characters that a button remembers: it has 2,000, and JSON may write two for one."""

IncidentId = Annotated[int, Field(ge=1, lt=2**53)]

# With a value for each this leaves room for the words: Slack takes 2,000 characters.
_TRAIL: Final = 40
_CHANNEL_ID: Final = re.compile(r"[CG][A-Z0-9]{1,40}")


class ButtonValue(BaseModel):
    """What the bot hands to Slack with a button or a form and gets back with it.

    It comes back by way of the person's client, so it is validated like any input.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises OfNoUse when it is not what this bot hands out."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise OfNoUse from error

    def dump(self) -> str:
        return self.model_dump_json(exclude_none=True)


class Seen(ButtonValue):
    """Something of an incident that a person was looking at.

    `made_at` is when that was made, in microseconds since 1970: once a backup has been restored,
    its number may be another's. Buttons of earlier versions of this bot have none.
    """

    incident_id: IncidentId
    made_at: Annotated[int, Field(ge=0, lt=2**63)] | None = None

    @property
    def named(self) -> tuple[Numbered, int]:
        """What `made_at` is about: its kind and its number."""
        return Numbered.INCIDENT, self.incident_id


def microseconds(at: datetime) -> int:
    """For `Seen.made_at`."""
    return int(at.timestamp() * 1_000_000)


class SeenIncident(Seen):
    """The incident that a person was looking at, in the version that was shown."""

    version: Annotated[int, Field(ge=1, lt=2**53)]

    @classmethod
    def shown(cls, incident: Incident, version: int | None = None) -> "SeenIncident":
        """The incident as it is now, or was in a version before."""
        return SeenIncident(
            incident_id=incident.id,
            made_at=microseconds(incident.declared_at),
            version=incident.version if version is None else version,
        )


class SeenDeed(Seen):
    """What somebody did, as its notification tells it."""

    entry_id: Annotated[int, Field(ge=1, lt=2**53)]

    @property
    def named(self) -> tuple[Numbered, int]:
        return Numbered.ENTRY, self.entry_id


class SeenReminder(Seen):
    """A reminder that somebody wants to hear later, or no more; `owner` is whose items it is of."""

    kind: ReminderKind
    owner: Annotated[str, StringConstraints(max_length=40)] = ""


class Typed(ButtonValue):
    """What somebody typed, for a form to begin with."""

    typed: Annotated[str, StringConstraints(max_length=TYPED_LIMIT)] = ""


class SeenTyped(SeenIncident, Typed):
    """The same for a form of an incident."""


class SeenPage(Seen):
    """The page of a timeline, or of action items, that a button leads to."""

    page: Annotated[int, Field(ge=0, lt=2**31)] = 0


class SeenEntry(SeenPage):
    """A timeline entry as a person was looking at it, and the page on which it was."""

    entry_id: Annotated[int, Field(ge=1, lt=2**53)]
    edited_at: AwareDatetime | None = None

    @property
    def named(self) -> tuple[Numbered, int]:
        return Numbered.ENTRY, self.entry_id

    @property
    def version(self) -> SeenVersion:
        return SeenVersion(self.incident_id, self.entry_id, self.edited_at)


class SeenItem(SeenPage):
    """An action item, and the page on which it was."""

    item_id: Annotated[int, Field(ge=1, lt=2**53)]

    @property
    def named(self) -> tuple[Numbered, int]:
        return Numbered.ACTION_ITEM, self.item_id


class SeenEntryForm(SeenEntry):
    """The same with the time that the form was filled with: None for an update, which keeps it.

    `channel_id` is where the form was asked for, and where its reply goes.
    """

    happened_at: AwareDatetime | None = None
    channel_id: str | None = None

    @classmethod
    def of(cls, incident: Incident, entry: TimelineEntry, channel_id: str | None) -> Self:
        return cls(
            incident_id=incident.id,
            made_at=microseconds(entry.at),
            entry_id=entry.id or 0,
            edited_at=entry.edited_at,
            happened_at=entry.happened_at if entry.facts.is_written else None,
            channel_id=channel_id,
        )

    def moment_meant_by(self, chosen: datetime) -> datetime:
        """A form shows minutes: one that was not changed stands for the very moment."""
        filled = self.happened_at
        if filled is not None and chosen == filled.replace(second=0, microsecond=0):
            return filled
        return chosen


class SeenForm(SeenIncident):
    """The same with what a form was filled with, to know what the person changed.

    `channel_id` is where the form was asked for, and where its reply goes.
    """

    status: str
    severity: str
    channel_id: str | None = None

    @classmethod
    def of(cls, incident: Incident, channel_id: str | None) -> Self:
        return cls(
            incident_id=incident.id,
            made_at=microseconds(incident.declared_at),
            version=incident.version,
            status=incident.status,
            severity=incident.severity,
            channel_id=channel_id,
        )


class ListPage(ButtonValue):
    """Which incidents a list shows, and on which page.

    `is_mine` are those that the reader leads. `trail` are the incidents with which the pages before
    this one ended, as far as they are remembered.
    """

    # Sorted, so that the same page has the same value.
    statuses: Annotated[frozenset[Status], PlainSerializer(sorted)] = frozenset()
    severity: Annotated[str | None, StringConstraints(max_length=75)] = None
    is_mine: bool = False
    words: Annotated[str, StringConstraints(max_length=SEARCH_LIMIT)] = ""
    number: Annotated[int, Field(ge=1, lt=2**31)] = 1
    trail: Annotated[tuple[IncidentId, ...], Field(max_length=_TRAIL)] = ()

    def older(self, last_id: int) -> Self:
        """The next page; this one ends with the incident `last_id`."""
        trail = (*self.trail, last_id)[-_TRAIL:]
        return self.model_copy(update={"number": self.number + 1, "trail": trail})

    def newer(self) -> Self:
        """The page before; the first where it is not remembered."""
        trail = self.trail[:-1]
        return self.model_copy(update={"number": self.number - 1 if trail else 1, "trail": trail})

    def filtered(self, **filters: Any) -> Self:  # noqa: ANN401 - names and types are the fields'
        """The first page of a list with other filters."""
        return self.model_copy(update={"number": 1, "trail": (), **filters})


class Origin(ButtonValue):
    """Where somebody began to declare an incident; `thread_ts` if it was at a message."""

    channel_id: str | None = None
    channel_name: str | None = None
    thread_ts: Annotated[str | None, StringConstraints(pattern=r"^\d{1,20}\.\d{1,20}$")] = None

    @property
    def message(self) -> OriginMessage | None:
        if self.channel_id is None or self.thread_ts is None:
            return None
        return OriginMessage(self.channel_id, self.thread_ts)

    @property
    def postable_channel_id(self) -> str | None:
        """The channel's ID unless it is a direct message or no ID at all."""
        is_channel = self.channel_id is not None and _CHANNEL_ID.fullmatch(self.channel_id)
        return self.channel_id if is_channel and self.channel_name != "directmessage" else None
