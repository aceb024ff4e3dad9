"""Requests of the page and of tests: who may send them, and how their bodies are read."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from urllib.parse import urlsplit

from aiohttp import web
from pydantic import BaseModel, ValidationError

from incident_bot.sandbox.errors import RefusedError, SlackError

Model = TypeVar("Model", bound=BaseModel)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
# The page gets all that it needs from here, and may be framed and driven by nobody.
_SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


async def add_security_headers(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(_SECURITY_HEADERS)


@web.middleware
async def only_this_machine(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Keeps web pages from driving the sandbox, by their own name or through a forged one."""
    if urlsplit(f"//{request.host}").hostname not in _LOOPBACK:
        return web.json_response({"error": "Only this machine may ask."}, status=403)
    origin = request.headers.get("Origin")
    is_foreign = origin is not None and origin != f"http://{request.host}"
    if is_foreign or _is_embedded_elsewhere(request):
        return web.json_response({"error": "Other sites may not ask."}, status=403)
    return await handler(request)


def _is_embedded_elsewhere(request: web.Request) -> bool:
    """Whether another site's page sends it, as for an image; to follow a link is no harm.

    (W3C, "Fetch Metadata Request Headers". A request for an image has no Origin.)
    """
    site = request.headers.get("Sec-Fetch-Site", "none")
    is_followed = request.method == "GET" and request.headers.get("Sec-Fetch-Mode") == "navigate"
    return site not in ("none", "same-origin") and not is_followed


@web.middleware
async def tell_refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except RefusedError as refusal:
        return web.json_response({"error": refusal.words}, status=refusal.status)
    except SlackError as refusal:
        return web.json_response({"error": refusal.name, **refusal.extra}, status=400)


async def read_body(request: web.Request, model: type[Model]) -> Model:
    # A form can be sent by any site; JSON cannot without asking first.
    if request.content_type != "application/json":
        raise RefusedError("The body must be JSON.", 415)
    try:
        return model.model_validate_json(await request.read())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise RefusedError(f"{where or 'body'}: {first['msg']}") from error


def query_number(request: web.Request, name: str, otherwise: int) -> int:
    text = request.query.get(name, "")
    return int(text) if text.isdecimal() else otherwise
