"""chat.*: what is posted, and every way in which it is refused."""

import pytest

from incident_bot.sandbox.control import ChannelChange
from incident_bot.sandbox.messages import Message
from incident_bot.sandbox.server import SandboxServer
from incident_bot.slack.text.mrkdwn import mrkdwn

from .support import Bot, Json, section


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C0NONE", "text": "x"}, "channel_not_found"),
        ({"channel": "C0LEADS", "text": "x"}, "channel_not_found"),
        ({"channel": "#leads", "text": "x"}, "channel_not_found"),
        ({"channel": "U0EVE", "text": "x"}, "channel_not_found"),
        ({"channel": "C0PAYMENTS", "text": "x"}, "not_in_channel"),
        ({"channel": "C0INCIDENTS"}, "no_text"),
        ({"channel": "C0INCIDENTS", "text": " "}, "no_text"),
        ({"channel": "C0INCIDENTS", "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": "C0INCIDENTS", "blocks": "[{"}, "invalid_blocks_format"),
        ({"channel": "C0INCIDENTS", "blocks": {"type": "divider"}}, "invalid_blocks_format"),
        ({"channel": "C0INCIDENTS", "blocks": [section("")]}, "invalid_blocks"),
        ({"channel": "C0INCIDENTS", "text": "x", "thread_ts": "1.2"}, "thread_not_found"),
        ({"channel": "C0INCIDENTS", "text": "x", "metadata": "{"}, "metadata_must_be_sent_as_json"),
        ({"channel": "C0INCIDENTS", "text": "x", "metadata": {"a": 1}}, "invalid_metadata_format"),
        (
            {"channel": "C0INCIDENTS", "text": "x", "metadata": {"event_type": "x"}},
            "invalid_metadata_schema",
        ),
        ({"text": "x"}, "invalid_arguments"),
    ],
)
async def test_a_post_is_refused(bot: Bot, arguments: Json, error: str) -> None:
    answer = await bot.call("chat.postMessage", **arguments)

    assert answer["ok"] is False
    assert answer["error"] == error


async def test_refused_blocks_say_where_they_are_wrong(bot: Bot) -> None:
    answer = await bot.call("chat.postMessage", channel="C0INCIDENTS", blocks=[section("")])

    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]"
    ]


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("hey @channel", "hey <!channel>"),
        ("(@here, @everyone)", "(<!here>, <!everyone>)"),
        ("see #general", "see <#C0GENERAL|general>"),
        ("see #leads and #nowhere", "see #leads and #nowhere"),
        ("https://x.example/a", "<https://x.example/a>"),
        ("`@here #general` me@here.example", "`@here #general` me@here.example"),
        ("<@U0ANA> <https://x.example|@here>", "<@U0ANA> <https://x.example|@here>"),
    ],
)
async def test_names_and_addresses_in_mrkdwn_are_read_unless_it_is_verbatim(
    bot: Bot, sandbox: SandboxServer, text: str, parsed: str
) -> None:
    blocks = [section(text), {"type": "section", "text": mrkdwn(text)}]

    ts = await bot.post("x", blocks=blocks)

    assert [block["text"]["text"] for block in blocks_of(sandbox, ts)] == [parsed, text]


async def test_text_of_forty_thousand_characters_is_posted(bot: Bot) -> None:
    assert await bot.post("x" * 40_000)


async def test_an_archived_channel_takes_no_message(sandbox: SandboxServer, bot: Bot) -> None:
    ts = await bot.post()
    sandbox.control.change_channel(ChannelChange(id="C0INCIDENTS", is_archived=True))

    posted = await bot.call("chat.postMessage", channel="C0INCIDENTS", text="x")
    updated = await bot.call("chat.update", channel="C0INCIDENTS", ts=ts, text="x")

    assert posted["error"] == updated["error"] == "is_archived"


async def test_a_channel_may_be_named_or_be_a_persons_direct_message(bot: Bot) -> None:
    named = await bot.call("chat.postMessage", channel="#incidents", text="x")
    direct = await bot.call("chat.postMessage", channel="U0ANA", text="x")

    assert named["channel"] == "C0INCIDENTS"
    assert direct["channel"] == "D0ANA"


async def test_timestamps_grow_even_when_the_clock_stands_still(bot: Bot) -> None:
    first, second, third = [await bot.post() for _ in range(3)]

    assert first < second < third
    assert len(first) == len("1763820000.000100")


async def test_metadata_is_stored_up_to_its_size(bot: Bot) -> None:
    right = {"event_type": "x", "event_payload": {"id": "y" * 1000}}
    large = {"event_type": "x", "event_payload": {"id": "y" * 1100}}

    assert await bot.post(metadata=right)
    answer = await bot.call("chat.postMessage", channel="C0INCIDENTS", text="x", metadata=large)
    assert answer["error"] == "metadata_too_large"


async def test_a_reply_counts_in_its_thread_and_shows_in_the_channel_when_asked(
    sandbox: SandboxServer, bot: Bot
) -> None:
    parent = await bot.post()
    await bot.post("quiet", thread_ts=parent)
    loud = await bot.post("loud", thread_ts=parent, reply_broadcast=True)

    log = sandbox.workspace.posting.logs["C0INCIDENTS"]
    assert [m.ts for m in log.newest_first()] == [loud, parent]
    history = await bot.call("conversations.history", channel="C0INCIDENTS")
    assert history["messages"][0]["subtype"] == "thread_broadcast"
    assert history["messages"][1]["reply_count"] == 2
    assert history["messages"][1]["latest_reply"] == loud


async def test_a_reply_cannot_be_replied_to(bot: Bot) -> None:
    reply = await bot.post(thread_ts=await bot.post())

    answer = await bot.call("chat.postMessage", channel="C0INCIDENTS", text="x", thread_ts=reply)

    assert answer["error"] == "cannot_reply_to_message"


async def updated(sandbox: SandboxServer, bot: Bot, **arguments: object) -> Message:
    ts = await bot.post("before", blocks=[section("before")])
    answer = await bot.call("chat.update", channel="C0INCIDENTS", ts=ts, **arguments)
    assert answer["ts"] == ts
    message = sandbox.workspace.posting.get("C0INCIDENTS", ts)
    assert message
    return message


async def test_an_update_by_text_takes_the_blocks_away_and_is_marked(
    sandbox: SandboxServer, bot: Bot
) -> None:
    message = await updated(sandbox, bot, text="after")

    assert (message.text, message.blocks) == ("after", [])
    assert message.edited


async def test_an_update_by_blocks_is_not_marked_as_edited(
    sandbox: SandboxServer, bot: Bot
) -> None:
    message = await updated(sandbox, bot, text="after", blocks=[section("after")])

    assert message.blocks[0]["text"]["text"] == "after"
    assert message.edited is None


async def test_an_update_of_metadata_alone_keeps_the_rest(sandbox: SandboxServer, bot: Bot) -> None:
    metadata = {"event_type": "x", "event_payload": {}}

    message = await updated(sandbox, bot, metadata=metadata)

    assert (message.text, message.metadata) == ("before", metadata)
    assert message.blocks


async def test_an_update_of_nothing_is_refused(bot: Bot) -> None:
    ts = await bot.post()

    assert (await bot.call("chat.update", channel="C0INCIDENTS", ts=ts))["error"] == "no_text"


@pytest.mark.parametrize("method", ["chat.update", "chat.delete"])
async def test_only_the_bots_own_messages_can_be_changed(
    sandbox: SandboxServer, bot: Bot, method: str
) -> None:
    channel = sandbox.workspace.directory.channels["C0INCIDENTS"]
    theirs = sandbox.workspace.posting.post(channel, "U0ANA", text="mine").ts
    private = sandbox.workspace.posting.post(channel, "U0BOT", text="x", ephemeral_to="U0ANA").ts

    refused = await bot.call(method, channel=channel.id, ts=theirs, text="x")
    unseen = await bot.call(method, channel=channel.id, ts=private, text="x")
    unknown = await bot.call(method, channel=channel.id, ts="1.2", text="x")

    assert refused["error"] in {"cant_update_message", "cant_delete_message"}
    assert unseen["error"] == unknown["error"] == "message_not_found"


async def test_a_parent_that_is_deleted_leaves_a_stone_for_its_replies(bot: Bot) -> None:
    parent = await bot.post()
    await bot.post("reply", thread_ts=parent)

    await bot.call("chat.delete", channel="C0INCIDENTS", ts=parent)

    answer = await bot.call("conversations.replies", channel="C0INCIDENTS", ts=parent)
    assert [m.get("subtype") for m in answer["messages"]] == ["tombstone", None]


@pytest.mark.parametrize("method", ["chat.update", "chat.delete"])
async def test_a_stone_is_not_to_be_changed(bot: Bot, method: str) -> None:
    parent = await bot.post()
    await bot.post("reply", thread_ts=parent)
    await bot.call("chat.delete", channel="C0INCIDENTS", ts=parent)

    answer = await bot.call(method, channel="C0INCIDENTS", ts=parent, text="Back again")

    assert answer["error"] == "message_not_found"


async def test_a_deleted_message_is_gone(bot: Bot) -> None:
    ts = await bot.post()

    assert (await bot.call("chat.delete", channel="C0INCIDENTS", ts=ts))["ok"]
    history = await bot.call("conversations.history", channel="C0INCIDENTS")
    assert history["messages"] == []


async def test_an_ephemeral_message_needs_its_person_in_the_channel(bot: Bot) -> None:
    refused = await bot.call("chat.postEphemeral", channel="C0INCIDENTS", user="U0EVE", text="x")
    sent = await bot.call("chat.postEphemeral", channel="C0INCIDENTS", user="U0ANA", text="x")
    history = await bot.call("conversations.history", channel="C0INCIDENTS")

    assert refused["error"] == "user_not_in_channel"
    assert sent["message_ts"]
    assert history["messages"] == []


async def test_a_permalink_names_channel_and_message(bot: Bot) -> None:
    ts = await bot.post()

    answer = await bot.call("chat.getPermalink", channel="C0INCIDENTS", message_ts=ts)

    assert answer["permalink"].endswith(f"/archives/C0INCIDENTS/p{ts.replace('.', '')}")


def blocks_of(sandbox: SandboxServer, ts: str) -> list[Json]:
    message = sandbox.workspace.posting.get("C0INCIDENTS", ts)
    assert message
    return message.blocks


async def test_a_form_carries_blocks_as_text(sandbox: SandboxServer, bot: Bot) -> None:
    blocks = '[{"type": "divider"}]'

    ts = await bot.post(blocks=blocks)

    [call] = sandbox.control.calls("chat.postMessage")
    assert call["request"]["blocks"] == [{"type": "divider"}]
    message = sandbox.workspace.posting.get("C0INCIDENTS", ts)
    assert message
    assert message.blocks[0]["block_id"]


async def test_a_block_that_is_not_changed_keeps_the_names_that_were_given_to_it(
    sandbox: SandboxServer, bot: Bot
) -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "Resolve"}}
    row = {"type": "actions", "elements": [button]}
    ts = await bot.post(text="x", blocks=[section("Open"), row, row])
    before = blocks_of(sandbox, ts)

    new = [section("Resolved"), row, row, row]
    await bot.call("chat.update", channel="C0INCIDENTS", ts=ts, text="x", blocks=new)

    after = blocks_of(sandbox, ts)
    assert after[1:3] == before[1:3]
    assert after[0]["block_id"] != before[0]["block_id"]
    assert len({block["block_id"] for block in after}) == 4


async def test_blocks_without_a_text_for_phones_and_screen_readers_are_refused(bot: Bot) -> None:
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "*Down*"}}

    answer = await bot.call("chat.postMessage", channel="C0GENERAL", blocks=[block])

    assert answer["error"] == "no_text"
