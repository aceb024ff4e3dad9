"""What requests may hold: their bodies and parameters, as models.

What is wrong with them is said in the words of the contract; `invalid.py` puts it in its shapes.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Final, Literal

from fastapi import Header, Path
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetPydanticSchema,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from incident_bot.domain.declaration import Declaration
from incident_bot.domain.edits import Patch
from incident_bot.domain.status import Status
from incident_bot.domain.text import (
    DESCRIPTION_LIMIT,
    REPORTER_LIMIT,
    TITLE_LIMIT,
    Description,
    Reporter,
    Title,
    one_line,
)
from incident_bot.store.outbox.undelivered import LAST_ID, PAGE
from incident_bot.store.queries.search import IncidentFilter, words_of

UNKNOWN: Final = "unknown"
"""The type of the error that names what a model does not know."""

WRONG: Final = "wrong"
"""The type of an error that says what a value must be."""

Q_LIMIT: Final = 200
PAGE_LIMIT: Final = 100
DEFAULT_PAGE: Final = 50

EXAMPLE: Final = {
    "title": "Checkout is down",
    "description": "Cards are refused since 10:00",
    "reported_by": "monitoring",
}
"""A new incident, but for its severity."""

_DIGITS: Final = re.compile(r"[0-9]{1,3}")
_KEY: Final = re.compile(r"[!-~](?:[ -~]{0,253}[!-~])?")
# Something is shown, and nothing is NUL. What shows nothing is as in domain/text.py.
_VISIBLE: Final = (
    r"^[^\u0000]*[^\s\u0000-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    r"\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e0fff"
    r"][^\u0000]*$"
)
_WORD: Final = r"^[^\u0000]*[\p{L}\p{N}][^\u0000]*$"

Omitted = SkipJsonSchema[None]
"""None stands for what is not given; null may not be sent."""


def says(words: str) -> GetPydanticSchema:
    """Say these words, whatever is wrong with the value."""
    return GetPydanticSchema(lambda source, handler: _saying(words, handler(source)))


def one_of(names: Sequence[str]) -> GetPydanticSchema:
    """Let a text be one of these, which the settings name."""
    schema = _saying(f"must be {list(names)}", core_schema.literal_schema(list(names)))
    return GetPydanticSchema(lambda _source, _handler: schema)


def _saying(words: str, schema: CoreSchema) -> CoreSchema:
    return core_schema.custom_error_schema(schema, WRONG, custom_error_message=words)


def _text(limit: int) -> WithJsonSchema:
    """Describe it with the limit in words: `maxLength` would count it before it is cleaned."""
    schema = {"type": "string", "minLength": 1, "pattern": _VISIBLE}
    return WithJsonSchema({**schema, "description": _at_most(limit)})


def _at_most(limit: int) -> str:
    return f"At most {limit} characters, once invisible ones and extra spaces are removed."


def _wrong(words: str) -> PydanticCustomError:
    return PydanticCustomError(WRONG, "{words}", {"words": words})


def _digits(given: object) -> object:
    """Pydantic takes more for a number: spaces, 1.0, underscores."""
    if not (isinstance(given, str) and _DIGITS.fullmatch(given)):
        raise ValueError
    return given


def _number(given: object) -> object:
    """Pydantic takes true and texts for numbers, too. 12.0 is one: JSON has one kind."""
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise ValueError  # noqa: TRY004 - what Pydantic asks for
    return given


def _given(value: object) -> object:
    if value is None:
        raise ValueError
    return value


def _one_key(given: list[str]) -> list[str]:
    if len(given) > 1 or not _KEY.fullmatch(given[0]):
        raise _wrong("must be one key, of 1 to 255 visible characters")
    return given


def _with_words(text: str) -> str:
    asked = one_line(text)
    if len(asked) > Q_LIMIT:
        raise _wrong(f"may have {Q_LIMIT} characters; this has {len(asked)}")
    if not words_of(asked) or "\0" in text:
        raise _wrong("must be words, each with a letter or a digit")
    return asked


NOT_NULL: Final = BeforeValidator(_given)

IncidentId = Annotated[int, Path(description="The number of the incident: 12 for INC-12.", ge=1)]
IfMatch = Annotated[
    list[str] | Omitted,
    Header(alias="If-Match", description="The ETag of the version that you have seen."),
    WithJsonSchema({"type": "string"}),
]
IdempotencyKey = Annotated[
    list[str] | Omitted,
    Header(alias="Idempotency-Key", description="Any text that is new for each incident."),
    AfterValidator(_one_key),
    WithJsonSchema({"type": "string", "pattern": "^[!-~]+$", "minLength": 1, "maxLength": 255}),
]

_TITLE: Final = _text(TITLE_LIMIT)
_DESCRIPTION: Final = _text(DESCRIPTION_LIMIT)
_Status = Annotated[
    Status | Omitted,
    NOT_NULL,
    says(f"must be {[status.value for status in Status]}"),
]
_Cursor = Annotated[
    Annotated[str, StringConstraints(pattern="^[1-9][0-9]{0,17}$")] | Omitted,
    Field(description="The `next_cursor` of the page before."),
    says("must be the next_cursor of the page before"),
]
_Limit = Annotated[
    Annotated[int, Field(ge=1, le=PAGE_LIMIT), BeforeValidator(_digits)] | Omitted,
    Field(description="How many to give at most; all, when neither this nor a cursor is given."),
    says(f"must be a number from 1 to {PAGE_LIMIT}"),
]
_Words = Annotated[
    Annotated[str, WithJsonSchema({"type": "string", "minLength": 1, "pattern": _WORD})] | Omitted,
    Field(
        description="Words that all have to be in the title or the description. "
        + _at_most(Q_LIMIT)
    ),
    AfterValidator(_with_words),
]
_Lead = Annotated[
    Annotated[str, StringConstraints(pattern="^[UW][A-Z0-9]{1,39}$")] | None,
    Field(description="The Slack user ID of who coordinates; null for nobody."),
    says("must be a Slack user ID, such as U012AB3CD, or null for nobody"),
]
_MessageId = Annotated[int, Field(ge=1, le=LAST_ID), BeforeValidator(_number)]


class Strict(BaseModel):
    """Something of which no more may be given than it knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown(cls, given: object) -> object:
        """Name all that is unknown at once, and what is known."""
        if isinstance(given, Mapping) and given.keys() - cls.model_fields:
            unknown = [name for name in given if name not in cls.model_fields]
            known = {"known": ", ".join(cls.model_fields), "unknown": unknown}
            raise PydanticCustomError(UNKNOWN, "What can be given: {known}.", known)
        return given


class NewIncident(BaseModel):
    """What declares an incident; what else is in it is ignored."""

    model_config = ConfigDict(frozen=True)

    title: Annotated[Title, _TITLE]
    description: Annotated[Description, _DESCRIPTION]
    reported_by: Annotated[Reporter, _text(REPORTER_LIMIT)]
    severity: str

    def declaration(self, *, wants_channel: bool) -> Declaration:
        # Not validated once more: it is, by the same types.
        return Declaration.model_construct(
            title=self.title,
            description=self.description,
            severity=self.severity,
            reported_by=self.reported_by,
            has_named_reporter=True,
            wants_channel=wants_channel,
        )


class IncidentPatch(Strict, Patch):
    """New values for any parts, all in one go."""

    model_config = ConfigDict(
        json_schema_extra={"minProperties": 1, "examples": [{"status": "Resolved"}]}
    )

    status: _Status = None
    title: Annotated[Title | Omitted, NOT_NULL, _TITLE] = None
    description: Annotated[Description | Omitted, NOT_NULL, _DESCRIPTION] = None
    lead: _Lead = None


class IncidentQuery(Strict):
    """Which incidents are listed; without limit and cursor all of them."""

    status: Annotated[_Status, Field(description="Only those with this status.")] = None
    severity: str | Omitted = None
    q: _Words = None
    limit: _Limit = None
    cursor: _Cursor = None

    @property
    def wanted(self) -> IncidentFilter:
        return IncidentFilter(
            statuses=frozenset(() if self.status is None else {self.status}),
            severity=self.severity,
            words=() if self.q is None else words_of(self.q),
        )

    @property
    def page_size(self) -> int | None:
        """None for all."""
        return DEFAULT_PAGE if self.limit is None and self.cursor else self.limit

    @property
    def before(self) -> int | None:
        """The ID of the last incident of the page before."""
        return None if self.cursor is None else int(self.cursor)


class OutboxQuery(Strict):
    """Which messages of the outbox are listed."""

    all: Annotated[
        Literal["true", "false"],
        Field(description="Also what was sent or discarded lately."),
        says("must be ['true', 'false']"),
    ] = "false"
    cursor: _Cursor = None

    @property
    def after(self) -> int:
        """The ID of the last message of the page before."""
        return int(self.cursor or 0)

    @property
    def with_settled(self) -> bool:
        return self.all == "true"


class MessageIds(Strict):
    """Messages of the outbox."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"ids": [12, 13]}]})

    ids: Annotated[
        list[_MessageId],
        Field(min_length=1, max_length=PAGE),
        says(f"must be a list of 1 to {PAGE} numbers, each from 1 to {LAST_ID}"),
    ]
