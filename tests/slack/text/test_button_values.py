"""What comes back from a button or a form is what was handed out, or is refused in words."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_bot.domain.errors import IncidentError
from incident_bot.slack.text.button_values import Origin, SeenForm, SeenIncident
from tests.factories import an_incident


def test_a_button_says_what_was_seen() -> None:
    seen = SeenIncident(incident_id=12, version=3)

    assert SeenIncident.parse(seen.dump()) == seen


def test_a_form_says_what_it_was_filled_with() -> None:
    seen = SeenForm.of(an_incident(), "C0OPS")

    assert SeenForm.parse(seen.dump()) == seen
    assert (seen.status, seen.severity, seen.channel_id) == ("Open", "High", "C0OPS")


@pytest.mark.parametrize(
    "value",
    [
        "",
        "12",
        "null",
        "{}",
        "[1, 2]",
        '{"incident_id": -1, "version": 1}',
        '{"incident_id": 0, "version": 1}',
        '{"incident_id": 12, "version": 0}',
        '{"incident_id": 12, "version": 1, "team": "T0EVIL"}',
        '{"incident_id": ' + str(10**30) + ', "version": 1}',
        '{"incident_id": 1.5, "version": 1}',
        "[" * 5000,
    ],
)
def test_a_forged_value_is_answered_in_words(value: str) -> None:
    with pytest.raises(IncidentError, match="This button is of no use any more"):
        SeenIncident.parse(value)


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=100))
def test_any_value_is_read_or_answered_in_words(value: str) -> None:
    try:
        seen = SeenIncident.parse(value)
    except IncidentError:
        return
    assert seen.incident_id >= 1


@pytest.mark.parametrize(
    ("channel_id", "channel_name", "postable"),
    [
        ("C0OPS", "ops", "C0OPS"),
        ("G0OLD", "privategroup", "G0OLD"),
        ("D0ANA", "directmessage", None),
        ("C0OPS", "directmessage", None),
        ("../../etc", "ops", None),
        ("C0OPS\n", "ops", None),
        (None, None, None),
    ],
)
def test_a_channel_can_be_posted_in_unless_it_is_a_direct_message(
    channel_id: str | None, channel_name: str | None, postable: str | None
) -> None:
    origin = Origin(channel_id=channel_id, channel_name=channel_name)

    assert origin.postable_channel_id == postable


@pytest.mark.parametrize("thread_ts", ["", "100", "100.1|x", "<!channel>"])
def test_a_forged_thread_is_refused(thread_ts: str) -> None:
    with pytest.raises(IncidentError):
        Origin.parse(json.dumps({"channel_id": "C0OPS", "thread_ts": thread_ts}))
