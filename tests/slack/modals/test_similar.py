"""What the form that declares shows of open incidents while its title is typed."""

from typing import Any

import pytest

from incident_bot.domain.channel import ChannelPolicy
from incident_bot.domain.incident import Incident
from incident_bot.domain.severity import Severities
from incident_bot.slack.modals import declare
from incident_bot.slack.modals.form import with_note
from incident_bot.slack.modals.similar import joined, with_similar
from incident_bot.slack.payloads import PressedForm
from incident_bot.slack.text.button_values import Origin
from tests.factories import HOSTILE_TITLE, an_incident, in_progress
from tests.slack.messages.extremes import MARKS, longest
from tests.slack.support import LINK, as_sent, check_view, shown, texts_of

OPENED = declare.view(
    Severities(),
    ChannelPolicy.ASK,
    Origin(channel_id="C0OPS"),
    "Checkout",
    description="Cards are refused",
)


def as_pressed(view: dict[str, Any]) -> PressedForm:
    """A view as Slack sends it back."""
    return PressedForm.model_validate(
        {"id": "V1", "hash": "1.a", "state": {"values": {}}, "team_id": "T0ORG", **as_sent(view)}
    )


def showing(*incidents: Incident, in_: dict[str, Any] = OPENED) -> dict[str, Any]:
    view = with_similar(as_pressed(in_), incidents)
    assert view is not None
    return view


def ids(view: dict[str, Any]) -> list[str]:
    return [block["block_id"] for block in view["blocks"]]


def test_each_has_its_name_title_status_and_a_button() -> None:
    view = showing(in_progress(id=7), an_incident(is_private=True))

    check_view(view)
    assert ids(view) == [
        "title",
        "similar",
        "similar_7",
        "similar_12",
        "description",
        "severity",
        "channel",
    ]
    words = shown(view["blocks"])
    assert "🔶 INC-7 · Checkout answers 500 · In Progress\nJoin INC-7" in words
    assert "🔺 INC-12 · Checkout answers 500 · 🔒 private · Open\nJoin INC-12" in words


def test_all_else_stays_as_it_is() -> None:
    view = showing(an_incident())

    again = as_pressed(view)
    inputs = [block for block in again.blocks if block["type"] == "input"]
    assert inputs == as_sent(OPENED)["blocks"]
    assert {**view, "blocks": []} == {**as_sent(OPENED), "blocks": []}


def test_what_shows_already_is_no_change() -> None:
    assert with_similar(as_pressed(OPENED), ()) is None
    assert with_similar(as_pressed(showing(an_incident())), [an_incident()]) is None


def test_others_take_the_place_of_those_that_showed_and_of_what_was_said() -> None:
    noted = with_note(as_pressed(showing(an_incident())), "No.")

    view = showing(an_incident(id=13), in_=noted)

    check_view(noted)
    assert ids(noted)[0] == "note"
    assert ids(view)[:3] == ["title", "similar", "similar_13"]
    assert ids(showing(in_=view)) == ["title", "description", "severity", "channel"]


def test_a_note_takes_the_place_of_an_earlier_one() -> None:
    view = with_note(as_pressed(with_note(as_pressed(OPENED), "No.")), "Not now.")

    assert ids(view).count("note") == 1
    assert "Not now." in texts_of(view["blocks"], "mrkdwn")


@pytest.mark.parametrize("mark", MARKS)
def test_the_longest_are_taken_by_slack(mark: str) -> None:
    incidents = [longest(mark, "open", id=2**53 - number) for number in (1, 2, 3)]

    check_view(showing(*incidents))
    check_view(joined(incidents[0], "x" * 500, LINK))


def test_a_hostile_title_shows_as_typed() -> None:
    view = showing(an_incident(title=HOSTILE_TITLE))

    check_view(view)
    assert HOSTILE_TITLE in shown(view["blocks"])


@pytest.mark.parametrize("link", [None, LINK])
def test_who_joined_is_told_so_and_where_it_goes_on(link: str | None) -> None:
    view = joined(an_incident(), "You respond to INC-12 now.", link)

    check_view(view)
    said, where = texts_of(view["blocks"], "mrkdwn")
    assert said == "You respond to INC-12 now. Nothing was declared."
    assert (link or "`/incident show INC-12`") in where
    assert view["title"]["text"] == "Joined INC-12"
