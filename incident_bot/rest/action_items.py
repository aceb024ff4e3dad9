"""`/incidents/{id}/action-items`: an incident's follow-up work."""

from fastapi import APIRouter, Request, Response

from incident_bot.rest.answers import ActionItemAnswer, ActionItemsAnswer
from incident_bot.rest.openapi import answers, errors
from incident_bot.rest.requests import IncidentId
from incident_bot.store.action_items import ActionItems as StoredActionItems


class ActionItems:
    """The resource."""

    def __init__(self, items: StoredActionItems) -> None:
        self._items = items

    def add_to(self, router: APIRouter) -> None:
        router.add_api_route(
            "/incidents/{incident_id}/action-items",
            self.get,
            summary="Show an incident's action items",
            responses=answers(200, ActionItemsAnswer, "The action items.") | errors(404),
        )

    async def get(self, request: Request, incident_id: IncidentId) -> Response:
        """Open ones and done ones, in the order in which they were added."""
        items = await self._items.every(incident_id, request.state.viewer)
        shown = [ActionItemAnswer.model_validate(item) for item in items]
        answer = ActionItemsAnswer(action_items=shown, total=len(shown))
        return Response(answer.model_dump_json(), media_type="application/json")
