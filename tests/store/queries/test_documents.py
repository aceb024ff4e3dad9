"""JSON that the database writes says what the objects say."""

import json

import pytest

from incident_bot.domain.edits import ProgressUpdate
from incident_bot.domain.status import Step
from incident_bot.rest.answers import DOCUMENT, shown
from incident_bot.store.incidents import IncidentStore
from incident_bot.store.queries.lists import IncidentLists
from incident_bot.store.queries.search import IncidentFilter
from tests.factories import A_VIEWER, ANA, CARA, INCIDENTS, Clock, a_declaration, by

AWKWARD = 'Quotes " \\ and lines\n\ttabs 💥 ü \u2028 </script> %s :name {}'


@pytest.mark.parametrize("fraction", [0, 0.00012])
async def test_a_document_is_what_pydantic_would_write(
    store: IncidentStore, lists: IncidentLists, clock: Clock, fraction: float
) -> None:
    clock.advance(fraction)
    declared = await store.declare(by(CARA), a_declaration(description=AWKWARD), [INCIDENTS])
    await store.post_update(by(ANA), declared.id, ProgressUpdate(message=AWKWARD))
    incident = await store.take(by(ANA), declared.id, Step.ACKNOWLEDGE)

    [document], total = await lists.find_documents(DOCUMENT, IncidentFilter(), A_VIEWER, 10)

    assert (document.id, total) == (incident.id, 1)
    assert json.loads(document.text) == json.loads(shown(incident).model_dump_json())
    assert tuple(json.loads(document.text)) == tuple(key for key, _ in DOCUMENT)
