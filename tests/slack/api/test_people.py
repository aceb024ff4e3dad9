"""Who may change incidents, by each thing that Slack may say of a person (users.info)."""

import asyncio
import gc
from collections.abc import MutableMapping
from typing import Any

import pytest

from incident_bot.domain.errors import IncidentError, NotAllowed
from incident_bot.slack.api.people import People
from incident_bot.slack.api.standing import CannotRespond, NotLookedUp
from incident_bot.slack.api.workspace import Workspace
from tests.factories import ANA, BEN, CARA, EVE, NOON, Clock
from tests.movable_time import put_forward, until
from tests.web_api import LOST, Answer, Call, WebApi, a_user, error, late, ok

FIVE_MINUTES = 5 * 60
A_DAY = 24 * 60 * 60


def says(web_api: WebApi, **flags: Any) -> None:  # noqa: ANN401 - JSON
    """Of everybody Slack says that they are like this."""
    web_api.answers("users.info", ok(user=a_user(**flags)))


async def workspace_of(web_api: WebApi, **organisation: object) -> Workspace:
    """What becomes known when auth.test says this as well."""
    web_api.answers("auth.test", ok(team_id="T0ORG", user_id="U0BOT", **organisation))
    workspace = Workspace(web_api.client)
    await workspace.connect()
    return workspace


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ({"is_restricted": True}, "Guests may declare and read incidents, but not change them."),
        ({"is_ultra_restricted": True}, "Ask a member of the workspace to do it."),
        ({"is_stranger": True}, "Only people of this workspace may change incidents. Ask one"),
        ({"is_bot": True}, "Only people of this workspace may change incidents.$"),
        ({"deleted": True}, "Only people of this workspace may change incidents.$"),
        ({"team_id": "T0PARTNER"}, "Ask one of them in this channel to do it."),
        (
            {"team_id": "T0PARTNER", "enterprise_user": {"enterprise_id": "E0PARTNER"}},
            "Only people of this workspace",
        ),
    ],
    ids=str,
)
async def test_each_of_these_changes_nothing(
    people: People, web_api: WebApi, flags: dict[str, object], words: str
) -> None:
    says(web_api, **flags)

    with pytest.raises(NotAllowed, match=words):
        await people.refuse_change(ANA)


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ({"is_restricted": True}, "is a guest, and guests may not change incidents"),
        ({"is_ultra_restricted": True}, "is a guest"),
        ({"is_bot": True}, "is a bot"),
        ({"id": "USLACKBOT"}, "is a bot"),
        ({"deleted": True}, "is deactivated"),
        ({"deleted": True, "is_bot": True}, "is deactivated"),
        ({"is_stranger": True}, "is not of this workspace"),
        ({"team_id": "T0PARTNER"}, "is not of this workspace"),
    ],
    ids=str,
)
async def test_each_of_these_gets_no_role(
    people: People, web_api: WebApi, flags: dict[str, object], words: str
) -> None:
    says(web_api, **flags)

    with pytest.raises(CannotRespond, match=words):
        await people.refuse_responder(ANA)


@pytest.mark.parametrize(
    ("flags", "is_foreign"),
    [
        ({}, False),
        ({"is_restricted": True}, False),
        ({"is_bot": True}, True),
        ({"deleted": True}, True),
        ({"is_stranger": True}, True),
    ],
    ids=str,
)
async def test_a_guest_may_be_brought_in_and_a_stranger_never(
    people: People, web_api: WebApi, flags: dict[str, object], *, is_foreign: bool
) -> None:
    says(web_api, **flags)

    assert await people.is_foreign(ANA) is is_foreign


@pytest.mark.parametrize("flags", [{"is_stranger": True}, {"team_id": "T0PARTNER"}], ids=str)
async def test_who_is_of_another_organisation_may_not_even_follow(
    people: People, web_api: WebApi, flags: dict[str, object]
) -> None:
    says(web_api, **flags)

    with pytest.raises(NotAllowed, match="Only people of this workspace"):
        await people.refuse_outsider(ANA)


@pytest.mark.parametrize("name", ["user_not_found", "user_not_visible"])
async def test_whom_slack_does_not_show_is_of_another_organisation(
    people: People, web_api: WebApi, name: str
) -> None:
    web_api.answers("users.info", error(name))

    with pytest.raises(NotAllowed, match="Only people of this workspace"):
        await people.refuse_outsider(ANA)
    assert await people.name_of(ANA) == ANA


async def test_a_guest_may_follow(people: People, web_api: WebApi) -> None:
    says(web_api, is_restricted=True)

    await people.refuse_outsider(ANA)


async def test_a_member_may(people: People) -> None:
    await people.refuse_change(ANA)
    await people.refuse_responder(ANA)


async def test_a_colleague_from_another_workspace_of_the_organisation_may(
    web_api: WebApi, clock: Clock
) -> None:
    workspace = await workspace_of(web_api, enterprise_id="E0ORG", is_enterprise_install=False)
    says(web_api, team_id="T0SISTER", enterprise_user={"enterprise_id": "E0ORG"})
    people = People(web_api.client, workspace, clock)

    await people.refuse_change(ANA)
    await people.refuse_outsiders(ANA, "T0SISTER")


async def test_in_an_organisation_slack_tells_who_is_of_another_one(
    web_api: WebApi, clock: Clock
) -> None:
    workspace = await workspace_of(web_api, enterprise_id="E0ORG", is_enterprise_install=False)
    people = People(web_api.client, workspace, clock)

    with pytest.raises(NotAllowed, match="Only people of this workspace may change incidents"):
        await people.refuse_outsiders(EVE, "T0PARTNER")


async def test_of_whom_slack_says_no_workspace_is_a_member(people: People, web_api: WebApi) -> None:
    says(web_api, team_id=None)

    await people.refuse_change(ANA)


async def test_the_payload_s_workspace_tells_who_is_of_another_one(people: People) -> None:
    await people.refuse_outsiders(ANA, None)
    await people.refuse_outsiders(ANA, "T0ORG")

    with pytest.raises(NotAllowed, match="Only people of this workspace may change incidents"):
        await people.refuse_outsiders(EVE, "T0PARTNER")


async def test_whom_slack_does_not_name_changes_nothing_and_is_told_to_try_again(
    people: People, web_api: WebApi, logs: list[MutableMapping[str, Any]]
) -> None:
    web_api.answers("users.info", error("internal_error"))

    with pytest.raises(NotLookedUp) as change:
        await people.refuse_change(ANA)
    with pytest.raises(NotLookedUp) as following:
        await people.refuse_outsider(ANA)
    with pytest.raises(IncidentError) as role:
        await people.refuse_responder(ANA)
    with pytest.raises(NotLookedUp, match="Slack did not say who that is"):
        await people.is_foreign(ANA)

    again = "Please try again in a moment."
    assert str(change.value) == (
        f"Slack did not say whether you may change incidents, so nothing was changed. {again}"
    )
    assert str(following.value) == f"Slack did not say who you are. {again}"
    assert str(role.value) == f"Slack did not say who that is, so nothing was changed. {again}"
    assert logs[-1]["event"] == "a person could not be looked up"
    assert await people.name_of(ANA) == ANA
    assert await people.local_time(ANA) == NOON


async def test_somebody_is_looked_up_once_in_five_minutes(
    people: People, web_api: WebApi, clock: Clock
) -> None:
    await people.refuse_change(ANA)
    clock.advance(FIVE_MINUTES)
    await people.refuse_change(ANA)
    assert web_api.asked("users.info") == [{"user": ANA}]

    clock.advance(1)
    says(web_api, is_restricted=True)

    with pytest.raises(NotAllowed):
        await people.refuse_change(ANA)


async def test_what_slack_said_counts_for_a_day_while_it_does_not_answer(
    people: People, web_api: WebApi, clock: Clock
) -> None:
    await people.refuse_change(ANA)
    web_api.answers("users.info", LOST)

    clock.advance(A_DAY - 1)
    await people.refuse_change(ANA)

    clock.advance(1)
    with pytest.raises(NotLookedUp):
        await people.refuse_change(ANA)


@pytest.mark.parametrize(
    ("user", "shown"),
    [
        ({"tz": "Asia/Kathmandu"}, "17:45"),
        ({"tz": "America/New_York"}, "07:00"),
        ({"tz": "Nowhere/Town"}, "12:00"),
        ({"tz": "../etc/passwd"}, "12:00"),
        ({"tz": ""}, "12:00"),
        ({"tz": None}, "12:00"),
        ({"tz": None, "tz_offset": 19800}, "17:30"),
        ({"tz": "Nowhere/Town", "tz_offset": -3600}, "11:00"),
        ({"tz": None, "tz_offset": None}, "12:00"),
        ({"tz": None, "tz_offset": "19800"}, "12:00"),
        ({"tz": None, "tz_offset": 10**9}, "12:00"),
        ({}, "12:00"),
    ],
    ids=str,
)
async def test_a_person_s_clock_shows_the_time_of_their_zone_or_utc(
    people: People, web_api: WebApi, user: dict[str, object], shown: str
) -> None:
    says(web_api, **user)

    now = await people.local_time(ANA)

    assert now == NOON
    assert f"{now:%H:%M}" == shown


@pytest.mark.parametrize(
    ("user", "name"),
    [
        ({"profile": {"display_name": "Ana", "real_name": "Ana Silva"}, "name": "ana"}, "Ana"),
        ({"profile": {"display_name": "", "real_name": "Ana Silva"}, "name": "ana"}, "Ana Silva"),
        ({"profile": {}, "name": "ana"}, "ana"),
        ({"profile": None, "name": ""}, ANA),
        ({"profile": {"display_name": "\u202eevil\x1b[2J\n"}, "name": "ana"}, "evil [2J"),
        ({"profile": {"display_name": "\u200b"}, "name": "ana"}, "ana"),
    ],
    ids=str,
)
async def test_people_are_called_what_their_colleagues_call_them(
    people: People, web_api: WebApi, user: dict[str, object], name: str
) -> None:
    says(web_api, **user)

    assert await people.name_of(ANA) == name


@pytest.mark.parametrize(
    ("organisation", "installed_on"),
    [
        ({}, "T0ORG"),
        ({"enterprise_id": "E0ORG", "is_enterprise_install": False}, "T0ORG"),
        ({"enterprise_id": "E0ORG", "is_enterprise_install": True}, "E0ORG"),
    ],
)
async def test_the_bot_knows_on_what_it_was_installed(
    web_api: WebApi, organisation: dict[str, object], installed_on: str
) -> None:
    workspace = await workspace_of(web_api, **organisation)

    assert (workspace.installed_on, workspace.app_id) == (installed_on, "A0BOT")


async def test_names_are_told_as_far_as_slack_says_them_in_time(
    people: People, web_api: WebApi
) -> None:
    await people.name_of(ANA)
    web_api.answers("users.info", late(ok(user=a_user(BEN))))

    looking = asyncio.create_task(people.names_of([ANA, BEN], within=1))
    await until(lambda: len(web_api.asked("users.info")) == 2)
    put_forward(1)

    assert await looking == {ANA: "Ana"}
    assert await people.names_of([], within=1) == {}


async def test_a_name_that_came_too_late_is_known_the_next_time(
    people: People, web_api: WebApi
) -> None:
    web_api.answers("users.info", late(ok(user=a_user(BEN))))
    looking = asyncio.create_task(people.names_of([BEN], within=1))
    await until(lambda: web_api.calls)
    put_forward(1)
    assert await looking == {}

    web_api.gate.set()

    assert await people.name_of(BEN) == "Ben"
    assert len(web_api.calls) == 1


async def test_a_look_up_that_fails_after_nobody_waits_for_it_is_no_fault(
    people: People, web_api: WebApi
) -> None:
    faults: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, fault: faults.append(fault))
    web_api.answers("users.info", late(error("internal_error")))
    looking = asyncio.create_task(people.names_of([BEN], within=1))
    await until(lambda: web_api.calls)
    put_forward(1)
    assert await looking == {}

    web_api.gate.set()
    await until(lambda: not any("People._look_up" in repr(task) for task in asyncio.all_tasks()))
    gc.collect()

    assert faults == []


async def test_who_left_the_company_is_known_as_far_as_slack_tells(
    people: People, web_api: WebApi
) -> None:
    def somebody(call: Call) -> Answer:
        if call.arguments["user"] == ANA:
            return LOST
        return ok(user=a_user(call.arguments["user"], deleted=call.arguments["user"] == BEN))

    web_api.answers("users.info", somebody)

    assert await people.deactivated([ANA, BEN, CARA]) == {BEN}
