"""What listeners work with: where to announce, and what is added to an answer."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from incident_bot.delivery.problems import SLACK, Concern
from incident_bot.domain.incident import Incident
from incident_bot.slack.services import Services
from incident_bot.slack.tasks import Tasks
from incident_bot.slack.text.button_values import Origin
from tests.factories import INCIDENTS, NOON, an_incident
from tests.web_api import WebApi, ok

PRIVATE = an_incident(is_private=True, channel_id="C0OWN")


@pytest.mark.parametrize(
    ("problem", "incident", "reason"),
    [
        ({}, an_incident(), None),
        ({INCIDENTS: "closed & <sealed>"}, an_incident(), "closed &amp; &lt;sealed&gt;"),
        ({SLACK: "away", INCIDENTS: "closed"}, an_incident(), "away"),
        ({"C0OPS": "closed"}, an_incident(), None),
        ({INCIDENTS: "closed"}, PRIVATE, None),
        ({"C0OWN": "closed"}, PRIVATE, "closed"),
        ({"C0OWN": "closed"}, an_incident(is_private=True), None),
        ({"C0OWN": "x"}, an_incident(is_private=True, channel_id="C0OWN", channel_closed_at=NOON),
         None),
        ({SLACK: "away"}, PRIVATE, "away"),
    ],
)  # fmt: skip
def test_what_keeps_others_from_hearing_is_said(
    services: Services,
    problems: dict[Concern, str],
    problem: dict[str, str],
    incident: Incident,
    reason: str | None,
) -> None:
    problems.update(problem)

    said = services.told("Done.", incident)

    told = f":warning: Done.\nNobody else is told yet: {reason}."
    assert said == ("Done." if reason is None else told)


@pytest.mark.parametrize(
    ("origin", "destinations"),
    [
        (Origin(), [INCIDENTS]),
        (Origin(channel_id="C0OPS"), [INCIDENTS, "C0OPS"]),
        (Origin(channel_id="G0OPS", channel_name="privategroup"), [INCIDENTS, "G0OPS"]),
        (Origin(channel_id="C0INC", channel_name=INCIDENTS), [INCIDENTS]),
        (Origin(channel_id="C0KNOWN", channel_name="privategroup"), [INCIDENTS]),
        (Origin(channel_id="D0ANA"), [INCIDENTS]),
        (Origin(channel_id="C0ANA", channel_name="directmessage"), [INCIDENTS]),
        (Origin(channel_id="x"), [INCIDENTS]),
        (Origin(channel_id="C0OPS", thread_ts="100.1"), [INCIDENTS]),
    ],
    ids=str,
)
async def test_it_is_announced_where_it_was_declared_too(
    services: Services, web_api: WebApi, origin: Origin, destinations: list[str]
) -> None:
    known = [{"id": "C0KNOWN", "name": INCIDENTS}]
    web_api.answers("conversations.list", ok(channels=known))
    await services.channels.id_of(INCIDENTS)

    assert list(services.destinations(origin)) == destinations


async def test_before_the_channel_is_known_it_is_told_by_its_name(services: Services) -> None:
    assert list(services.destinations(Origin(channel_id="C0INC"))) == [INCIDENTS, "C0INC"]
    assert services.announcement_channel == "#incidents"


async def test_work_that_fails_after_the_acknowledgement_is_logged(
    tasks: Tasks, logs: list[MutableMapping[str, Any]]
) -> None:
    async def fail() -> None:
        raise ValueError("odd")

    async def wait() -> None:
        await asyncio.Event().wait()

    failing, waiting = tasks.start(fail()), tasks.start(wait())
    waiting.cancel()
    await tasks.finish()

    assert isinstance(failing.exception(), ValueError)
    [said] = [entry for entry in logs if entry["log_level"] == "error"]
    assert said["event"] == "work after the acknowledgement failed"


async def test_what_was_started_meanwhile_is_waited_for_too(tasks: Tasks) -> None:
    done = []

    async def later() -> None:
        await asyncio.sleep(0)
        done.append("later")

    async def first() -> None:
        tasks.start(later())

    tasks.start(first())
    await tasks.finish()

    assert done == ["later"]
