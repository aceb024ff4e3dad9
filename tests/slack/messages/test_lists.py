"""Several incidents at a glance, the Home tab, and the question before deleting."""

from collections.abc import Sequence

import pytest

from incident_bot.domain.incident import Incident
from incident_bot.domain.status import Status, Step
from incident_bot.slack.messages.deletion import question
from incident_bot.slack.messages.done import done
from incident_bot.slack.messages.home import FILTERS, HomeContent, home
from incident_bot.slack.messages.list_page import list_page
from incident_bot.slack.messages.listing import LISTED, listing
from incident_bot.slack.replies.home import FIRST_PAGE
from incident_bot.slack.text.button_values import ListPage
from incident_bot.slack.text.parts import rendered
from tests.factories import ANA, BEN, HOSTILE_TITLE, an_incident, in_progress, resolved
from tests.slack.messages.extremes import MARKS, STATUSES, longest, severities_of
from tests.slack.support import LINK, actions_of, check_message, check_view, shown, texts_of


def many(mark: str, status: str) -> Sequence[Incident]:
    return [longest(mark, status, id=number) for number in range(LISTED, 0, -1)]


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("status", STATUSES)
def test_the_longest_list_is_taken_by_slack(status: str, mark: str) -> None:
    incidents = many(mark, status)
    links = {incident.id: LINK for incident in incidents}

    check_message(*rendered([listing(incidents, links)]))


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("status", STATUSES)
def test_the_longest_page_of_a_list_is_taken_by_slack(status: str, mark: str) -> None:
    incidents = [*many(mark, status), longest(mark, status, id=2**53 - 1)]
    page = ListPage(
        statuses=frozenset(Status),
        severity=severities_of(mark).names[-1],
        is_mine=True,
        words=(mark * 200)[:200],
        number=2**30,
        trail=(2**53 - 1,) * 40,
    )
    links = {incident.id: LINK for incident in incidents}

    reply = list_page(page, incidents, 10**9, links, is_exact=False)

    check_message(reply.text, reply.blocks)


def test_of_a_long_way_back_the_last_pages_are_remembered() -> None:
    page = ListPage()
    for last_id in range(1000, 0, -20):
        page = page.older(last_id)

    for _ in range(39):
        page = page.newer()
    before = page
    first = page.newer()

    assert (before.number, before.trail) == (12, (800,))
    assert (first.number, first.trail) == (1, ())


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("status", STATUSES)
def test_the_longest_home_tab_is_taken_by_slack(status: str, mark: str) -> None:
    incidents = many(mark, status)
    page = ListPage(statuses=frozenset(Status), number=2**30, trail=(2**53 - 1,) * 40)
    links = {incident.id: LINK for incident in incidents}

    check_view(home(HomeContent(page, incidents[:5], 10**9, incidents[:11], 10**9, links)))


@pytest.mark.parametrize("mark", MARKS)
def test_the_longest_question_is_taken_by_slack(mark: str) -> None:
    reply = question(longest(mark, "open"))

    check_message(reply.text, reply.blocks)


def test_a_list_in_words_says_all_that_the_list_shows() -> None:
    incidents = [an_incident(), in_progress(id=13), resolved(id=14)]

    lines = rendered([listing(incidents, {12: LINK})]).text.split("\n")

    assert lines[0] == (
        "🔺 INC-12 Checkout answers 500 · Open · High · "
        "<!date^1795348800^since {date_short_pretty} at {time}|since 2026-11-22 12:00 UTC>"
    )
    assert lines[1].endswith("UTC> · <@U0ANA>")
    assert "Resolved · High · took 2 h 5 min" in lines[2]


def test_a_full_list_of_normal_length_is_said_whole() -> None:
    incidents = [in_progress(id=number) for number in range(100, 100 + LISTED)]

    words = rendered([listing(incidents, {})]).text

    assert len(words.split("\n")) == LISTED
    assert "more" not in words


def test_a_list_that_is_too_long_says_how_many_are_left() -> None:
    words = rendered([listing(many("&", "open"), {})]).text

    *lines, last = words.split("\n")
    assert last == f"… and {LISTED - len(lines)} more"


def test_a_reference_links_to_its_announcement_where_that_is_known() -> None:
    [block] = listing([an_incident(), an_incident(id=13)], {12: LINK}).blocks

    known, unknown = block["elements"][0]["elements"]
    assert known["elements"][1] == {
        "type": "link", "url": LINK, "text": "INC-12", "style": {"bold": True},
    }  # fmt: skip
    assert unknown["elements"][1] == {"type": "text", "text": "INC-13", "style": {"bold": True}}


def test_a_lead_is_shown_as_a_user_or_by_name() -> None:
    [block] = listing([in_progress(), in_progress(lead="pager <!here>")], {}).blocks

    user, name = (item["elements"][-1] for item in block["elements"][0]["elements"])
    assert user == {"type": "user", "user_id": ANA}
    assert name == {"type": "text", "text": " · pager <!here>"}


def test_a_hostile_title_shows_as_typed_in_a_list() -> None:
    text, blocks = rendered([listing([an_incident(title=HOSTILE_TITLE)], {})])

    check_message(text, blocks)
    assert HOSTILE_TITLE in shown(blocks)


def test_an_empty_home_tab_says_so_and_lets_declare() -> None:
    view = home(HomeContent(FIRST_PAGE, [], 0, [], 0, {}))

    check_view(view)
    assert actions_of(view["blocks"]) == ["declare", *FILTERS]
    assert "There are no unresolved incidents." in texts_of(view, "mrkdwn")


def test_the_home_tab_shows_ones_own_first_and_then_the_others() -> None:
    mine, other = in_progress(id=3, lead=ANA), an_incident(id=9)

    view = home(HomeContent(FIRST_PAGE, [mine], 7, [other], 25, {9: LINK}))

    check_view(view)
    said = list(texts_of(view, "mrkdwn"))
    assert said[:2] == [
        "*You lead 7*, and 6 more: “Mine” shows them",
        "*25 other unresolved incidents*, newest first, page 1 of 3",
    ]
    assert "INC-3" in shown(view["blocks"])
    assert LINK in str(view["blocks"])
    buttons = [name for name in actions_of(view["blocks"]) if not name.startswith("home")]
    assert buttons == ["declare", "update", "resolve", "acknowledge", "update", "resolve"]


def test_there_is_an_older_page_when_there_are_more() -> None:
    incidents = [an_incident(id=number) for number in range(11, 0, -1)]

    view = home(HomeContent(FIRST_PAGE, [], 0, incidents, 30, {}))

    assert "home_older" in actions_of(view["blocks"])
    assert "home_newer" not in actions_of(view["blocks"])
    assert "INC-1 " not in shown(view["blocks"])


def test_deleting_is_asked_with_both_answers() -> None:
    reply = question(an_incident(title=HOSTILE_TITLE))

    assert reply.blocks is not None
    assert actions_of(reply.blocks) == ["delete", "keep"]
    assert "Delete *INC-12*?" in reply.text
    assert HOSTILE_TITLE in shown(reply.blocks)


@pytest.mark.parametrize(
    ("step", "incident", "words"),
    [
        (
            Step.ACKNOWLEDGE,
            in_progress(),
            "You acknowledged INC-12; it is In Progress. You lead it.",
        ),
        (Step.ACKNOWLEDGE, in_progress(lead=BEN), "You acknowledged INC-12; it is In Progress."),
        (Step.RESOLVE, resolved(), "You resolved INC-12."),
        (Step.REOPEN, in_progress(), "You reopened INC-12; it is In Progress. You lead it."),
    ],
)
def test_a_person_is_told_what_they_did(step: Step, incident: Incident, words: str) -> None:
    assert done(step, incident, ANA) == words
