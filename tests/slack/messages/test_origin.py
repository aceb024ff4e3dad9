"""What is said below the message from which an incident was declared."""

import pytest

from incident_bot.slack.messages.origin import origin_reply
from incident_bot.slack.messages.trouble import trouble
from incident_bot.store.outbox.operations import Operation
from incident_bot.store.outbox.troubles import Trouble
from tests.factories import CARA, HOSTILE_TITLE, INCIDENTS, an_incident
from tests.slack.messages.extremes import MARKS, longest
from tests.slack.support import LINK, check_message, shown, texts_of


def test_it_names_the_incident_and_links_to_its_announcement() -> None:
    text, blocks = origin_reply(an_incident(), INCIDENTS, LINK)

    check_message(text, blocks)
    assert text == (
        f"Declared as *INC-12* by <@{CARA}>\nCheckout answers 500\n<{LINK}|Open the announcement>"
    )
    for words in text.split("\n"):
        assert words in [*texts_of(blocks, "mrkdwn"), shown(blocks)]


def test_until_there_is_a_link_it_says_where_it_is_being_announced() -> None:
    text, blocks = origin_reply(an_incident(), INCIDENTS, None)

    check_message(text, blocks)
    assert text.endswith("\nIt is being announced in #incidents.")
    assert "It is being announced in #incidents." in texts_of(blocks, "mrkdwn")


@pytest.mark.parametrize("mark", MARKS)
def test_the_longest_is_taken_by_slack(mark: str) -> None:
    incident = longest(mark, "open", reported_by=CARA, has_named_reporter=False)

    check_message(*origin_reply(incident, "x" * 80, LINK))


def test_a_hostile_title_pings_nobody_and_shows_as_typed() -> None:
    text, blocks = origin_reply(an_incident(title=HOSTILE_TITLE), INCIDENTS, LINK)

    check_message(text, blocks)
    assert HOSTILE_TITLE in shown(blocks)


def test_where_no_link_could_be_left_who_declared_is_told_why_and_what_to_do() -> None:
    reason = "the bot is not in the channel"

    words = trouble(an_incident(), Trouble(Operation.ORIGIN, "C0OPS", reason, is_final=True))

    assert words == (
        ":warning: INC-12 is declared, but no link to it could be left below the message in "
        "<#C0OPS>: the bot is not in the channel. `/incident show INC-12` opens it."
    )
