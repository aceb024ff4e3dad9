"""`/incidents/{id}/timeline`: what happened to an incident."""

from fastapi import APIRouter, Request, Response

from incident_bot.rest.answers import EntryAnswer, TimelineAnswer
from incident_bot.rest.openapi import answers, errors
from incident_bot.rest.requests import IncidentId
from incident_bot.store.incidents import IncidentStore


class Timeline:
    """The resource."""

    def __init__(self, store: IncidentStore) -> None:
        self._store = store

    def add_to(self, router: APIRouter) -> None:
        router.add_api_route(
            "/incidents/{incident_id}/timeline",
            self.get,
            summary="Show what happened to an incident",
            responses=answers(200, TimelineAnswer, "The timeline.") | errors(404),
        )

    async def get(self, request: Request, incident_id: IncidentId) -> Response:
        """In the order in which it was recorded: who did what, when, and from what to what."""
        entries = await self._store.timeline(incident_id, request.state.viewer)
        timeline = [EntryAnswer.model_validate(entry) for entry in entries]
        answer = TimelineAnswer(timeline=timeline, total=len(timeline))
        return Response(answer.model_dump_json(), media_type="application/json")
