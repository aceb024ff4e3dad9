"""Buttons that open forms, for where Slack does not let the bot open one."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_bot.domain.text import many_lines
from incident_bot.slack.buttons.button import BUTTONS
from incident_bot.slack.messages.offer import declare_offer, edit_offer, update_offer
from incident_bot.slack.reply import Reply
from incident_bot.slack.text.button_values import SeenTyped, Typed
from incident_bot.slack.text.mrkdwn import cut
from tests.factories import an_incident
from tests.slack.messages.extremes import MARKS, longest
from tests.slack.support import actions_of, check_message

LONGEST = ("\\", '"', "\n", "x\n", "\u0007", *MARKS)


def value_of(offer: Reply) -> str:
    assert offer.blocks is not None
    value = offer.blocks[1]["elements"][0]["value"]
    assert isinstance(value, str)
    return value


@pytest.mark.parametrize("mark", LONGEST)
@pytest.mark.parametrize(
    "offer", [declare_offer, lambda typed: update_offer(longest("x", "open"), typed)]
)
def test_the_longest_that_was_typed_fits_its_button(
    offer: Callable[[str], Reply], mark: str
) -> None:
    reply = offer(mark * 12_000)

    assert reply.blocks is not None
    check_message(reply.text, reply.blocks)
    assert len(value_of(reply)) <= 2000


@settings(deadline=None)
@given(st.text(max_size=3000))
def test_whatever_was_typed_comes_back(typed: str) -> None:
    kept = Typed.parse(value_of(declare_offer(typed))).typed

    assert kept == cut(many_lines(typed), 900)


def test_what_was_typed_with_an_update_comes_back() -> None:
    seen = SeenTyped.parse(value_of(update_offer(an_incident(), "  Rolled back ")))

    assert (seen.incident_id, seen.typed) == (12, "Rolled back")


@pytest.mark.parametrize(
    "offer", [declare_offer("x"), update_offer(an_incident(), "x"), edit_offer(an_incident())]
)
def test_each_button_does_something(offer: Reply) -> None:
    assert offer.blocks is not None
    assert set(actions_of(offer.blocks)) <= BUTTONS.keys()
