"""`/incident list` and `search`: which incidents are shown to whom."""

import pytest

from incident_bot.domain.status import Step
from incident_bot.slack.commands import dispatch
from incident_bot.slack.reply import Reply
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import ListPage
from tests.factories import ANA, BEN, by
from tests.slack.answers import refusal, said
from tests.slack.incidents import declared
from tests.slack.payloads import typed
from tests.slack.support import actions_of

OPENS = "opens one."


@pytest.fixture
async def three(services: Services) -> None:
    """INC-1 is open and of severity High, INC-2 In Progress and Low, INC-3 Resolved and High."""
    await declared(services, title="Tills are down")
    await declared(services, title="Mail is slow", severity="Low")
    await declared(services, title="Tills are slow")
    await services.store.take(by(ANA), 2, Step.ACKNOWLEDGE)
    await services.store.take(by(BEN), 3, Step.RESOLVE)


def shown(answer: object) -> list[int]:
    """Which incidents are listed, in their order."""
    assert isinstance(answer, Reply)
    lines = answer.text.split("\n")[1:]
    return [int(line.split("INC-")[1].split()[0]) for line in lines if not line.endswith(OPENS)]


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("text", "heading", "numbers"),
    [
        ("list", "2 unresolved incidents", [2, 1]),
        ("ls", "2 unresolved incidents", [2, 1]),
        ("LIST", "2 unresolved incidents", [2, 1]),
        ("list all", "3 incidents", [3, 2, 1]),
        ("list open", "1 Open incident", [1]),
        ("list in progress", "1 In Progress incident", [2]),
        ("list In-Progress", "1 In Progress incident", [2]),
        ("list resolved", "1 Resolved incident", [3]),
        ("list resolved open", "2 Open or Resolved incidents", [3, 1]),
        ("list high", "1 unresolved High incident", [1]),
        ("list high HIGH", "1 unresolved High incident", [1]),
        ("list high all", "2 High incidents", [3, 1]),
        ("list all resolved", "1 Resolved incident", [3]),
        ("list mine", "1 unresolved incident that you lead", [2]),
        ("list mine low in progress", "1 In Progress Low incident that you lead", [2]),
        ("search tills", "2 incidents with the words “tills”", [3, 1]),
        ("search  SLOW \u200b tills", "1 incident with the words “SLOW tills”", [3]),
    ],
)
async def test_a_list_shows_what_was_asked_for(
    services: Services, text: str, heading: str, numbers: list[int]
) -> None:
    answer = await dispatch(typed(text), services)

    assert said(answer).startswith(f"*{heading}*, newest first\n")
    assert said(answer).endswith(f"\n`/incident show INC-{numbers[0]}` {OPENS}")
    assert shown(answer) == numbers
    assert isinstance(answer, Reply)
    assert answer.replaces


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("list low resolved", "Resolved Low incidents"),
        ("list mine resolved", "Resolved incidents that you lead"),
        ("search printer", "incidents with the words “printer”"),
    ],
)
async def test_a_list_of_nothing_says_how_to_declare(
    services: Services, text: str, kind: str
) -> None:
    words = said(await dispatch(typed(text), services))

    assert words == f"There are no {kind}. `/incident new` declares one."


@pytest.mark.parametrize(
    ("text", "word"),
    [("list urgent", "urgent"), ("list open hihg", "hihg"), (f"list {'x' * 41}", f"{'x' * 39}…")],
)
async def test_a_word_that_filters_nothing_is_refused_with_those_that_do(
    services: Services, text: str, word: str
) -> None:
    assert await refusal(dispatch(typed(text), services)) == (
        f"“{word}” is neither a status nor a severity. `/incident list` takes: "
        "Open, In Progress, Resolved, Low, Medium, High, all, mine."
    )


async def test_two_severities_at_once_are_refused(services: Services) -> None:
    assert await refusal(dispatch(typed("list low high"), services)) == (
        "A list takes one severity at a time."
    )


@pytest.mark.parametrize("text", ["search", "search ?!", "search \u200b"])
async def test_a_search_for_nothing_asks_which_words(services: Services, text: str) -> None:
    assert await refusal(dispatch(typed(text), services)) == (
        "Which words? Type for example `/incident search disk full`."
    )


async def test_a_search_has_at_most_200_characters(services: Services) -> None:
    await dispatch(typed(f"search {'x' * 200}"), services)

    assert await refusal(dispatch(typed(f"search {'x' * 201}"), services)) == (
        "A search may have 200 characters; this has 201. Type fewer words: "
        "`/incident search disk full`."
    )


async def test_a_long_list_has_a_page_after_this_one(services: Services) -> None:
    for number in range(21):
        await declared(services, title=f"Tills {number}")

    answer = await dispatch(typed("list"), services)

    assert said(answer).startswith("*21 unresolved incidents*, newest first, page 1 of 2\n")
    assert shown(answer) == list(range(21, 1, -1))
    assert isinstance(answer, Reply)
    assert answer.blocks is not None
    assert actions_of(answer.blocks)[0] == "list_older"
    older = answer.blocks[3]["elements"][0]["value"]
    assert ListPage.parse(older).trail == (2,)


async def test_a_list_of_twenty_has_no_other_page(services: Services) -> None:
    for number in range(20):
        await declared(services, title=f"Tills {number}")

    answer = await dispatch(typed("list"), services)

    assert said(answer).startswith("*20 unresolved incidents*, newest first\n")
    assert isinstance(answer, Reply)
    assert answer.blocks is not None
    assert "list_older" not in actions_of(answer.blocks)
