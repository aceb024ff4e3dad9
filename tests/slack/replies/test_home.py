"""The Home tab of each who looks at it."""

import asyncio
from collections.abc import AsyncIterator, Callable, MutableMapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from sqlalchemy import text

from incident_bot.domain.status import Status, Step
from incident_bot.slack.replies.home import FIRST_PAGE, Home, content_of
from incident_bot.slack.services import Services
from incident_bot.slack.text.button_values import ListPage
from incident_bot.store.after_delivery import Outbox
from incident_bot.store.engine.database import Database
from tests.factories import ANA, BEN, CARA, INCIDENTS, Clock, by
from tests.movable_time import until
from tests.slack.incidents import declared, kept_private, taken
from tests.web_api import WebApi, error, ok, rate_limited

RESOLVED = ListPage(statuses=frozenset({Status.RESOLVED}))
EVENT = "a Home tab is not up to date"


class Passing:
    """Time that passes in the event loop from now on."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()

    @property
    def seconds(self) -> float:
        return self._loop.time() - self._began


@pytest.fixture(autouse=True)
def published(web_api: WebApi) -> Callable[[str], list[str]]:
    """Gives what somebody was shown, the headings of each time."""
    web_api.answers("views.publish", ok())

    def headings(user_id: str) -> list[str]:
        return [
            " | ".join(
                block["text"]["text"]
                for block in shown["view"]["blocks"]
                if block["type"] == "section"
            )
            for shown in web_api.asked("views.publish")
            if shown["user_id"] == user_id
        ]

    return headings


@pytest.fixture
async def running(home: Home) -> AsyncIterator[Home]:
    """What people look at is brought up to date."""
    run = asyncio.create_task(home.run())
    yield home
    run.cancel()
    with suppress(asyncio.CancelledError):
        await run


async def test_who_looks_first_sees_what_is_not_resolved(
    home: Home, services: Services, published: Callable[[str], list[str]]
) -> None:
    await taken(services, Step.RESOLVE)
    await declared(services)

    await home.open(ANA)

    assert published(ANA) == ["*1 unresolved incident*, newest first"]


async def test_who_looks_again_sees_the_first_page_with_their_own_incidents(
    home: Home, services: Services, published: Callable[[str], list[str]]
) -> None:
    await taken(services, Step.RESOLVE)

    await home.turn_to(RESOLVED, ANA)
    await home.open(ANA)

    assert published(ANA) == [
        "*1 Resolved incident*, newest first",
        "There are no unresolved incidents.",
    ]


async def test_one_s_own_are_shown_first_and_apart(services: Services) -> None:
    await taken(services, Step.ACKNOWLEDGE, actor=ANA)
    await taken(services, Step.ACKNOWLEDGE, actor=BEN)

    content = await content_of(FIRST_PAGE, ANA, services.lists, services.store, INCIDENTS)

    assert [incident.id for incident in content.mine] == [1]
    assert [incident.id for incident in content.others] == [2]
    assert (content.mine_total, content.others_total) == (1, 1)


async def test_mine_alone_are_shown_as_all_others_are(services: Services) -> None:
    await taken(services, Step.ACKNOWLEDGE, actor=ANA)
    await taken(services, Step.ACKNOWLEDGE, actor=BEN)

    page = ListPage(is_mine=True)
    content = await content_of(page, ANA, services.lists, services.store, INCIDENTS)

    assert (len(content.mine), content.mine_total) == (0, 0)
    assert [incident.id for incident in content.others] == [1]
    assert content.others_total == 1


async def test_the_links_to_announcements_are_shown(
    services: Services, outbox: Outbox, clock: Clock
) -> None:
    for _ in range(2):
        await declared(services)
    for number in (1, 2):
        [post] = await outbox.claim(clock(), 1, 0)
        await outbox.sent(post, "C0INC", f"{number}.000001", clock())
        await outbox.messages.keep_permalink(post, f"https://a.example/{number}")
    await services.store.hand_over(by(CARA), 1, ANA)

    content = await content_of(FIRST_PAGE, ANA, services.lists, services.store, INCIDENTS)

    assert content.permalinks == {1: "https://a.example/1", 2: "https://a.example/2"}


async def test_a_page_goes_on_where_the_one_before_ended(services: Services) -> None:
    for _ in range(12):
        await declared(services)
    await services.store.hand_over(by(CARA), 12, ANA)

    first = await content_of(FIRST_PAGE, ANA, services.lists, services.store, INCIDENTS)
    page = FIRST_PAGE.older(first.others[9].id)
    second = await content_of(page, ANA, services.lists, services.store, INCIDENTS)

    assert [incident.id for incident in first.others] == list(range(11, 0, -1))
    assert [incident.id for incident in second.others] == [1]
    assert (len(second.mine), second.mine_total, second.others_total) == (0, 1, 11)


async def test_a_page_on_which_nothing_is_left_shows_the_one_before(services: Services) -> None:
    await declared(services)

    page = FIRST_PAGE.older(1)
    content = await content_of(page, ANA, services.lists, services.store, INCIDENTS)

    assert content.page == FIRST_PAGE
    assert [incident.id for incident in content.others] == [1]


async def test_what_is_private_is_shown_to_its_people_alone(services: Services) -> None:
    await kept_private(services)

    for user_id, number in ((BEN, 0), (CARA, 1)):
        content = await content_of(FIRST_PAGE, user_id, services.lists, services.store, INCIDENTS)
        assert (len(content.others), content.others_total) == (number, number)


async def test_what_slack_does_not_show_is_raised(home: Home, web_api: WebApi) -> None:
    web_api.answers("views.publish", error("internal_error"))

    with pytest.raises(SlackApiError):
        await home.open(ANA)


async def test_what_changes_is_shown_to_who_looks(
    running: Home, services: Services, published: Callable[[str], list[str]]
) -> None:
    await running.open(ANA)
    await declared(services)

    await until(lambda: len(published(ANA)) == 2, pace=0.5)

    assert published(ANA)[1] == "*1 unresolved incident*, newest first"


async def test_who_sees_it_as_it_is_is_left_alone(
    running: Home, services: Services, published: Callable[[str], list[str]]
) -> None:
    await declared(services)
    await running.open(ANA)
    await services.store.take(by(BEN), 1, Step.ACKNOWLEDGE)
    await until(lambda: len(published(ANA)) == 2, pace=0.5)

    passed = Passing()
    await until(lambda: passed.seconds >= 10, pace=0.5)

    assert len(published(ANA)) == 2


async def test_who_has_not_looked_for_an_hour_is_left_alone(
    running: Home, services: Services, clock: Clock, published: Callable[[str], list[str]]
) -> None:
    await running.open(ANA)
    clock.now += timedelta(minutes=1)
    await running.open(BEN)
    clock.now += timedelta(minutes=59)
    await declared(services)

    await until(lambda: len(published(BEN)) == 2, pace=0.5)

    assert len(published(ANA)) == 1


async def test_of_more_than_fifty_who_looked_first_is_left_alone(
    running: Home, services: Services, published: Callable[[str], list[str]]
) -> None:
    people = [f"U0{number:09}" for number in range(51)]
    await running.open(people[0])
    await running.open(people[1])
    for user_id in (people[0], *people[2:]):
        await running.open(user_id)
    await declared(services)

    await until(lambda: len(published(people[50])) == 2, pace=0.5)

    assert len(published(people[0])) == 3
    assert len(published(people[1])) == 1


async def test_what_slack_takes_from_one_person_keeps_the_others_from_nothing(
    running: Home,
    services: Services,
    web_api: WebApi,
    published: Callable[[str], list[str]],
    logs: list[MutableMapping[str, Any]],
) -> None:
    await running.open(ANA)
    await running.open(BEN)
    web_api.answers("views.publish", error("not_enabled"), ok())
    await declared(services)

    await until(lambda: len(published(BEN)) == 2, pace=0.5)
    passed = Passing()
    await until(lambda: passed.seconds >= 10, pace=0.5)

    assert (len(published(ANA)), len(published(BEN))) == (2, 2)
    assert [entry["user_id"] for entry in logs if entry["event"] == EVENT] == [ANA]


async def test_one_persons_tab_that_slack_fails_to_show_holds_up_no_others(
    running: Home, services: Services, web_api: WebApi, published: Callable[[str], list[str]]
) -> None:
    await running.open(ANA)
    await running.open(BEN)
    web_api.answers(
        "views.publish",
        lambda call: error("internal_error") if call.arguments["user_id"] == ANA else ok(),
    )
    await declared(services)

    await until(lambda: len(published(BEN)) == 2, pace=0.5)


async def test_after_a_rate_limit_slack_is_spared_for_as_long_as_it_says(
    running: Home, services: Services, web_api: WebApi, published: Callable[[str], list[str]]
) -> None:
    await running.open(ANA)
    web_api.answers("views.publish", rate_limited(30), ok())
    await declared(services)
    await until(lambda: len(published(ANA)) == 2, pace=0.5)
    passed = Passing()

    await until(lambda: len(published(ANA)) == 3, pace=0.5)

    assert 25 <= passed.seconds < 40


async def test_while_slack_is_away_it_is_tried_again(
    running: Home, services: Services, web_api: WebApi, published: Callable[[str], list[str]]
) -> None:
    await running.open(ANA)
    web_api.answers("views.publish", error("internal_error"), ok())
    await declared(services)

    await until(lambda: len(published(ANA)) == 3, pace=0.5)


async def test_after_a_fault_it_is_tried_again(
    running: Home,
    services: Services,
    database: Database,
    published: Callable[[str], list[str]],
    logs: list[MutableMapping[str, Any]],
) -> None:
    await running.open(ANA)
    await declared(services)
    await rename(database, "incidents", "gone")
    await until(lambda: logs[-1]["log_level"] == "error", pace=0.5)

    await rename(database, "gone", "incidents")
    await until(lambda: len(published(ANA)) == 2, pace=0.5)

    faults = {entry["event"] for entry in logs if entry["log_level"] == "error"}
    assert faults == {"Home tabs could not be brought up to date"}


async def rename(database: Database, table: str, name: str) -> None:
    statement = text(f"ALTER TABLE {table} RENAME TO {name}")
    await database.write(lambda connection: connection.execute(statement))
