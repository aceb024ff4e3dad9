"""`/openapi.json`, and `/docs`: a page that shows it, with nothing from the network."""

from importlib.resources import files
from typing import Final

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse

from incident_bot.rest import openapi

_PAGE: Final = files("incident_bot.rest").joinpath("docs_page")
_FILES: Final = {
    "/docs": ("index.html", "text/html; charset=utf-8"),
    "/docs/docs.css": ("docs.css", "text/css; charset=utf-8"),
    "/docs/docs.js": ("docs.js", "text/javascript; charset=utf-8"),
}
_HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'none'; connect-src 'self'; img-src data:; script-src 'self'; "
        "style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
}


def add_to(router: APIRouter) -> None:
    """They are open where tokens are needed: they say nothing that the project does not."""
    router.add_api_route("/openapi.json", _openapi, include_in_schema=False)
    for path in _FILES:
        router.add_api_route(path, _file, include_in_schema=False)


async def _openapi(request: Request) -> Response:
    web: FastAPI = request.app
    return JSONResponse(openapi.description(web))


async def _file(request: Request) -> Response:
    name, media_type = _FILES[request.url.path]
    return Response(_PAGE.joinpath(name).read_bytes(), 200, _HEADERS, media_type)
