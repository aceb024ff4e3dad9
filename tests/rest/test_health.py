"""What `/readyz` costs: everybody may ask it, as often as they like."""

import asyncio
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute

from incident_bot.domain.actors import Viewer
from incident_bot.rest import health
from incident_bot.rest.access import Access
from tests.movable_time import StillLoop, put_forward
from tests.rest.client import CI


def test_the_outbox_is_counted_once_a_second_for_all_who_have_no_token() -> None:
    with asyncio.Runner(loop_factory=StillLoop) as runner:
        asked = runner.run(everybody_asks())

    assert asked == [None, Viewer("ci"), Viewer("ci"), None]


async def everybody_asks() -> list[Viewer | None]:
    """A hundred who have no token, one who has, twice, and somebody a second later."""
    asked: list[Viewer | None] = []

    async def readiness(viewer: Viewer | None) -> dict[str, Any]:
        asked.append(viewer)
        return {"problems": {}}

    access = Access([("ci", CI)], (), asyncio.get_running_loop().time, is_behind_proxy=False)
    routes = health.router(readiness, access).routes
    [readyz] = [one for one in routes if isinstance(one, APIRoute) and one.path == "/readyz"]
    nobody = Request({"type": "http", "headers": []})
    ci = Request({"type": "http", "headers": [(b"authorization", f"Bearer {CI}".encode())]})

    await asyncio.gather(*(readyz.endpoint(nobody) for _ in range(100)))
    await asyncio.gather(*(readyz.endpoint(ci) for _ in range(2)))
    put_forward(1)
    await readyz.endpoint(nobody)
    return asked
