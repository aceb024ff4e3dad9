"""The words and schemas with which the API describes itself: what it takes, what it answers."""

from collections.abc import Sequence
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from incident_bot.domain.severity import Severities
from incident_bot.rest import fields
from incident_bot.rest.answers import ANSWERS, ErrorAnswer
from incident_bot.rest.bodies import NUMBER_LIMIT
from incident_bot.store.outbox.undelivered import LAST_ID, PAGE

Described = dict[int | str, dict[str, Any]]

_ERRORS: Final = {
    400: "Something in the request is wrong; the answer names it.",
    401: "No token, or a wrong one.",
    403: "Not from this machine: only with tokens is the API open to others.",
    404: "There is no such incident.",
    408: "The request took too long to arrive.",
    409: "The Idempotency-Key was used for another request.",
    412: "The incident is not in the version that If-Match names.",
    413: "The request is larger than 64 KiB.",
    429: "Too many wrong tokens from your address; Retry-After says how long to wait.",
    500: "A fault; the log tells more under the reference.",
    503: "The database does not answer now; nothing was changed.",
}
# Something is shown, and nothing is NUL. What shows nothing is as in domain/text.py.
_VISIBLE: Final = (
    r"^[^\u0000]*[^\s\u0000-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    r"\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e0fff"
    r"][^\u0000]*$"
)
_CURSOR: Final = {"type": "string", "pattern": "^[1-9][0-9]{0,17}$"}
_WORD: Final = r"^[^\u0000]*[\p{L}\p{N}][^\u0000]*$"
_USER_ID: Final = "^[UW][A-Z0-9]{1,39}$"
_EXAMPLE: Final = {
    "title": "Checkout is down",
    "description": "Cards are refused since 10:00",
    "reported_by": "monitoring",
}

_NO_NUL: Final = r"^[^\u0000]*$"
_REF: Final = "#/components/schemas/{model}"
_IGNORED_REF: Final = {"$ref": _REF.format(model="Ignored")}
_IGNORED: Final = {
    "title": "Ignored",
    "description": "Any other field; it is not looked at, but may not be nested deeper than 15.",
    "anyOf": [
        {"type": "string", "pattern": _NO_NUL},
        {"type": "number", "exclusiveMinimum": -NUMBER_LIMIT, "exclusiveMaximum": NUMBER_LIMIT},
        {"type": ["boolean", "null"]},
        {"type": "array", "items": _IGNORED_REF},
        {
            "type": "object",
            "additionalProperties": _IGNORED_REF,
            "propertyNames": {"pattern": _NO_NUL},
        },
    ],
}

INCIDENT_ID: Final = {
    "name": "incident_id",
    "in": "path",
    "required": True,
    "description": "The number of the incident: 12 for INC-12.",
    "schema": {"type": "integer", "minimum": 1},
}
IF_MATCH: Final = {
    "name": "If-Match",
    "in": "header",
    "description": "The ETag of the version that you have seen.",
    "schema": {"type": "string"},
}
IDEMPOTENCY_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Any text that is new for each incident.",
    "schema": {"type": "string", "pattern": "^[!-~]+$", "minLength": 1, "maxLength": 255},
}
ETAG: Final = {
    "ETag": {"description": "The incident's version.", "schema": {"type": "string"}},
}
LOCATION: Final = {
    "Location": {"description": "Where the incident is.", "schema": {"type": "string"}},
}


def answers(
    status: int, model: type[BaseModel], words: str, headers: dict[str, Any] | None = None
) -> Described:
    """An answer that is no error.

    It names the model's schema, see `schemas`: FastAPI would build each model anew at every start,
    and Pydantic's older version with it, which took a tenth of the time until the bot is ready.
    """
    content = {"application/json": {"schema": {"$ref": _REF.format(model=model.__name__)}}}
    described: dict[str, Any] = {"description": words, "content": content}
    return {status: described | ({"headers": headers} if headers else {})}


def errors(*statuses: int) -> Described:
    """Answers that are errors, all in one shape."""
    described: Described = {}
    for status in statuses:
        described |= answers(status, ErrorAnswer, _ERRORS[status])
    return described


def schemas() -> dict[str, Any]:
    """What is referred to: the answers, and what is ignored in bodies."""
    models: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        (model, "serialization") for model in ANSWERS
    ]
    _, described = models_json_schema(models, ref_template=_REF)
    return {**described["$defs"], "Ignored": _IGNORED}


def declaration(severities: Severities) -> dict[str, Any]:
    """The body that declares an incident."""
    schema = {
        "type": "object",
        "properties": {**_texts(*fields.TEXT_LIMITS), "severity": _choice(severities.names)},
        "required": list(fields.REQUIRED),
        "additionalProperties": _IGNORED_REF,
        "propertyNames": {"pattern": _NO_NUL},
    }
    return _body(schema, {**_EXAMPLE, "severity": severities.names[-1]})


def patch(severities: Severities) -> dict[str, Any]:
    """The body that changes an incident."""
    lead = {
        "type": ["string", "null"],
        "pattern": _USER_ID,
        "description": "The Slack user ID of who coordinates; null for nobody.",
    }
    schema = {
        "type": "object",
        "properties": {
            "status": _choice(fields.STATUSES),
            "severity": _choice(severities.names),
            **_texts("title", "description"),
            "lead": lead,
        },
        "additionalProperties": False,
        "minProperties": 1,
    }
    return _body(schema, {"status": "Resolved"})


def filters(severities: Severities) -> list[dict[str, Any]]:
    """The parameters that choose which incidents are listed."""
    return [
        _query("status", _choice(fields.STATUSES), "Only those with this status."),
        _query("severity", _choice(severities.names), "Only those with this severity."),
        _query(
            "q",
            {"type": "string", "pattern": _WORD, "minLength": 1},
            "Words that all have to be in the title or the description. "
            + _at_most(fields.Q_LIMIT),
        ),
        _query(
            "limit",
            {"type": "integer", "minimum": 1, "maximum": fields.PAGE_LIMIT},
            "How many to give at most; all, when neither this nor a cursor is given.",
        ),
        _query(
            "cursor",
            _CURSOR,
            "The `next_cursor` of the page before.",
        ),
    ]


def outbox_page() -> list[dict[str, Any]]:
    """The parameters that choose which messages of the outbox are listed."""
    return [
        _query("all", _choice(fields.BOOLEANS), "Also what was sent or discarded lately."),
        _query("cursor", _CURSOR, "The `next_cursor` of the page before."),
    ]


def message_ids() -> dict[str, Any]:
    """The body that names messages of the outbox."""
    schema = {
        "type": "object",
        "properties": {
            "ids": {
                "type": "array",
                "items": {"type": "integer", "minimum": 1, "maximum": LAST_ID},
                "minItems": 1,
                "maxItems": PAGE,
            }
        },
        "required": ["ids"],
        "additionalProperties": False,
    }
    return _body(schema, {"ids": [12, 13]})


def _query(name: str, schema: dict[str, Any], words: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": words, "schema": schema}


def _choice(names: Sequence[str]) -> dict[str, Any]:
    return {"type": "string", "enum": list(names)}


def _texts(*names: str) -> dict[str, Any]:
    return {
        name: {
            "type": "string",
            "minLength": 1,
            "pattern": _VISIBLE,
            "description": _at_most(fields.TEXT_LIMITS[name]),
        }
        for name in names
    }


def _at_most(limit: int) -> str:
    """The limit in words: `maxLength` would count the text before it is cleaned."""
    return f"At most {limit} characters, once invisible ones and extra spaces are removed."


def _body(schema: dict[str, Any], example: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": schema, "example": example}}
    return {"required": True, "content": content}
