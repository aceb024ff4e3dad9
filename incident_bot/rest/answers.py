"""What the API shows, in the names and values of the contract."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from incident_bot.domain.documents import IncidentDocument
from incident_bot.domain.incident import Incident
from incident_bot.domain.timeline import EntryKind
from incident_bot.store.outbox.operations import Operation
from incident_bot.store.outbox.undelivered import State
from incident_bot.store.queries.documents import Document, Keys

_NEWER: Final = "A newer version of the bot beside this one may add others."


class Answer(BaseModel):
    """Something that is shown; made from the domain's own objects."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class PageAnswer(BaseModel):
    """What is said of incidents that are listed; `total` counts all that the filters let through.

    Those with the words `q` are counted to 1,000 on a page; `total_is_exact` says when it stopped.
    """

    total: int
    total_is_exact: bool = True
    next_cursor: Annotated[
        str | None,
        Field(description="With a limit: what to send as `cursor` for the next page, if any."),
    ] = None


class IncidentsAnswer(PageAnswer):
    """Incidents, newest first."""

    incidents: list[IncidentDocument]


class DeletedAnswer(BaseModel):
    """What was deleted."""

    message: str
    deleted_incident: IncidentDocument


class EntryAnswer(Answer):
    """One thing that happened: who did it, when, and what it changed from and to."""

    kind: Annotated[EntryKind | str, Field(description=_NEWER)]
    actor: Annotated[str, Field(description="A Slack user ID, or the name of an API token.")]
    timestamp: Annotated[
        datetime, Field(validation_alias="at", description="When it was recorded.")
    ]
    happened_at: Annotated[
        datetime, Field(description="Earlier for notes and pinned messages that tell of before.")
    ]
    version: Annotated[
        int,
        Field(
            description="The incident's version that it led to; notes, pins and action items lead "
            "to none."
        ),
    ]
    before: str | None
    after: str | None
    text: str | None
    undone_at: Annotated[datetime | None, Field(description="When who did it took it back.")]
    author: Annotated[str | None, Field(description="Who wrote a pinned message.")]
    permalink: Annotated[str | None, Field(description="Where a pinned message is.")]


class TimelineAnswer(Answer):
    """What happened to an incident, in the order in which it was recorded."""

    timeline: list[EntryAnswer]
    total: int


class ActionItemAnswer(Answer):
    """Follow-up work. Times are UTC; who did it need not be its owner."""

    id: int
    text: str
    owner: Annotated[
        str | None, Field(description="The Slack user ID of whose it is; null for nobody's yet.")
    ]
    due_at: datetime | None
    done_at: Annotated[datetime | None, Field(description="Null while it is open.")]
    done_by: str | None
    created_at: datetime
    created_by: str


class ActionItemsAnswer(Answer):
    """An incident's action items, in the order in which they were added."""

    action_items: list[ActionItemAnswer]
    total: int


class MessageAnswer(Answer):
    """A message in the outbox: what it is to tell, where, and how far it has come."""

    id: int
    incident_id: int
    target: Annotated[str, Field(description="`slack`, or `log` for the event log.")]
    operation: Annotated[Operation | str, Field(description=_NEWER)]
    entry_kind: Annotated[
        EntryKind | str | None,
        Field(description="What a notification or direct message tells; null for others."),
    ]
    is_edit: Annotated[bool, Field(description="Whether it edits a message posted before.")]
    destination: Annotated[
        str, Field(description="A channel's ID, or its name; of a direct message, its reader.")
    ]
    state: State
    attempts: int
    created_at: datetime
    reason: Annotated[str | None, Field(description="What keeps it, or why it was given up.")]


class OutboxAnswer(Answer):
    """Messages, oldest first."""

    messages: list[MessageAnswer]
    next_cursor: Annotated[
        str | None, Field(description="What to send as `cursor` for the next page, if any.")
    ]
    process_id: Annotated[int, Field(description="Which process answers.")]


class RefusalAnswer(Answer):
    """A message that was left as it is, because of its state; null: there is none."""

    id: int
    state: State | None


class MendedAnswer(Answer):
    """The messages for which it was done, and those for which it could not be."""

    done: list[int]
    refused: list[RefusalAnswer]


class AliveAnswer(BaseModel):
    """The process lives."""

    status: Literal["alive"] = "alive"


class ReadinessAnswer(BaseModel):
    """What the bot can do; `reason` says why it cannot do its work."""

    problems: dict[str, str]
    outbox: dict[str, int] | None = None
    oldest_seconds: Annotated[
        int | None, Field(description="How many seconds the oldest undelivered message has waited.")
    ] = None
    failures: Annotated[
        list[str] | None,
        Field(description="Why messages were given up; only for who may use the API."),
    ] = None
    reason: str | None = None


class ErrorAnswer(BaseModel):
    """What was wrong, in `error`, and as much beside it as helps."""

    model_config = ConfigDict(extra="allow")

    error: str
    message: Annotated[str | None, Field(description="What to do instead.")] = None
    missing: Annotated[list[str] | None, Field(description="Fields that are missing.")] = None
    unknown: Annotated[list[str] | None, Field(description="Names that are not known.")] = None
    reference: Annotated[str | None, Field(description="What to look for in the log.")] = None


DOCUMENT: Final[Keys] = tuple(
    (name, str(field.validation_alias or name))
    for name, field in IncidentDocument.model_fields.items()
)
"""The keys of an IncidentDocument, as the store writes it."""


def shown(incident: Incident) -> IncidentDocument:
    return IncidentDocument.model_validate(incident)


class Joined:
    """Incidents as the items of a JSON array that is written piece by piece."""

    def __init__(self) -> None:
        self.total = 0

    def piece(self, documents: Sequence[Document]) -> bytes:
        """These incidents, to be written after those before."""
        if not documents:
            return b""
        comma = "," if self.total else ""
        self.total += len(documents)
        return (comma + ",".join(document.text for document in documents)).encode()
