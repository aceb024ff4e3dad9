"""Looking at channels: by name, by ID, and who is in one."""

import pytest
from slack_sdk.errors import SlackApiError

from incident_bot.slack.api.channels import ChannelMissing, Channels, is_shared
from incident_bot.slack.api.workspace import Workspace
from tests.factories import ANA, BEN, INCIDENTS
from tests.web_api import Answer, Call, Json, WebApi, error, ok, rate_limited

MISSING = (
    "there is no channel #incidents that the bot can see: create it, or set INCIDENT_BOT_CHANNEL; "
    "a private one shows once the bot is invited"
)


def a_channel(channel_id: str = "C0INC", name: str = INCIDENTS, **changes: object) -> Json:
    return {"id": channel_id, "name": name, "is_member": True, **changes}


def pages(name: str, *parts: list[object]) -> list[Answer]:
    """What Slack gives a part at a time."""
    cursors = [*(f"page{number}" for number in range(2, len(parts) + 1)), ""]
    return [
        ok(**{name: part, "response_metadata": {"next_cursor": cursor}})
        for part, cursor in zip(parts, cursors, strict=True)
    ]


async def test_a_name_is_looked_up_once(channels: Channels, web_api: WebApi) -> None:
    others = [a_channel(f"C0{number}", f"other-{number}") for number in range(2)]
    web_api.answers("conversations.list", *pages("channels", [*others], [a_channel()]))

    assert channels.known_id(INCIDENTS) is None
    assert await channels.id_of(INCIDENTS) == "C0INC"
    assert await channels.id_of(INCIDENTS) == "C0INC"

    assert channels.known_id(INCIDENTS) == "C0INC"
    first, second = web_api.asked("conversations.list")
    assert first == {"types": "public_channel,private_channel", "limit": "1000", "cursor": ""}
    assert second["cursor"] == "page2"


async def test_a_look_up_that_slack_interrupts_goes_on_where_it_was(
    channels: Channels, web_api: WebApi
) -> None:
    first, second = pages("channels", [a_channel("C0A", "a")], [a_channel()])
    web_api.answers("conversations.list", first, rate_limited(30), second)

    with pytest.raises(SlackApiError):
        await channels.id_of(INCIDENTS)

    assert await channels.id_of(INCIDENTS) == "C0INC"
    asked = [call["cursor"] for call in web_api.asked("conversations.list")]
    assert asked == ["", "page2", "page2"]


async def test_an_interrupted_look_up_begins_anew_when_its_place_is_forgotten(
    channels: Channels, web_api: WebApi
) -> None:
    first, second = pages("channels", [a_channel("C0A", "a")], [a_channel()])
    forgotten = error("invalid_cursor")
    web_api.answers("conversations.list", first, rate_limited(30), forgotten, first, second)

    for _ in range(2):
        with pytest.raises(SlackApiError):
            await channels.id_of(INCIDENTS)

    assert await channels.id_of(INCIDENTS) == "C0INC"


async def test_what_is_forgotten_is_looked_up_anew(channels: Channels, web_api: WebApi) -> None:
    moved = ok(channels=[a_channel("C0NEW")])
    web_api.answers("conversations.list", ok(channels=[a_channel()]), moved)
    await channels.id_of(INCIDENTS)

    channels.forget(INCIDENTS)
    channels.forget("never-known")

    assert await channels.id_of(INCIDENTS) == "C0NEW"


@pytest.mark.parametrize("channel_id", ["C0INC", "G0INC", "D0BEN"])
async def test_an_id_needs_no_look_up(channels: Channels, channel_id: str) -> None:
    assert await channels.id_of(channel_id) == channel_id
    assert channels.known_id(channel_id) == channel_id


@pytest.mark.parametrize("destination", [INCIDENTS, "G0INC"])
async def test_a_channel_that_has_another_id_is_known_by_that(
    channels: Channels, web_api: WebApi, destination: str
) -> None:
    web_api.answers("conversations.info", ok(channel=a_channel()))

    channels.follow(destination, "C0INC")

    assert channels.known_id(destination) == "C0INC"
    assert await channels.id_of(destination) == "C0INC"
    if destination != INCIDENTS:
        assert await channels.problem(destination) is None
        assert web_api.asked("conversations.info") == [{"channel": "C0INC"}]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, False),
        ({"is_ext_shared": False, "is_shared": True, "is_org_shared": True}, False),
        ({"is_ext_shared": True}, True),
        ({"is_ext_shared": False, "is_pending_ext_shared": True}, True),
    ],
)
def test_what_another_organisation_reads_or_is_asked_to_is_shared(
    facts: Json, *, expected: bool
) -> None:
    assert is_shared(a_channel(**facts)) is expected


async def test_a_name_that_no_channel_has_is_missing(channels: Channels, web_api: WebApi) -> None:
    web_api.answers("conversations.list", ok(channels=[a_channel(name="incidents-2")]))

    with pytest.raises(ChannelMissing) as missing:
        await channels.id_of(INCIDENTS)

    assert str(missing.value) == MISSING


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, None),
        ({"is_member": None}, None),
        ({"is_archived": True}, "the channel {} is archived: unarchive it"),
        (
            {"is_member": False},
            "the bot is not in the channel {}: type /invite @Incident Bot there",
        ),
        ({"is_member": False, "is_archived": True}, "the channel {} is archived: unarchive it"),
    ],
    ids=str,
)
async def test_what_keeps_the_bot_from_posting_is_said(
    channels: Channels, web_api: WebApi, changes: Json, words: str | None
) -> None:
    channel = a_channel(**changes)
    web_api.answers("conversations.list", ok(channels=[channel]))
    web_api.answers("conversations.info", ok(channel=channel))

    for given in (INCIDENTS, "C0INC"):
        problem = await channels.problem(given)
        assert problem == (None if words is None else words.format(given))
    assert channels.known_id(INCIDENTS) == "C0INC"


async def test_a_missing_channel_keeps_the_bot_from_posting(
    channels: Channels, web_api: WebApi
) -> None:
    web_api.answers("conversations.list", ok(channels=[]))

    assert await channels.problem(INCIDENTS) == MISSING


async def test_a_channel_that_is_gone_or_hidden_is_not_found(
    channels: Channels, web_api: WebApi
) -> None:
    web_api.answers(
        "conversations.info",
        ok(channel=a_channel()),
        error("channel_not_found"),
        error("missing_scope"),
    )

    assert await channels.find("C0INC") == a_channel()
    assert await channels.find("C0INC") is None
    with pytest.raises(SlackApiError):
        await channels.find("C0INC")


async def test_a_channel_s_name_is_asked_for(channels: Channels, web_api: WebApi) -> None:
    web_api.answers("conversations.info", ok(channel=a_channel()))

    assert await channels.name_of("C0INC") == INCIDENTS


async def test_who_is_in_a_channel_is_read_to_the_end(channels: Channels, web_api: WebApi) -> None:
    def members(call: Call) -> Answer:
        one, two = pages("members", [ANA], [BEN])
        return two if call.arguments["cursor"] else one

    web_api.answers("conversations.members", members)

    assert [who async for who in channels.members("C0INC")] == [ANA, BEN]
    assert await channels.has_member("C0INC", BEN)
    assert not await channels.has_member("C0INC", "U0GUS")
    web_api.calls.clear()
    assert await channels.has_member("C0INC", ANA)
    assert web_api.asked("conversations.members") == [
        {"channel": "C0INC", "limit": "1000", "cursor": ""}
    ]


async def test_an_app_of_an_organisation_names_its_workspace(web_api: WebApi) -> None:
    web_api.answers(
        "auth.test", ok(team_id="T0ORG", enterprise_id="E0", is_enterprise_install=True)
    )
    web_api.answers("conversations.list", ok(channels=[a_channel()]))
    workspace = Workspace(web_api.client)
    await workspace.connect()

    await Channels(web_api.client, workspace).id_of(INCIDENTS)

    assert web_api.asked("conversations.list")[0]["team_id"] == "T0ORG"


@pytest.mark.parametrize("name", ["missing_argument", "team_access_not_granted"])
async def test_where_no_name_can_be_looked_up_the_channels_id_is_asked_for(
    channels: Channels, web_api: WebApi, name: str
) -> None:
    web_api.answers("conversations.list", error(name))

    assert await channels.problem(INCIDENTS) == (
        f"Slack does not let the bot look up #incidents by its name ({name}): set "
        "INCIDENT_BOT_CHANNEL to the channel's ID, which Slack shows in its details"
    )
