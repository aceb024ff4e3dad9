"""REST, asked of the bot of a story."""

from collections.abc import Mapping
from typing import Any

import aiohttp

from tests.rest.client import DECLARATION, Client, Json
from tests.slack_people import DeclaredIncident, Slack


async def asks(slack: Slack, method: str, path: str, body: Mapping[str, Any]) -> Json:
    """Send a request; gives what comes back when that is no error."""
    async with aiohttp.ClientSession(headers=slack.bot.authorization) as session:
        answer = await Client(session, slack.bot.url).ask(method, path, body)
        assert answer.status in (200, 201), answer.text
        changed: Json = answer.json
        return changed


async def declares(slack: Slack, **fields: str) -> DeclaredIncident:
    """Declare an incident by REST."""
    known = await asks(slack, "POST", "/incidents", DECLARATION | fields)
    incident = DeclaredIncident(known["reference"], known["id"], known["title"])
    slack.incidents.append(incident)
    return incident


async def patches(slack: Slack, incident: DeclaredIncident, **fields: object) -> None:
    """Change an incident by REST."""
    await asks(slack, "PATCH", f"/incidents/{incident.id}", fields)
