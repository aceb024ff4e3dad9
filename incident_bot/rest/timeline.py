"""`/incidents/{id}/timeline`: what happened to an incident."""

from fastapi import APIRouter, Request, Response

from incident_bot.rest import openapi
from incident_bot.rest.answers import EntryAnswer, TimelineAnswer
from incident_bot.rest.incidents import incident_id
from incident_bot.store.incidents import IncidentStore


class Timeline:
    """The resource."""

    def __init__(self, store: IncidentStore) -> None:
        self._store = store

    def add_to(self, router: APIRouter) -> None:
        router.add_api_route(
            "/incidents/{incident_id}/timeline",
            self.get,
            methods=["GET"],
            summary="Show what happened to an incident",
            responses=openapi.answers(200, TimelineAnswer, "The timeline.") | openapi.errors(404),
            openapi_extra={"parameters": [openapi.INCIDENT_ID]},
        )

    async def get(self, request: Request) -> Response:
        """In the order in which it was recorded: who did what, when, and from what to what."""
        entries = await self._store.timeline(incident_id(request), request.state.viewer)
        timeline = [EntryAnswer.model_validate(entry) for entry in entries]
        answer = TimelineAnswer(timeline=timeline, total=len(timeline))
        return Response(answer.model_dump_json(), media_type="application/json")
