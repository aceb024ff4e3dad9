"""What comes in a request's body: a JSON object of bounded size that can be kept as text."""

import asyncio
import json
import re
from types import NoneType
from typing import Any, Final

from fastapi import Request
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect

from incident_bot.rest.errors import Refused

BODY_LIMIT: Final = 64 * 1024
"""Bytes."""

NUMBER_LIMIT: Final = 10**18
"""Numbers have to be nearer to zero: no field takes a larger one."""

_READ_WITHIN: Final = 10.0
_DEEPEST: Final = 16
_SHOWN: Final = 100
_KINDS: Final = {
    list: "a list",
    str: "text",
    int: "a number",
    float: "a number",
    bool: "true or false",
    NoneType: "null",
}
_NO_TEXT: Final = re.compile("[\x00\ud800-\udfff]")
_HANG_UP: Final = {"Connection": "close"}


async def json_object(request: Request) -> dict[str, Any]:
    """The body; raises Refused when it is none, or holds what no answer could show again."""
    _check_headers(request.headers)
    body = _parse(await _read(request))
    if not isinstance(body, dict):
        raise _no_json(f"The body is {_KINDS[type(body)]}. Send a JSON object.")
    if not body:
        raise _no_json("The object in the body is empty.")
    _check(body)
    return body


def _check_headers(headers: Headers) -> None:
    content_type = headers.get("content-type", "")
    if not _says_json(content_type):
        came = f"It is {content_type[:_SHOWN]}." if content_type else "It is missing."
        raise _no_json(f"The header Content-Type has to be application/json. {came}")
    encoding = headers.get("content-encoding", "identity")
    if encoding.strip().lower() != "identity":
        raise _no_json(f"The body is encoded ({encoding[:_SHOWN]}). Send it as plain JSON.")


def _says_json(content_type: str) -> bool:
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type == "application/json" or (
        media_type.startswith("application/") and media_type.endswith("+json")
    )


async def _read(request: Request) -> bytes:
    """The bytes, of which no more than the limit is ever kept."""
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length[:12]) > BODY_LIMIT:
        raise _too_large()
    body = bytearray()
    try:
        async with asyncio.timeout(_READ_WITHIN):
            async for chunk in request.stream():
                body += chunk
                if len(body) > BODY_LIMIT:
                    raise _too_large()
    except TimeoutError as error:
        raise Refused(408, "Request body too slow", headers=_HANG_UP) from error
    except ClientDisconnect as error:
        raise _no_json("The connection was closed before the body was whole.") from error
    return bytes(body)


def _parse(body: bytes) -> Any:  # noqa: ANN401 - JSON
    if not body:
        raise _no_json("There is no body.")
    try:
        # Some clients begin with a byte order mark, which RFC 8259 lets a parser ignore.
        return json.loads(
            body.decode("utf-8-sig"),
            parse_int=_integer,
            parse_float=lambda text: _bounded(float(text)),
            parse_constant=_constant,
        )
    except RecursionError as error:
        raise _too_deep() from error
    except UnicodeDecodeError as error:
        raise _no_json("The body is not encoded as UTF-8.") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise _no_json(f"The body is not JSON: {error.msg} ({where}).") from error
    except ValueError as error:
        raise _no_json(f"The body is not JSON: {error}.") from error


def _integer(digits: str) -> int:
    _bounded(float(digits))  # first: int() takes its time with digits by the thousand
    return int(digits)


def _bounded(number: float) -> float:
    if abs(number) >= NUMBER_LIMIT:
        raise Refused(400, "Invalid JSON", message="A number is too large.")
    return number


def _constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _check(body: dict[str, Any]) -> None:
    level: list[Any] = [body]
    for _ in range(_DEEPEST):
        for text in level:
            if isinstance(text, str):
                _check_text(text)
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise _too_deep()


def _inside(value: object) -> list[Any]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else []


def _check_text(text: str) -> None:
    if _NO_TEXT.search(text):
        raise Refused(
            400, "Invalid text", message="Text may contain neither NUL nor half a surrogate pair."
        )


def _no_json(words: str) -> Refused:
    """The error is the contract's, whatever the reason; `words` say which it is."""
    return Refused(400, "No JSON data provided", message=words)


def _too_deep() -> Refused:
    return Refused(400, "Invalid JSON", message=f"It is nested deeper than {_DEEPEST} levels.")


def _too_large() -> Refused:
    words = f"A request may have {BODY_LIMIT} bytes."
    return Refused(413, "Request body too large", message=words, headers=_HANG_UP)
