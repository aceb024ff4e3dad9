"""The web application: all of the API's routes, and how they answer."""

from typing import Final

from fastapi import APIRouter, Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPBearer

from incident_bot import __version__
from incident_bot.domain.severity import Severities
from incident_bot.rest import invalid, openapi
from incident_bot.rest.access import Access, Closed
from incident_bot.rest.action_items import ActionItems
from incident_bot.rest.docs import Docs
from incident_bot.rest.errors import answer_with_json
from incident_bot.rest.guarded import guarded
from incident_bot.rest.incidents import Incidents
from incident_bot.rest.outbox import Outbox
from incident_bot.rest.timeline import Timeline
from incident_bot.store.action_items import ActionItems as StoredActionItems
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.outbox.undelivered import Undelivered
from incident_bot.store.queries.lists import IncidentLists

_DESCRIPTION: Final = (
    "Incidents for scripts, monitors and dashboards. What is changed here shows in Slack, and "
    "the other way round."
)


def application(
    store: IncidentStore,
    lists: IncidentLists,
    undelivered: Undelivered,
    access: Access,
    severities: Severities,
    announcement_channel: str,
    *,
    action_items: StoredActionItems,
    has_channels: bool,
) -> FastAPI:
    """Build it; `has_channels` says that each incident gets a channel of its own."""
    web = FastAPI(
        title="incident-bot",
        version=__version__,
        description=_DESCRIPTION,
        openapi_url=None,
        redirect_slashes=False,
    )
    if access.is_closed:
        web.add_middleware(Closed)
    answer_with_json(web)
    web.add_exception_handler(RequestValidationError, invalid.answer)
    api = _guarded(access)
    Incidents(store, lists, severities, announcement_channel, has_channels=has_channels).add_to(api)
    Timeline(store).add_to(api)
    ActionItems(action_items).add_to(api)
    Outbox(undelivered).add_to(api)
    web.include_router(api)
    pages = APIRouter(dependencies=[Depends(access.refuse_the_web)])
    Docs().add_to(pages)
    web.include_router(pages)
    return web


def _guarded(access: Access) -> APIRouter:
    """A router whose routes, whatever is added, let nobody in but by `access`."""
    if not access.has_tokens:
        return APIRouter(route_class=guarded(access), responses=openapi.errors(403, 500, 503))
    # It only describes: what is refused, and how, is said by `access`.
    described = HTTPBearer(auto_error=False, description="One of the configured tokens.")
    return APIRouter(
        route_class=guarded(access),
        dependencies=[Depends(described)],
        responses=openapi.errors(401, 429, 500, 503),
    )
