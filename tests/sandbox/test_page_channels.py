"""What people do to channels at the page: who may, in what words they may not, who sees it."""

import pytest

from incident_bot.sandbox.control import ChannelChange
from incident_bot.sandbox.server import SandboxServer

from .page_client import Page
from .support import Bot, Json

GUESTS = "Guests and people from other organisations cannot"


async def test_a_member_invites_the_bot(sandbox: SandboxServer, page: Page) -> None:
    guest = page.acting_as("U0GUS")
    refused = await guest.post("join", channel="C0GENERAL", user="U0EVE")
    nobody = await page.post("join", channel="C0PAYMENTS", user="U0NONE")

    answer = await page.post("join", channel="C0PAYMENTS", user="U0BOT")

    assert answer["channel"]["has_bot"]
    assert refused == {"error": "Only members of the channel may invite."}
    assert nobody == {"error": "There is no such person."}
    assert sandbox.workspace.directory.channels["C0PAYMENTS"].has_bot


async def test_a_channel_is_created_by_colleagues(page: Page) -> None:
    created = await page.post("channel", name="outage", is_private=True)
    again = await page.post("channel", name="outage")
    refused = await page.acting_as("U0GUS").post("channel", name="other")

    assert created["channel"]["kind"] == "private"
    assert again == {"error": "There is a channel of that name already."}
    assert refused == {"error": "Guests cannot create channels."}


async def test_only_shared_channels_take_people_from_elsewhere(page: Page) -> None:
    refused = await page.post("join", channel="C0GENERAL", user="U0EVE")

    assert refused == {"error": "Eve Martin can only be in shared channels."}


async def test_a_member_renames_archives_and_unarchives(page: Page) -> None:
    renamed = await page.post("rename", channel="C0PAYMENTS", name="billing")
    archived = await page.post("archive", channel="C0PAYMENTS")
    in_vain = await page.post("rename", channel="C0PAYMENTS", name="money")
    unarchived = await page.post("archive", channel="C0PAYMENTS", archive=False)

    assert renamed["channel"]["name"] == "billing"
    assert archived["channel"]["is_archived"]
    assert in_vain == {"error": "This channel is archived."}
    assert not unarchived["channel"]["is_archived"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "A channel needs a name."),
        ("x" * 81, "A name has at most 80 characters."),
        ("Check out", "A name has only lower-case letters, digits, hyphens and underscores."),
        ("--", "A name needs a letter or a digit."),
        ("incidents", "There is a channel of that name already."),
        ("leads", "There is a channel of that name already."),
    ],
)
async def test_a_name_that_cannot_be_is_refused_in_words(page: Page, name: str, words: str) -> None:
    cara = page.acting_as("U0CARA")

    assert await cara.post("rename", channel="C0PAYMENTS", name=name) == {"error": words}
    assert await cara.post("channel", name=name) == {"error": words}


@pytest.mark.parametrize("user_id", ["U0GUS", "U0EVE"])
@pytest.mark.parametrize(
    ("path", "body", "what"),
    [
        ("rename", {"name": "x"}, "rename channels."),
        ("archive", {}, "archive channels."),
        ("archive", {"archive": False}, "unarchive channels."),
        ("leave", {}, "leave channels."),
    ],
)
async def test_guests_and_outsiders_change_no_channel(
    page: Page, user_id: str, path: str, body: Json, what: str
) -> None:
    channel = "C0GENERAL" if user_id == "U0GUS" else "C0ACME"

    refused = await page.acting_as(user_id).post(path, channel=channel, **body)

    assert refused == {"error": f"{GUESTS} {what}"}


@pytest.mark.parametrize(
    ("path", "channel", "words"),
    [
        ("archive", "C0GENERAL", "#general cannot be archived."),
        ("leave", "C0GENERAL", "Nobody can leave #general."),
        ("archive", "D0CARA", "A direct message is not a channel."),
        ("leave", "D0CARA", "A direct message is not a channel."),
        ("leave", "C0ACME", "Join the channel first."),
        ("archive", "C0ACME", "Join the channel first."),
        ("archive", "C0LEADS", "There is no such channel."),
        ("leave", "C0LEADS", "There is no such channel."),
    ],
)
async def test_what_cannot_be_done_to_a_channel_is_said(
    page: Page, path: str, channel: str, words: str
) -> None:
    assert await page.acting_as("U0CARA").post(path, channel=channel) == {"error": words}


async def test_who_unarchives_a_channel_is_in_it(sandbox: SandboxServer, page: Page) -> None:
    sandbox.control.change_channel(ChannelChange(id="C0ACME", is_archived=True))

    answer = await page.acting_as("U0CARA").post("archive", channel="C0ACME", archive=False)

    assert answer["channel"]["is_member"]


async def test_who_leaves_a_public_channel_still_sees_it(page: Page) -> None:
    assert await page.post("leave", channel="C0PAYMENTS") == {"ok": True}

    state = await page.get("state")
    [left] = [channel for channel in state["channels"] if channel["id"] == "C0PAYMENTS"]
    assert not left["is_member"]
    assert left["members"] == ["U0BEN", "U0CARA"]


async def test_a_channel_shows_its_bookmarks_and_the_pins_that_are_still_there(
    page: Page, bot: Bot
) -> None:
    first, gone, last = [await bot.post(text) for text in ("first", "gone", "last")]
    for ts in (first, gone, last):
        await bot.call("pins.add", channel="C0INCIDENTS", timestamp=ts)
    await bot.call("chat.delete", channel="C0INCIDENTS", ts=gone)
    link = {"type": "link", "title": "Runbook", "link": "https://x.test/"}
    await bot.call("bookmarks.add", channel_id="C0INCIDENTS", **link)

    channel = (await page.get("state"))["channels"][0]
    pins = (await page.get("pins", channel="C0INCIDENTS"))["messages"]

    assert channel["pins"] == [last, first]
    assert [bookmark["title"] for bookmark in channel["bookmarks"]] == ["Runbook"]
    assert [message["text"] for message in pins] == ["last", "first"]


async def test_a_pin_arrives_live_with_its_message(page: Page, bot: Bot) -> None:
    ts = await bot.post()
    async with page.events() as events:
        await bot.call("pins.add", channel="C0INCIDENTS", timestamp=ts)
        channel, message = await anext(events), await anext(events)

    assert channel["channel"]["pins"] == [ts]
    assert (message["message"]["ts"], message["message"]["pinned"]) == (ts, True)


async def test_a_private_channel_comes_with_an_invitation_and_goes_with_leaving(
    page: Page,
) -> None:
    cara = page.acting_as("U0CARA")
    async with cara.events() as events:
        await page.post("join", channel="C0LEADS", user="U0CARA")
        invited = await anext(events)
        await cara.post("leave", channel="C0LEADS")
        gone = await anext(events)

    assert (invited["channel"]["id"], invited["channel"]["is_member"]) == ("C0LEADS", True)
    assert gone == {"type": "channel_gone", "channel": "C0LEADS"}


async def test_who_is_removed_from_a_private_channel_hears_it_and_nobody_else(
    sandbox: SandboxServer, page: Page
) -> None:
    async with page.acting_as("U0BEN").events() as ben, page.acting_as("U0CARA").events() as cara:
        sandbox.control.change_channel(ChannelChange(id="C0LEADS", members=["U0ANA"]))
        sandbox.control.change_channel(ChannelChange(id="C0PAYMENTS", name="billing"))
        removed, other = await anext(ben), await anext(cara)

    assert removed == {"type": "channel_gone", "channel": "C0LEADS"}
    assert other["channel"]["id"] == "C0PAYMENTS"


async def test_a_private_channel_is_nowhere_for_others(sandbox: SandboxServer, page: Page) -> None:
    leads = sandbox.workspace.directory.channels["C0LEADS"]
    secret = sandbox.workspace.posting.post(leads, "U0ANA", text="secret").ts
    place = {"channel": "C0LEADS", "ts": secret}
    refusal = {"error": "There is no such channel."}
    in_message = {"container": {"type": "message", **place}, "block_id": "b", "action_id": "a"}

    for user_id in ("U0CARA", "U0GUS", "U0EVE"):
        other = page.acting_as(user_id)
        assert "C0LEADS" not in [c["id"] for c in (await other.get("state"))["channels"]]
        assert await other.get("messages", channel="C0LEADS") == refusal
        assert await other.get("thread", channel="C0LEADS", thread_ts=secret) == refusal
        assert await other.get("pins", channel="C0LEADS") == refusal
        assert await other.post("message", channel="C0LEADS", text="x") == refusal
        assert await other.post("reaction", **place, name="eyes") == refusal
        assert await other.post("join", channel="C0LEADS") == refusal
        assert await other.post("action", **in_message) == refusal

    cara = page.acting_as("U0CARA")
    assert await cara.post("command", channel="C0LEADS", text="/echo x") == refusal
    assert await cara.post("shortcut", callback_id="look", **place) == refusal


async def test_the_name_of_a_private_channel_is_no_mention_for_others(page: Page) -> None:
    cara = page.acting_as("U0CARA")

    by_cara = await cara.post("message", channel="C0GENERAL", text="#leads and #payments")
    by_ana = await page.post("message", channel="C0GENERAL", text="#leads")

    assert by_cara["message"]["text"] == "#leads and <#C0PAYMENTS|payments>"
    assert by_ana["message"]["text"] == "<#C0LEADS|leads>"
