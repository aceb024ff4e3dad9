"""What a request asks for, parsed once: what to declare, what to change, which incidents to list.

The errors are the contract's: the shapes and words that clients of the original API know.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from starlette.datastructures import QueryParams

from incident_bot.domain.actors import is_user_id
from incident_bot.domain.declaration import Declaration
from incident_bot.domain.edits import Patch
from incident_bot.domain.severity import Severities
from incident_bot.domain.status import Status
from incident_bot.domain.text import DESCRIPTION_LIMIT, REPORTER_LIMIT, TITLE_LIMIT, one_line
from incident_bot.rest.errors import Refused
from incident_bot.store.outbox.undelivered import LAST_ID, PAGE
from incident_bot.store.queries.search import IncidentFilter, words_of

M = TypeVar("M", bound=BaseModel)

REQUIRED: Final = ("title", "description", "reported_by", "severity")
PATCHABLE: Final = ("title", "description", "severity", "status", "lead")
FILTERS: Final = ("status", "severity", "q", "limit", "cursor")
OUTBOX_FILTERS: Final = ("all", "cursor")
BOOLEANS: Final = ("true", "false")
TEXT_LIMITS: Final = {
    "title": TITLE_LIMIT,
    "description": DESCRIPTION_LIMIT,
    "reported_by": REPORTER_LIMIT,
}
LEAD_LIMIT: Final = 40
Q_LIMIT: Final = 200
PAGE_LIMIT: Final = 100
DEFAULT_PAGE: Final = 50
STATUSES: Final = tuple(status.value for status in Status)

_CURSOR: Final = re.compile("[1-9][0-9]{0,17}")


@dataclass(frozen=True)
class Listing:
    """Which incidents to list; without a limit all of them.

    `before` is the ID of the last incident of the page before.
    """

    wanted: IncidentFilter
    limit: int | None
    before: int | None


def declaration(
    body: Mapping[str, Any], severities: Severities, *, wants_channel: bool
) -> Declaration:
    """What to declare; raises Refused."""
    _refuse_missing(body, REQUIRED)
    _check_choice("severity", body["severity"], severities.names)
    given = {name: body[name] for name in REQUIRED}
    added = {"has_named_reporter": True, "wants_channel": wants_channel}
    return _validated(Declaration, given | added)


def patch(body: Mapping[str, Any], severities: Severities) -> Patch:
    """What to change; raises Refused."""
    if unknown := [name for name in body if name not in PATCHABLE]:
        words = f"What can be changed: {', '.join(PATCHABLE)}."
        raise Refused(400, "Unknown field(s)", unknown=unknown, message=words)
    if "status" in body:
        _check_choice("status", body["status"], STATUSES)
    _refuse_missing(body, [name for name in ("title", "description", "severity") if name in body])
    if "severity" in body:
        _check_choice("severity", body["severity"], severities.names)
    if "lead" in body:
        _check_lead(body["lead"])
    return _validated(Patch, body)


def listing(query: QueryParams, severities: Severities) -> Listing:
    """What to list; raises Refused."""
    given = _single_values(query, FILTERS)
    if "status" in given:
        _check_choice("status", given["status"], STATUSES)
    if "severity" in given:
        _check_choice("severity", given["severity"], severities.names)
    wanted = IncidentFilter(
        statuses=frozenset({Status(given["status"])} if "status" in given else ()),
        severity=given.get("severity"),
        words=_words(given["q"]) if "q" in given else (),
    )
    before = _position(given["cursor"]) if "cursor" in given else None
    limit = DEFAULT_PAGE if before is not None else None
    return Listing(wanted, _limit(given["limit"]) if "limit" in given else limit, before)


def outbox_page(query: QueryParams) -> tuple[int, bool]:
    """After which ID the page begins, and whether settled messages are on it; raises Refused."""
    given = _single_values(query, OUTBOX_FILTERS)
    if "all" in given:
        _check_choice("all", given["all"], BOOLEANS)
    after = _position(given["cursor"]) if "cursor" in given else 0
    return after, given.get("all") == "true"


def message_ids(body: Mapping[str, Any]) -> list[int]:
    """Which messages are to be mended; raises Refused."""
    if unknown := [name for name in body if name != "ids"]:
        raise Refused(400, "Unknown field(s)", unknown=unknown, message="What is taken: ids.")
    ids = body.get("ids")
    if not (isinstance(ids, list) and 1 <= len(ids) <= PAGE and all(map(_is_id, ids))):
        raise _wrong("ids", f"must be a list of 1 to {PAGE} numbers, each from 1 to {LAST_ID}")
    return [int(message_id) for message_id in ids]


def _is_id(value: object) -> bool:
    """Whether it is whole, 12.0 included: JSON has one kind of number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 1 <= value <= LAST_ID and value == int(value)


def cursor(last_id: int) -> str:
    """Where the next page begins: after this incident."""
    return str(last_id)


def _refuse_missing(body: Mapping[str, Any], names: Iterable[str]) -> None:
    missing = [name for name in names if _is_blank(body.get(name))]
    if missing:
        raise Refused(400, "Missing required field(s)", missing=missing)


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not one_line(value))


def _check_choice(name: str, value: object, allowed: Sequence[str]) -> None:
    if value not in allowed:
        words = f"{name.capitalize()} must be {list(allowed)}"
        raise Refused(400, f"Invalid {name}", message=words)


def _check_lead(value: object) -> None:
    if value is None:
        return
    if not (isinstance(value, str) and len(value) <= LEAD_LIMIT and is_user_id(value)):
        words = "Lead must be a Slack user ID, such as U012AB3CD, or null for nobody"
        raise Refused(400, "Invalid lead", message=words)


def _validated(model: type[M], values: Mapping[str, Any]) -> M:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        raise _wrong(str(detail["loc"][0]), _in_words(detail)) from error


def _in_words(detail: ErrorDetails) -> str:
    """What the model found: it cleans text before it counts."""
    if detail["type"] != "too_long":
        return "must be text"
    limit, length = detail["ctx"]["max_length"], detail["ctx"]["actual_length"]
    return f"may have {limit} characters; this has {length}"


def _wrong(name: str, words: str) -> Refused:
    return Refused(400, f"Invalid {name}", message=f"{name.capitalize()} {words}")


def _single_values(query: QueryParams, allowed: Sequence[str]) -> dict[str, str]:
    given = dict(query)
    if unknown := [name for name in given if name not in allowed]:
        words = f"What can be asked for: {', '.join(allowed)}."
        raise Refused(400, "Unknown parameter(s)", unknown=unknown, message=words)
    for name in given:
        if len(query.getlist(name)) > 1:
            raise _wrong(name, "may be given once")
    return given


def _words(text: str) -> tuple[str, ...]:
    asked = one_line(text)
    if len(asked) > Q_LIMIT:
        raise _wrong("q", f"may have {Q_LIMIT} characters; this has {len(asked)}")
    words = words_of(asked)
    if not words or "\0" in text:
        raise _wrong("q", "must be words, each with a letter or a digit")
    return words


def _limit(text: str) -> int:
    limit = int(text) if re.fullmatch(r"[0-9]{1,3}", text) else 0
    if not 1 <= limit <= PAGE_LIMIT:
        raise _wrong("limit", f"must be a number from 1 to {PAGE_LIMIT}")
    return limit


def _position(text: str) -> int:
    if not _CURSOR.fullmatch(text):
        raise _wrong("cursor", "must be the next_cursor of the page before")
    return int(text)
