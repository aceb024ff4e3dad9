"""What the bot hears of channels: renamed, archived, joined, left; by people and by itself."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from incident_bot.sandbox.control import ChannelChange

from .support import Bot, Json, Listener, StillClock, listening, manifest, until


@pytest.fixture
async def listener(clock: StillClock) -> AsyncIterator[Listener]:
    async with listening(clock) as ready:
        yield ready


@pytest.fixture
def bot(listener: Listener, session: aiohttp.ClientSession) -> Bot:
    return Bot(listener.sandbox, session)


async def heard(listener: Listener, *kinds: str) -> list[Json]:
    """One event of each kind, in this order, without its time; they may arrive in any order."""
    await until(lambda: {event["type"] for event in listener.events()} >= set(kinds))
    events = {event["type"]: event for event in reversed(listener.events())}
    found = [events[kind] for kind in kinds]
    assert all(event.pop("event_ts") for event in found)
    return found


def change(listener: Listener, channel_id: str, **changed: object) -> None:
    given = ChannelChange.model_validate({"id": channel_id, **changed})
    listener.sandbox.control.change_channel(given)


async def test_archiving_says_who_did_it(listener: Listener) -> None:
    change(listener, "C0INCIDENTS", is_archived=True)
    change(listener, "C0INCIDENTS", is_archived=False)

    archived, unarchived = await heard(listener, "channel_archive", "channel_unarchive")

    about = {"channel": "C0INCIDENTS", "user": "U0ANA"}
    assert archived == {"type": "channel_archive", "is_moved": 0, **about}
    assert unarchived == {"type": "channel_unarchive", **about}


async def test_renaming_says_the_new_name_and_not_who_did_it(listener: Listener) -> None:
    change(listener, "C0INCIDENTS", name="alarms")

    [renamed] = await heard(listener, "channel_rename")

    named = {
        "id": "C0INCIDENTS",
        "is_channel": True,
        "is_mpim": False,
        "name": "alarms",
        "name_normalized": "alarms",
        "created": 1_763_800_000,
    }
    assert renamed == {"type": "channel_rename", "channel": named}


async def test_a_private_channel_s_events_are_those_of_groups(listener: Listener) -> None:
    change(listener, "C0LEADS", name="unheard")
    change(listener, "C0LEADS", has_bot=True)
    change(listener, "C0LEADS", name="heads", is_archived=True)
    change(listener, "C0LEADS", is_archived=False)

    joined, renamed, archived, unarchived = await heard(
        listener, "member_joined_channel", "group_rename", "group_archive", "group_unarchive"
    )

    assert (joined["user"], joined["channel_type"]) == ("U0BOT", "G")
    assert renamed["channel"]["name"] == "heads"
    assert archived["user"] == unarchived["user"] == "U0ANA"


async def test_a_private_channel_that_is_shared_gets_another_id(
    listener: Listener, bot: Bot
) -> None:
    change(listener, "C0LEADS", has_bot=True)
    said = await bot.call("chat.postMessage", channel="C0LEADS", text="Payroll")
    change(listener, "C0LEADS", is_ext_shared=True)

    [moved] = await heard(listener, "channel_id_changed")

    new = moved["new_channel_id"]
    assert moved == {
        "type": "channel_id_changed",
        "old_channel_id": "C0LEADS",
        "new_channel_id": new,
    }
    gone = await bot.call("conversations.info", channel="C0LEADS")
    there = await bot.call("conversations.info", channel=new)
    history = await bot.call("conversations.history", channel=new)
    assert gone["error"] == "channel_not_found"
    assert (there["channel"]["name"], there["channel"]["is_ext_shared"]) == ("leads", True)
    assert said["ts"] in [message["ts"] for message in history["messages"]]


async def test_a_public_channel_that_is_shared_keeps_its_id(listener: Listener, bot: Bot) -> None:
    change(listener, "C0GENERAL", is_ext_shared=True)

    channel = (await bot.call("conversations.info", channel="C0GENERAL"))["channel"]

    assert channel["is_ext_shared"]


async def test_a_response_url_leads_to_the_channel_whatever_its_id(listener: Listener) -> None:
    tickets = listener.sandbox.workspace.tickets
    name = tickets.new_response_url("U0ANA", "C0LEADS")
    other = tickets.new_response_url("U0ANA", "C0GENERAL")

    change(listener, "C0LEADS", is_ext_shared=True)

    [shared] = [
        c for c in listener.sandbox.workspace.directory.channels.values() if c.name == "leads"
    ]
    assert tickets.use_response_url(name).channel_id == shared.id
    assert tickets.use_response_url(other).channel_id == "C0GENERAL"


async def test_of_public_channels_the_bot_hears_without_being_a_member(listener: Listener) -> None:
    change(listener, "C0PAYMENTS", name="billing")

    [renamed] = await heard(listener, "channel_rename")

    assert renamed["channel"]["id"] == "C0PAYMENTS"


async def test_those_who_stay_hear_who_left(listener: Listener) -> None:
    change(listener, "C0GENERAL", members=["U0BOT", "U0ANA", "U0CARA", "U0GUS"])

    [left] = await heard(listener, "member_left_channel")

    assert left == {
        "type": "member_left_channel",
        "user": "U0BEN",
        "channel": "C0GENERAL",
        "channel_type": "C",
        "team": "T0SANDBOX",
    }


async def test_a_bot_that_is_removed_hears_that_it_left(listener: Listener) -> None:
    change(listener, "C0GENERAL", has_bot=False)
    change(listener, "C0LEADS", has_bot=True)
    change(listener, "C0LEADS", has_bot=False)

    public, private = await heard(listener, "channel_left", "group_left")

    assert public == {"type": "channel_left", "channel": "C0GENERAL", "actor_id": "U0ANA"}
    assert private == {"type": "group_left", "channel": "C0LEADS", "actor_id": "U0ANA"}


async def test_the_team_is_that_of_the_person(listener: Listener) -> None:
    change(listener, "C0ACME", members=["U0BOT", "U0ANA", "U0BEN"])

    [left] = await heard(listener, "member_left_channel")

    assert (left["user"], left["team"]) == ("U0EVE", "T0PARTNER")


async def test_what_the_bot_does_itself_it_hears_of_as_well(listener: Listener, bot: Bot) -> None:
    answer = await bot.call("conversations.create", name="inc-12-checkout")
    channel = answer["channel"]["id"]
    await bot.call("conversations.invite", channel=channel, users="U0ANA")
    await bot.call("conversations.rename", channel=channel, name="inc-12-payments")
    await bot.call("conversations.archive", channel=channel)

    joined, renamed, archived = await heard(
        listener, "member_joined_channel", "channel_rename", "channel_archive"
    )

    assert (joined["user"], joined["inviter"]) == ("U0ANA", "U0BOT")
    assert renamed["channel"]["name"] == "inc-12-payments"
    assert archived["user"] == "U0BOT"


@pytest.mark.parametrize("scope", ["channels:read", "groups:read"])
async def test_without_the_scope_nothing_is_heard(clock: StillClock, scope: str) -> None:
    kind = "C0GENERAL" if scope == "channels:read" else "C0LEADS"
    events = ["channel_archive", "group_archive", "member_joined_channel", "member_left_channel"]
    text = manifest(["commands"], events)
    async with listening(clock, text=text) as listener:
        change(listener, kind, has_bot=True)
        change(listener, kind, members=["U0BOT", "U0ANA"])
        change(listener, kind, is_archived=True)
        listener.sandbox.dispatcher.send_event({"type": "event_callback", "event": {}})
        await until(lambda: listener.bodies)

    assert listener.events() == [{}]
