"""What a bot may do to channels: make them, invite, set topics, pin, bookmark, archive."""

import pytest

from incident_bot.sandbox.control import ChannelChange, UserChange
from incident_bot.sandbox.server import SandboxServer

from .support import Bot, Json


async def created(bot: Bot, name: str = "inc-12-checkout", *, is_private: bool = False) -> Json:
    answer = await bot.call("conversations.create", name=name, is_private=is_private)
    assert answer["ok"], answer
    channel: Json = answer["channel"]
    return channel


async def test_who_makes_a_channel_is_in_it_and_its_creator(bot: Bot) -> None:
    public, private = await created(bot), await created(bot, "inc-13-secret", is_private=True)

    for channel in (public, private):
        assert channel["creator"] == "U0BOT"
        assert channel["is_member"] is True
    assert (public["is_private"], private["is_private"]) == (False, True)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", "invalid_name_required"),
        ("x" * 81, "invalid_name_maxlength"),
        ("Checkout", "invalid_name_specials"),
        ("check out", "invalid_name_specials"),
        ("check.out", "invalid_name_specials"),
        ("-_-", "invalid_name_punctuation"),
        ("incidents", "name_taken"),
    ],
)
async def test_a_name_that_slack_would_not_take_is_refused(bot: Bot, name: str, error: str) -> None:
    assert (await bot.call("conversations.create", name=name))["error"] == error


async def test_an_archived_channel_keeps_its_name(bot: Bot) -> None:
    channel = await created(bot)
    assert (await bot.call("conversations.archive", channel=channel["id"]))["ok"]

    again = await bot.call("conversations.archive", channel=channel["id"])
    taken = await bot.call("conversations.create", name="inc-12-checkout")
    topic = await bot.call("conversations.setTopic", channel=channel["id"], topic="Over")

    assert [answer["error"] for answer in (again, taken, topic)] == [
        "already_archived",
        "name_taken",
        "is_archived",
    ]


async def test_with_force_the_others_are_invited_although_somebody_cannot_be(
    sandbox: SandboxServer, bot: Bot
) -> None:
    channel = await created(bot)
    sandbox.control.change_user(UserChange(id="U0GUS", is_deleted=True))
    people = "U0ANA,U0BOT,U0EVE,U0GUS,U0NOBODY"

    refused = await bot.call("conversations.invite", channel=channel["id"], users=people)
    forced = await bot.call("conversations.invite", channel=channel["id"], users=people, force=True)
    again = await bot.call("conversations.invite", channel=channel["id"], users="U0ANA")

    assert refused["ok"] is False
    assert {wrong["user"]: wrong["error"] for wrong in forced["errors"]} == {
        "U0BOT": "cant_invite_self",
        "U0EVE": "user_team_not_in_channel",
        "U0GUS": "user_not_found",
        "U0NOBODY": "user_not_found",
    }
    assert sandbox.workspace.directory.channels[channel["id"]].members == ["U0BOT", "U0ANA"]
    assert again["error"] == "already_in_channel"


async def test_a_topic_has_its_limit(bot: Bot) -> None:
    channel = (await created(bot))["id"]

    fits = await bot.call("conversations.setTopic", channel=channel, topic="x" * 250)
    too_long = await bot.call("conversations.setTopic", channel=channel, topic="x" * 251)

    assert fits["channel"]["topic"]["value"] == "x" * 250
    assert too_long["error"] == "too_long"


async def test_a_message_is_pinned_once(bot: Bot) -> None:
    ts = await bot.post()

    first, again = [
        await bot.call("pins.add", channel="C0INCIDENTS", timestamp=ts) for _ in range(2)
    ]
    others = [
        await bot.call("pins.add", channel="C0INCIDENTS", timestamp=timestamp)
        for timestamp in ("1.000001", "yesterday", "")
    ]
    history = await bot.call("conversations.history", channel="C0INCIDENTS")

    assert first["ok"]
    assert [answer["error"] for answer in (again, *others)] == [
        "already_pinned",
        "message_not_found",
        "bad_timestamp",
        "no_item_specified",
    ]
    assert (history["pin_count"], history["messages"][0]["pinned_to"]) == (1, ["C0INCIDENTS"])


async def test_a_bookmark_is_a_link_with_a_title(sandbox: SandboxServer, bot: Bot) -> None:
    link = "https://sandbox.slack.com/archives/C0INCIDENTS/p1"
    about = {"channel_id": "C0INCIDENTS", "title": "Announcement", "type": "link"}

    answer = await bot.call("bookmarks.add", **about, link=link)
    no_link = await bot.call("bookmarks.add", **about, link="javascript:1")

    folder = await bot.call("bookmarks.add", **{**about, "type": "folder"}, link=link)

    assert answer["bookmark"]["link"] == link
    assert (no_link["error"], folder["error"]) == ("invalid_link", "invalid_bookmark_type")
    [kept] = sandbox.workspace.directory.channels["C0INCIDENTS"].bookmarks
    assert kept.title == "Announcement"


async def test_the_bookmarks_of_a_channel_are_listed_in_their_order(bot: Bot) -> None:
    channel = (await created(bot))["id"]
    for title in ("Announcement", "Runbook"):
        await bot.call(
            "bookmarks.add", channel_id=channel, title=title, type="link", link="https://x.test/"
        )

    answer = await bot.call("bookmarks.list", channel_id=channel)
    elsewhere = await bot.call("bookmarks.list", channel_id="C0PAYMENTS")
    nowhere = await bot.call("bookmarks.list", channel_id="C0LEADS")

    assert [bookmark["title"] for bookmark in answer["bookmarks"]] == ["Announcement", "Runbook"]
    first = answer["bookmarks"][0]
    assert first["id"].startswith("Bk")
    assert (first["channel_id"], first["link"], first["type"]) == (
        channel,
        "https://x.test/",
        "link",
    )
    assert (elsewhere["error"], nowhere["error"]) == ("not_in_channel", "channel_not_found")


async def test_only_who_made_a_channel_renames_it(bot: Bot) -> None:
    own = (await created(bot))["id"]

    renamed = await bot.call("conversations.rename", channel=own, name="inc-12-payments")
    taken = await bot.call("conversations.rename", channel=own, name="incidents")
    other = await bot.call("conversations.rename", channel="C0INCIDENTS", name="alarms")

    assert renamed["channel"]["name"] == "inc-12-payments"
    assert (taken["error"], other["error"]) == ("name_taken", "not_authorized")


async def test_what_a_channel_is_can_be_looked_up(bot: Bot) -> None:
    private = (await created(bot, is_private=True))["id"]
    await bot.call("conversations.setTopic", channel=private, topic="High · led by Ana")
    await bot.call("conversations.archive", channel=private)

    info = (await bot.call("conversations.info", channel=private))["channel"]
    [listed] = (await bot.call("conversations.list", types="private_channel"))["channels"]

    for channel in (info, listed):
        assert channel["name"] == "inc-12-checkout"
        assert channel["topic"]["value"] == "High · led by Ana"
        assert channel["creator"] == "U0BOT"
        assert channel["created"] == 1_763_820_000
        assert channel["is_private"] is True
        assert channel["is_archived"] is True


async def test_the_general_channel_is_never_archived(sandbox: SandboxServer, bot: Bot) -> None:
    sandbox.control.change_channel(ChannelChange(id="C0GENERAL", name="all"))

    answer = await bot.call("conversations.archive", channel="C0GENERAL")

    assert answer["error"] == "cant_archive_general"


async def test_only_members_may_and_not_in_direct_messages(bot: Bot) -> None:
    general = await bot.call("conversations.setTopic", channel="C0SECRET", topic="x")
    direct = await bot.call("conversations.setTopic", channel="D0ANA", topic="x")

    assert general["error"] in {"not_in_channel", "channel_not_found"}
    assert direct["error"] == "method_not_supported_for_channel_type"
