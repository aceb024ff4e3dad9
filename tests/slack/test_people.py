"""Who may change incidents, by each thing that Slack may say of a person (users.info)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from incident_bot.domain.errors import CannotRespond, NotAllowed
from incident_bot.slack.people import People
from incident_bot.slack.workspace import Workspace
from tests.factories import ANA, BEN, NOON, Clock


class StandIn:
    """Answers who we are, and of everybody what `user` says."""

    def __init__(self) -> None:
        self.user: dict[str, Any] = {}
        self.organisation: dict[str, Any] = {}
        self.is_slow = False

    def application(self) -> web.Application:
        application = web.Application()
        application.router.add_post("/api/auth.test", self._auth_test)
        application.router.add_get("/api/bots.info", self._bots_info)
        application.router.add_get("/api/users.info", self._users_info)
        return application

    async def _auth_test(self, _request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "team_id": "T0ORG", **self.organisation})

    async def _bots_info(self, _request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "bot": {"app_id": "A0BOT"}})

    async def _users_info(self, _request: web.Request) -> web.Response:
        if self.is_slow:
            await asyncio.sleep(0.3)
        return web.json_response({"ok": True, "user": {"id": ANA, "team_id": "T0ORG"} | self.user})


@pytest.fixture
def stand_in() -> StandIn:
    return StandIn()


@pytest.fixture
async def client(stand_in: StandIn) -> AsyncIterator[AsyncWebClient]:
    async with TestServer(stand_in.application()) as server:
        yield AsyncWebClient("xoxb-1", base_url=str(server.make_url("/api/")))


async def people_of(client: AsyncWebClient) -> People:
    workspace = Workspace(client)
    await workspace.connect()
    return People(client, workspace, Clock())


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ({"is_restricted": True}, "Guests"),
        ({"is_ultra_restricted": True}, "Guests"),
        ({"is_stranger": True}, "Only people of this workspace"),
        ({"is_bot": True}, "Only people of this workspace"),
        ({"deleted": True}, "Only people of this workspace"),
        ({"team_id": "T0PARTNER"}, "Only people of this workspace"),
        (
            {"team_id": "T0PARTNER", "enterprise_user": {"enterprise_id": "E0PARTNER"}},
            "Only people of this workspace",
        ),
    ],
    ids=str,
)
async def test_each_of_these_changes_nothing(
    client: AsyncWebClient, stand_in: StandIn, flags: dict[str, object], words: str
) -> None:
    stand_in.user = flags
    people = await people_of(client)

    with pytest.raises(NotAllowed, match=words):
        await people.refuse_change(ANA)


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ({"is_restricted": True}, "is a guest"),
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
    client: AsyncWebClient, stand_in: StandIn, flags: dict[str, object], words: str
) -> None:
    stand_in.user = flags
    people = await people_of(client)

    with pytest.raises(CannotRespond, match=words):
        await people.refuse_responder(ANA)


@pytest.mark.parametrize("flags", [{"is_stranger": True}, {"team_id": "T0PARTNER"}], ids=str)
async def test_who_is_of_another_organisation_may_not_even_follow(
    client: AsyncWebClient, stand_in: StandIn, flags: dict[str, object]
) -> None:
    stand_in.user = flags
    people = await people_of(client)

    with pytest.raises(NotAllowed, match="Only people of this workspace"):
        await people.refuse_outsider(ANA)


async def test_a_guest_may_follow(client: AsyncWebClient, stand_in: StandIn) -> None:
    stand_in.user = {"is_restricted": True}
    people = await people_of(client)

    await people.refuse_outsider(ANA)


async def test_a_member_may(client: AsyncWebClient) -> None:
    people = await people_of(client)

    await people.refuse_change(ANA)
    await people.refuse_responder(ANA)


async def test_a_colleague_from_another_workspace_of_the_organisation_may(
    client: AsyncWebClient, stand_in: StandIn
) -> None:
    stand_in.organisation = {"enterprise_id": "E0ORG", "is_enterprise_install": False}
    stand_in.user = {"team_id": "T0SISTER", "enterprise_user": {"enterprise_id": "E0ORG"}}
    people = await people_of(client)

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
        ({}, "12:00"),
    ],
    ids=str,
)
async def test_a_person_s_clock_shows_the_time_of_their_zone_or_utc(
    client: AsyncWebClient, stand_in: StandIn, user: dict[str, object], shown: str
) -> None:
    stand_in.user = user
    people = await people_of(client)

    now = await people.local_time(ANA)

    assert now == NOON
    assert f"{now:%H:%M}" == shown


@pytest.mark.parametrize(
    ("organisation", "installed_on"),
    [
        ({}, "T0ORG"),
        ({"enterprise_id": "E0ORG", "is_enterprise_install": False}, "T0ORG"),
        ({"enterprise_id": "E0ORG", "is_enterprise_install": True}, "E0ORG"),
    ],
)
async def test_the_bot_knows_on_what_it_was_installed(
    client: AsyncWebClient,
    stand_in: StandIn,
    organisation: dict[str, object],
    installed_on: str,
) -> None:
    stand_in.organisation = organisation
    workspace = Workspace(client)

    await workspace.connect()

    assert (workspace.installed_on, workspace.app_id) == (installed_on, "A0BOT")


async def test_names_are_told_as_far_as_slack_says_them_in_time(
    client: AsyncWebClient, stand_in: StandIn
) -> None:
    stand_in.user = {"name": "ana"}
    people = await people_of(client)
    await people.name_of(ANA)

    stand_in.is_slow = True

    assert await people.names_of([ANA, BEN], within=0.05) == {ANA: "ana"}
    assert await people.names_of([], within=0.05) == {}
