"""Whether the process lives, and whether it can do its work. Open to all: monitors ask here."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from incident_bot.domain.actors import Viewer
from incident_bot.rest.access import Access
from incident_bot.rest.answers import AliveAnswer, ReadinessAnswer
from incident_bot.rest.openapi import answers, errors

_KEPT_FOR: Final = 1.0

Readiness = Callable[[Viewer | None], Awaitable[dict[str, Any]]]


class _Kept:
    """What was found out a moment ago; those who ask at the same time wait for one answer."""

    def __init__(self, find: Callable[[], Awaitable[dict[str, Any]]]) -> None:
        self._find = find
        self._one_by_one = asyncio.Lock()
        self._found_at = float("-inf")
        self._found: dict[str, Any] = {}

    async def get(self) -> dict[str, Any]:
        async with self._one_by_one:
            now = asyncio.get_running_loop().time()
            if now >= self._found_at + _KEPT_FOR:
                self._found = await self._find()
                self._found_at = now
            return self._found


def router(readiness: Readiness, access: Access) -> APIRouter:
    """`readiness` gives what `/readyz` shows; its "reason", if any, makes it a 503.

    It is told who asks, None for who has no access to the API. Those get an answer that is up to
    a second old: however often they ask, the outbox is not counted for each.
    """
    for_all = _Kept(lambda: readiness(None))
    router = APIRouter(responses=errors(500))

    @router.get(
        "/healthz",
        summary="Whether the process lives",
        responses=answers(200, AliveAnswer, "It does."),
    )
    async def healthz() -> Response:
        return JSONResponse(AliveAnswer().model_dump())

    @router.get(
        "/readyz",
        summary="Whether the bot can do its work",
        responses=answers(200, ReadinessAnswer, "It can.")
        | answers(503, ReadinessAnswer, "It cannot; the reason says why."),
    )
    async def readyz(request: Request) -> Response:
        viewer = access.viewer(request)
        state = await (for_all.get() if viewer is None else readiness(viewer))
        return JSONResponse(state, 503 if "reason" in state else 200)

    return router
