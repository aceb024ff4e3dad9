"""Whether the process lives, and whether it can do its work."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse


def router(readiness: Callable[[], Awaitable[dict[str, Any]]]) -> APIRouter:
    """`readiness` gives what `/readyz` shows; its "reason", if any, makes it a 503."""
    router = APIRouter()

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/readyz")
    async def readyz() -> JSONResponse:
        state = await readiness()
        return JSONResponse(state, 503 if "reason" in state else 200)

    return router
