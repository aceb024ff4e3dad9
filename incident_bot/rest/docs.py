"""`/openapi.json`, and `/docs`: a page that shows it, with nothing from the network."""

from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.staticfiles import StaticFiles

from incident_bot.rest import openapi

_FILES: Final = {
    "/docs": "index.html",
    "/docs/docs.css": "docs.css",
    "/docs/docs.js": "docs.js",
    "/docs/swagger-ui/swagger-ui.css": "swagger-ui/swagger-ui.css",
    "/docs/swagger-ui/swagger-ui-bundle.js": "swagger-ui/swagger-ui-bundle.js",
}
_HEADERS: Final = {
    "Cache-Control": "no-cache",  # asked about each time: a newer bot may have a newer page
    # Swagger UI needs no more: the images are the icons in its style sheet.
    "Content-Security-Policy": (
        "default-src 'none'; connect-src 'self'; img-src data:; script-src 'self'; "
        "style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
}


class Docs:
    """The page; open where tokens are needed: it says nothing that the project does not."""

    def __init__(self) -> None:
        self._files = StaticFiles(directory=Path(__file__).with_name("docs_page"))

    def add_to(self, router: APIRouter) -> None:
        router.add_api_route("/openapi.json", self.description, include_in_schema=False)
        for path in _FILES:
            router.add_api_route(path, self.file, include_in_schema=False)

    async def description(self, request: Request) -> Response:
        web: FastAPI = request.app
        return JSONResponse(openapi.description(web))

    async def file(self, request: Request) -> Response:
        response = await self._files.get_response(_FILES[request.url.path], request.scope)
        response.headers.update(_HEADERS)
        return response
