"""Whether the process lives, and whether it can do its work. Open to all: monitors ask here."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from incident_bot.domain.actors import Viewer
from incident_bot.rest import openapi
from incident_bot.rest.access import Access
from incident_bot.rest.answers import AliveAnswer, ReadinessAnswer

Readiness = Callable[[Viewer | None], Awaitable[dict[str, Any]]]


def router(readiness: Readiness, access: Access) -> APIRouter:
    """`readiness` gives what `/readyz` shows; its "reason", if any, makes it a 503.

    It is told who asks, None for who has no access to the API.
    """
    router = APIRouter(responses=openapi.errors(500))

    @router.get(
        "/healthz",
        summary="Whether the process lives",
        responses=openapi.answers(200, AliveAnswer, "It does."),
    )
    async def healthz() -> Response:
        return JSONResponse(AliveAnswer().model_dump())

    @router.get(
        "/readyz",
        summary="Whether the bot can do its work",
        responses=openapi.answers(200, ReadinessAnswer, "It can.")
        | openapi.answers(503, ReadinessAnswer, "It cannot; the reason says why."),
    )
    async def readyz(request: Request) -> Response:
        state = await readiness(access.viewer(request))
        return JSONResponse(state, 503 if "reason" in state else 200)

    return router
