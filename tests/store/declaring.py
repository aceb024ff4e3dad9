"""Incidents as tests of the store begin with them: declared by Cara, taken by Ana."""

from typing import Any

from incident_bot.domain.incident import Incident
from incident_bot.domain.status import Step
from incident_bot.store.incidents import IncidentStore
from tests.factories import ANA, CARA, INCIDENTS, a_declaration, by


async def declared(
    store: IncidentStore,
    *destinations: str,
    **changes: Any,  # noqa: ANN401 - names and types are Declaration's
) -> Incident:
    return await store.declare(by(CARA), a_declaration(**changes), destinations or (INCIDENTS,))


async def acknowledged(store: IncidentStore) -> Incident:
    incident = await declared(store)
    return await store.take(by(ANA), incident.id, Step.ACKNOWLEDGE)
