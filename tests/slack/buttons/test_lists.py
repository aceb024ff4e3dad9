"""The buttons of lists and of the Home tab: pages and filters."""

import pytest

from incident_bot.domain.status import Status, Step
from incident_bot.slack.buttons import dispatch
from incident_bot.slack.reply import Reply, ShowHome
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import ListPage
from tests.factories import ANA, by
from tests.slack.answers import said
from tests.slack.incidents import declared, taken
from tests.slack.payloads import pressed

LISTS = ["list_newer", "list_older", *(f"list_filter_{number}" for number in range(6))]
HOMES = [name.replace("list_", "home_") for name in LISTS]
RESOLVED = ListPage(statuses=frozenset({Status.RESOLVED}))


@pytest.mark.parametrize("name", LISTS)
async def test_another_page_takes_the_place_of_this_one(services: Services, name: str) -> None:
    await taken(services, Step.RESOLVE)
    await declared(services)

    answer = await dispatch(pressed(name, RESOLVED), services)

    assert said(answer).startswith("*1 Resolved incident*, newest first\n✅ INC-1 ")
    assert isinstance(answer, Reply)
    assert answer.replaces


@pytest.mark.parametrize("name", HOMES)
async def test_the_home_tab_shows_the_page_that_was_chosen(services: Services, name: str) -> None:
    assert await dispatch(pressed(name, RESOLVED), services) == ShowHome(RESOLVED)


async def test_mine_are_those_of_who_pressed(services: Services) -> None:
    await taken(services, Step.ACKNOWLEDGE)
    await declared(services)

    answer = await dispatch(pressed("list_filter_5", ListPage(is_mine=True)), services)

    assert said(answer).startswith("*1 incident that you lead*, newest first\n🔶 INC-1 ")


async def test_a_page_goes_on_where_the_one_before_ended(services: Services) -> None:
    for _ in range(22):
        await declared(services)

    answer = await dispatch(pressed("list_older", ListPage().older(3)), services)

    lines = said(answer).split("\n")
    assert lines[0] == "*22 incidents*, newest first, page 2 of 2"
    assert [line.split()[1] for line in lines[1:-1]] == ["INC-2", "INC-1"]


async def test_a_page_on_which_nothing_is_left_gives_the_one_before(services: Services) -> None:
    await declared(services)
    await declared(services)
    page = ListPage(statuses=frozenset({Status.OPEN})).older(2)
    await services.store.take(by(ANA), 1, Step.RESOLVE)

    answer = await dispatch(pressed("list_older", page), services)

    assert said(answer).startswith("*1 Open incident*, newest first\n🔺 INC-2 ")
