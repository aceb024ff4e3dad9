"""Publishes the Home tab for the person who opens it."""

from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from incident_bot.domain.actors import Viewer
from incident_bot.domain.status import UNRESOLVED
from incident_bot.slack.messages.home import home
from incident_bot.slack.messages.listing import LISTED
from incident_bot.slack.services import Services
from incident_bot.store.search import IncidentFilter

_UNRESOLVED: Final = IncidentFilter(UNRESOLVED)


async def publish(user_id: str, services: Services, client: AsyncWebClient) -> None:
    """Show this person what is not resolved."""
    found, total = await services.lists.find(_UNRESOLVED, Viewer(user_id), LISTED)
    view = home(found, total, await services.permalinks(found))
    await client.views_publish(user_id=user_id, view=view)
