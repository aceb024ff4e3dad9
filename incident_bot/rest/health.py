"""Whether the process lives, and whether it can do its work. Open to all: monitors ask here."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from incident_bot.rest import openapi


class Alive(BaseModel):
    """The process lives."""

    status: Literal["alive"] = "alive"


class Readiness(BaseModel):
    """What the bot can do; `reason` says why it cannot do its work."""

    problems: dict[str, str]
    outbox: dict[str, int] | None = None
    reason: str | None = None


def router(readiness: Callable[[], Awaitable[dict[str, Any]]]) -> APIRouter:
    """`readiness` gives what `/readyz` shows; its "reason", if any, makes it a 503."""
    router = APIRouter(responses=openapi.errors(500))

    @router.get("/healthz", summary="Whether the process lives")
    async def healthz() -> Alive:
        return Alive()

    @router.get(
        "/readyz",
        summary="Whether the bot can do its work",
        response_model=Readiness,
        responses={503: {"model": Readiness, "description": "It cannot; the reason says why."}},
    )
    async def readyz() -> JSONResponse:
        state = await readiness()
        return JSONResponse(state, 503 if "reason" in state else 200)

    return router
