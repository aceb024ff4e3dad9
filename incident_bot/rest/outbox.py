"""`/outbox`: what is not sent, for the operator's commands to show and to mend."""

import os
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from incident_bot.domain.actors import Viewer
from incident_bot.rest.answers import MendedAnswer, MessageAnswer, OutboxAnswer
from incident_bot.rest.openapi import answers, errors
from incident_bot.rest.requests import MessageIds, OutboxQuery
from incident_bot.store.outbox.undelivered import PAGE, Mended, Undelivered

log = structlog.get_logger(__name__)


class Outbox:
    """The resource."""

    def __init__(self, undelivered: Undelivered) -> None:
        self._undelivered = undelivered

    def add_to(self, router: APIRouter) -> None:
        router.add_api_route(
            "/outbox",
            self.list,
            summary="List messages that are not sent, oldest first",
            responses=answers(200, OutboxAnswer, "Messages.") | errors(400),
        )
        mends: dict[str, Any] = {
            "methods": ["POST"],
            "responses": answers(200, MendedAnswer, "What was done.") | errors(400, 408, 413),
        }
        router.add_api_route("/outbox/retry", self.retry, summary="Try messages again now", **mends)
        router.add_api_route(
            "/outbox/discard", self.discard, summary="Never send messages", **mends
        )

    async def list(self, request: Request, query: Annotated[OutboxQuery, Query()]) -> Response:
        """What was sent or discarded is kept for two days, and shown with `all`.

        Those of private incidents are there only for who may see these.
        """
        page = await self._undelivered.page(
            query.after, with_settled=query.with_settled, viewer=request.state.viewer
        )
        answer = OutboxAnswer(
            messages=[MessageAnswer.model_validate(message) for message in page],
            next_cursor=str(page[-1].id) if len(page) == PAGE else None,
            process_id=os.getpid(),
        )
        return _answer(answer)

    async def retry(self, request: Request, body: MessageIds) -> Response:
        """What failed, and what waits for its time. What is left as it is, is named."""
        return await _mend(request.state.viewer, body.ids, self._undelivered.retry)

    async def discard(self, request: Request, body: MessageIds) -> Response:
        """What failed, and what waits. What is being sent just now is left, and named."""
        return await _mend(request.state.viewer, body.ids, self._undelivered.discard)


async def _mend(
    viewer: Viewer, ids: Sequence[int], mend: Callable[[Collection[int], Viewer], Awaitable[Mended]]
) -> Response:
    mended = await mend(ids, viewer)
    log.info("the outbox was mended", how=mend.__name__, messages=mended.done, by=viewer.actor)
    return _answer(MendedAnswer.model_validate(mended))


def _answer(answer: BaseModel) -> Response:
    return Response(answer.model_dump_json(), media_type="application/json")
