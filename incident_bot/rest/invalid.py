"""What is wrong with a request's parameters and body, in the shapes of the contract."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from incident_bot.domain.text import one_line
from incident_bot.rest import requests
from incident_bot.rest.errors import refusal

Error = Mapping[str, Any]
"""As Pydantic describes it; its `loc` begins with "query", "header" or "body", then the name."""

_PLACES: Final = {"query": "parameter", "body": "field"}
_BEFORE_MISSING: Final = ("Idempotency-Key", "status")
_ORDER: Final = (*_BEFORE_MISSING, "severity", "lead")


async def answer(_request: Request, error: Exception) -> JSONResponse:
    """Name all that is unknown; if nothing is, all that is missing; else what is wrong first.

    A wrong status goes before what is missing: it is all that the original API changes.
    """
    assert isinstance(error, RequestValidationError)  # noqa: S101 - what it is registered for
    errors: Sequence[Error] = error.errors()
    first = min(errors, key=_rank)
    if first["type"] == requests.UNKNOWN:
        words = f"Unknown {_PLACES[first['loc'][0]]}(s)"
        return refusal(400, words, unknown=first["ctx"]["unknown"], message=first["msg"])
    name = first["loc"][1]
    missing = {one["loc"][1]: None for one in errors if _is_missing(one)}
    if missing and name not in _BEFORE_MISSING:
        return refusal(400, "Missing required field(s)", missing=list(missing))
    words = f"{name[0].upper()}{name[1:]} {_in_words(first)}"
    return refusal(400, f"Invalid {name}", message=words)


def _rank(error: Error) -> int:
    if error["type"] == requests.UNKNOWN:
        return -1
    name = error["loc"][1]
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)


def _is_missing(error: Error) -> bool:
    place, name = error["loc"][:2]
    if place != "body" or name not in requests.NewIncident.model_fields:
        return False
    value = error["input"]
    return (
        error["type"] == "missing"
        or value is None
        or (isinstance(value, str) and not one_line(value))
    )


def _in_words(error: Error) -> str:
    match error["type"]:
        case requests.WRONG:
            return str(error["msg"])
        case "too_long":  # text is cleaned before it is counted
            limit, length = error["ctx"]["max_length"], error["ctx"]["actual_length"]
            return f"may have {limit} characters; this has {length}"
        case _:
            return "must be text"
