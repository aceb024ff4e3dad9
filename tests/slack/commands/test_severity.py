"""`/incident severity INC-12 High`."""

import pytest

from incident_bot.domain.timeline import EntryKind
from incident_bot.slack.commands import dispatch
from incident_bot.slack.reply import Reply
from incident_bot.slack.services import Services
from incident_bot.store.after_delivery import Outbox
from tests.factories import A_VIEWER, ANA
from tests.slack.answers import deeds, refusal
from tests.slack.incidents import OWN, declared, with_channel
from tests.slack.payloads import typed

LEVELS = "Severities are Low, Medium, High."


@pytest.mark.parametrize(
    "text", ["severity INC-1 Low", "sev INC-1 LOW", "severity low 1", "severity low INC-1"]
)
async def test_the_severity_is_changed(services: Services, text: str) -> None:
    await declared(services)

    answer = await dispatch(typed(text), services)

    assert answer == Reply("INC-1 has severity Low now.")
    assert (await services.store.get(1, A_VIEWER)).severity == "Low"
    assert await deeds(services) == [(EntryKind.SEVERITY_CHANGED, ANA)]


async def test_in_its_own_channel_the_severity_alone_is_named(
    services: Services, outbox: Outbox
) -> None:
    await with_channel(services, outbox)

    answer = await dispatch(typed("severity Low", channel_id=OWN), services)

    assert answer == Reply("INC-1 has severity Low now.")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "severity INC-1",
            f"Which severity? Type for example `/incident severity INC-1 Low`. {LEVELS}",
        ),
        ("severity INC-1 hihg", f"“hihg” is not a severity. Did you mean High? {LEVELS}"),
        (
            "severity INC-1 *so so*",
            f"“\u200b*\u200bso so\u200b*\u200b” is not a severity. {LEVELS}",
        ),
        ("severity INC-1 HIGH", "INC-1 has severity High already."),
    ],
)
async def test_what_is_no_other_severity_is_refused(
    services: Services, text: str, words: str
) -> None:
    await declared(services)

    assert await refusal(dispatch(typed(text), services)) == words
    assert await deeds(services) == []
