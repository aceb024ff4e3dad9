"""The walk of a press, as docs/architecture.md lists it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from incident_bot.slack.services import Services
from incident_bot.slack.tasks import Tasks
from incident_bot.slack.text.button_values import SeenIncident
from incident_bot.store.engine.database import Database
from tests.new_sqlite import opened_sqlite
from tests.slack.conftest import Sends
from tests.slack.incidents import declared
from tests.slack.payloads import press_payload
from tests.walk import Walk
from tests.web_api import RESPONSE_URL, WebApi, ok

_LISTED: Final = re.compile(r"^\d+\. `([a-z_/]+)\.py`, `(\w+)`", re.MULTILINE)
DOCS: Final = Path(__file__).parents[2] / "docs" / "architecture.md"


@pytest.fixture
def walk() -> Iterator[Walk]:
    begun = Walk()
    yield begun
    begun.close()


@pytest.fixture
def database(walk: Walk) -> Iterator[Database]:  # noqa: ARG001 - its threads begin after the walk
    with opened_sqlite() as opened:
        yield opened


async def test_a_press_goes_the_way_that_the_docs_list(
    walk: Walk, sends: Sends, services: Services, web_api: WebApi, tasks: Tasks
) -> None:
    await declared(services)
    web_api.answers(RESPONSE_URL, ok())
    seen = SeenIncident(incident_id=1, version=1)

    with walk.recorded():
        await sends(press_payload("resolve", seen, response_url=web_api.response_url))
        await tasks.finish()

    listed = _LISTED.findall(DOCS.read_text())
    missing = unmet([(module.replace("/", "."), name) for module, name in listed], walk.entered)
    assert missing is None, walk.entered
    assert len(listed) <= 20


def unmet(
    expected: list[tuple[str, str]], entered: list[tuple[str, frozenset[str]]]
) -> tuple[str, str] | None:
    """The first that is not entered after those before it."""
    left = iter(entered)
    for module, name in expected:
        if not any(module == other and name in names for other, names in left):
            return module, name
    return None
