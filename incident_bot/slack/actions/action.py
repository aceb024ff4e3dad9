"""What a button is, and the three that move an incident along its life cycle."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from incident_bot.domain.incident import Incident
from incident_bot.domain.status import Status
from incident_bot.slack.answers import Answer, Reply
from incident_bot.slack.payloads import Press, SeenIncident
from incident_bot.slack.services import Services


@dataclass(frozen=True)
class Action:
    """One row of the table; `is_change` needs the right to change incidents."""

    action_id: str
    run: Callable[[Press, Services], Awaitable[Answer]]
    is_change: bool = True


async def move_to(
    status: Status, press: Press, services: Services, said: Callable[[Incident], str]
) -> Answer:
    """Move the incident that was seen to `status`, and say so.

    A press on an old message counts only if the status is still the one that was shown.
    """
    seen = SeenIncident.parse(press.value)
    incident = await services.store.move_to(press.request, seen.incident_id, status, seen.version)
    if press.is_ephemeral:
        return await services.card(incident, said(incident))
    return Reply(said(incident))
