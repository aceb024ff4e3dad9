"""Incidents that are in the store when something is done to them."""

from typing import Any, Final

from incident_bot.domain.incident import Incident
from incident_bot.domain.status import Step
from incident_bot.slack.services import Services
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.outbox.operations import Operation
from tests.factories import ANA, CARA, INCIDENTS, NOON, Clock, a_declaration, by

OWN: Final = "C0OWN"
"""The channel of an incident's own."""

SECRET: Final = "Payroll data left the house"


async def declared(services: Services, **changes: Any) -> Incident:  # noqa: ANN401 - Declaration's
    """What Cara declared, to be announced in the announcement channel."""
    return await services.store.declare(by(CARA), a_declaration(**changes), [INCIDENTS])


async def kept_private(services: Services) -> Incident:
    """What Cara alone knows of."""
    return await declared(services, title=SECRET, is_private=True)


async def taken(services: Services, *steps: Step, actor: str = ANA) -> Incident:
    """What Cara declared and somebody took so many steps."""
    incident = await declared(services)
    for step in steps:
        incident = await services.store.take(by(actor), incident.id, step)
    return incident


async def with_channel(services: Services, outbox: Outbox, **changes: Any) -> Incident:  # noqa: ANN401 - the same
    """What Cara declared, with a channel of its own."""
    incident = await declared(services, wants_channel=True, **changes)
    for delivery in await outbox.claim(NOON, 99, 99):
        if delivery.incident_id == incident.id and delivery.operation is Operation.CHANNEL:
            name = f"{incident.reference.lower()}-checkout"
            await outbox.channel_made(delivery, OWN, name, Clock()())
    return incident
