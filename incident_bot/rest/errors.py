"""What goes wrong, as answers: always JSON with "error", whichever layer found it."""

import secrets
from collections.abc import Mapping
from typing import Final

import structlog
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from incident_bot.domain.errors import ChangedMeanwhile, IncidentError, IncidentNotFound, KeyReused
from incident_bot.store.engine.database import DatabaseAway

log = structlog.get_logger(__name__)

_METHOD_NOT_ALLOWED: Final = 405
_METHODS: Final = ("DELETE", "GET", "PATCH", "POST", "PUT")


class Refused(Exception):
    """Not done: an answer with a status; `more` stands beside "error"."""

    def __init__(
        self, status: int, error: str, *, headers: Mapping[str, str] | None = None, **more: object
    ) -> None:
        self.status, self.error, self.headers, self.more = status, error, headers, more
        super().__init__(error)


def answer_with_json(web: FastAPI) -> None:
    """Have `web` answer all that goes wrong as JSON."""
    web.add_exception_handler(Refused, _refused)
    web.add_exception_handler(IncidentError, _incident_error)
    web.add_exception_handler(HTTPException, _http_error)
    web.add_middleware(Boundary)


class Boundary:
    """Around everything: a fault becomes an answer with a reference that the log has too.

    It also answers HEAD as GET, of which the server leaves the body out, and forbids browsers
    to guess what an answer is.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def send_safely(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                nosniff = (b"x-content-type-options", b"nosniff")
                message = {**message, "headers": [*message["headers"], nosniff]}
            await send(message)

        if scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        try:
            await self._app(scope, receive, send_safely)
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("a fault", reference=reference, path=scope["path"])
            # What has begun is cut off: the server closes the connection, and the client sees it.
            if not has_begun:
                await _fault(reference)(scope, receive, send_safely)


def _fault(reference: str) -> JSONResponse:
    words = "Something went wrong. If it goes on, tell whoever runs the bot the reference."
    return refusal(500, "Internal error", message=words, reference=reference)


def refusal(
    status: int, error: str, headers: Mapping[str, str] | None = None, **more: object
) -> JSONResponse:
    """Build an error in the shape that all errors have; `more` is added beside "error"."""
    return JSONResponse({"error": error, **more}, status, headers)


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refused)  # noqa: S101 - what it is registered for
    return refusal(error.status, error.error, error.headers, **error.more)


async def _incident_error(_request: Request, error: Exception) -> JSONResponse:
    match error:
        case IncidentNotFound():
            return refusal(404, "Incident not found")
        case ChangedMeanwhile():
            return refusal(412, "Incident has changed", message=str(error))
        case KeyReused():
            return refusal(409, "Idempotency-Key was used for another request", message=str(error))
        case DatabaseAway():
            return refusal(503, "Database does not answer", message=str(error))
        case _:
            return refusal(409, "Not possible", message=str(error))


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - what it is registered for
    headers = error.headers
    if error.status_code == _METHOD_NOT_ALLOWED:
        headers = {"Allow": ", ".join(_allowed(request))}
    return refusal(error.status_code, str(error.detail).capitalize(), headers)


def _allowed(request: Request) -> list[str]:
    """All methods that the path has; the routes' own answer names those of one route."""
    methods = [method for method in _METHODS if _has(request, method)]
    return [*methods, "HEAD"] if "GET" in methods else methods


def _has(request: Request, method: str) -> bool:
    scope = {**request.scope, "method": method}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)
