"""What somebody is told of what they asked for and Slack does not take."""

from typing import Any

import pytest

from incident_bot.domain.incident import Incident
from incident_bot.slack.messages.trouble import trouble
from incident_bot.store.outbox.operations import Operation
from incident_bot.store.outbox.troubles import Trouble
from tests.factories import INCIDENTS, NOON, an_incident, resolved
from tests.slack.messages.extremes import MARKS
from tests.slack.support import check_message

CHANNEL = ":warning: The channel of INC-12 could not be made: no & way."
ARCHIVING = ":warning: <#C0OWN>, the channel of INC-12, could not be archived: no & way."


def told(
    operation: Operation,
    incident: Incident | None = None,
    destination: str = "C0OWN",
    reason: str = "no & way",
    *,
    is_final: bool = False,
) -> str:
    found = Trouble(operation, destination, reason, is_final=is_final)
    return trouble(incident or an_incident(), found)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            {"operation": Operation.INVITATION},
            (
                ":warning: Not everybody could be invited to <#C0OWN>, the channel of INC-12: "
                "no & way. Add them there in Slack, if it lets you."
            ),
        ),
        ({"operation": Operation.ARCHIVING}, ARCHIVING),
        (
            {"operation": Operation.ARCHIVING, "incident": resolved()},
            f"{ARCHIVING} Archive it in Slack.",
        ),
        (
            {"operation": Operation.ARCHIVING, "incident": an_incident(deleted_at=NOON)},
            f"{ARCHIVING} Archive it in Slack.",
        ),
        (
            {"operation": Operation.ANNOUNCEMENT, "destination": INCIDENTS, "is_final": True},
            (
                f":warning: The announcement of INC-12 could not be sent to #{INCIDENTS}: "
                "no & way. I've stopped trying: please tell them yourself. "
                "`/incident show INC-12` shows it."
            ),
        ),
        (
            {"operation": Operation.DIRECT, "destination": "U0BEN", "is_final": True},
            (
                ":warning: A message about INC-12 could not be sent to <@U0BEN>: no & way. "
                "I've stopped trying: please tell them yourself. `/incident show INC-12` shows it."
            ),
        ),
        (
            {"operation": Operation.CHANNEL},
            (
                f"{CHANNEL} It is made once that is mended. Meanwhile INC-12 goes on where it is "
                "announced."
            ),
        ),
        (
            {"operation": Operation.CHANNEL, "is_final": True},
            f"{CHANNEL} Meanwhile INC-12 goes on where it is announced.",
        ),
        (
            {"operation": Operation.CHANNEL, "incident": an_incident(is_private=True)},
            (
                f"{CHANNEL} It is made once that is mended. Until then only its people know of it: "
                "`/incident show INC-12` has its buttons."
            ),
        ),
        (
            {"operation": Operation.ORIGIN, "destination": "C0OPS"},
            (
                ":warning: INC-12 is declared, but no link to it could be left below the message "
                "in <#C0OPS>: no & way. `/incident show INC-12` opens it."
            ),
        ),
        (
            {"operation": Operation.ANNOUNCEMENT, "destination": INCIDENTS},
            (
                ":warning: INC-12 cannot be told in #incidents yet: no & way. It goes out by "
                "itself once that is mended."
            ),
        ),
    ],
)
def test_the_thing_the_reason_and_the_way_out_are_named(
    arguments: dict[str, Any], words: str
) -> None:
    assert told(**arguments) == words.replace("&", "&amp;")


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("operation", Operation)
def test_the_longest_reason_is_harmless(operation: Operation, mark: str) -> None:
    text = told(operation, destination=INCIDENTS, reason=mark * 300)

    check_message(text, [])
