"""The API's description of itself: what FastAPI knows of it, and what it answers."""

from typing import Any, Final

from fastapi import FastAPI
from pydantic import BaseModel

from incident_bot.rest.answers import ErrorAnswer
from incident_bot.rest.bodies import NUMBER_LIMIT

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

_NO_NUL: Final = r"^[^\u0000]*$"
_IGNORED_REF: Final = {"$ref": "#/components/schemas/Ignored"}
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

_WITH_IGNORED: Final = {
    "additionalProperties": _IGNORED_REF,
    "propertyNames": {"pattern": _NO_NUL},
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
    """An answer that is no error."""
    described: dict[str, Any] = {"model": model, "description": words}
    return {status: described | ({"headers": headers} if headers else {})}


def errors(*statuses: int) -> Described:
    """Answers that are errors, all in one shape."""
    described: Described = {}
    for status in statuses:
        described |= answers(status, ErrorAnswer, _ERRORS[status])
    return described


def description(web: FastAPI) -> dict[str, Any]:
    """All of `web`, as OpenAPI; built when it's first asked for."""
    if web.openapi_schema is None:
        _complete(web.openapi())  # which keeps it
    return web.openapi()


def _complete(described: dict[str, Any]) -> None:
    """Add what is ignored in bodies, and take out FastAPI's own answer to what is wrong."""
    for operations in described["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)
    schemas = described["components"]["schemas"]
    del schemas["HTTPValidationError"], schemas["ValidationError"]
    schemas["Ignored"] = _IGNORED
    schemas["NewIncident"].update(_WITH_IGNORED)
