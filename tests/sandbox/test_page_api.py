"""What the page asks, and who may ask; what each person sees, live as well."""

from itertools import pairwise

import aiohttp
import pytest

from incident_bot.sandbox.bus import ViewChanged
from incident_bot.sandbox.cast import Credentials
from incident_bot.sandbox.control import ChannelChange
from incident_bot.sandbox.methods import METHODS
from incident_bot.sandbox.modals import open_view, publish_home
from incident_bot.sandbox.server import SandboxServer

from .page_client import Page
from .support import Bot, Json, button, manifest, modal, section, text_input


def names(state: Json) -> list[str]:
    return [channel["id"] for channel in state["channels"]]


async def test_everyone_sees_their_own_channels(page: Page) -> None:
    lead = await page.get("state")
    support = await page.acting_as("U0CARA").get("state")
    guest = await page.acting_as("U0GUS").get("state")
    outsider = await page.acting_as("U0EVE").get("state")

    public = ["C0INCIDENTS", "C0GENERAL", "C0PAYMENTS", "C0ACME"]
    assert names(lead) == [*public, "C0LEADS", "D0ANA"]
    assert names(support) == [*public, "D0CARA"]
    assert names(guest) == ["C0INCIDENTS", "C0GENERAL", "D0GUS"]
    assert names(outsider) == ["C0ACME"]
    assert lead["commands"][0] == {
        "command": "/echo",
        "description": "Says it again",
        "usage_hint": "[words]",
    }
    assert lead["bot"]["status"] == "none"


@pytest.mark.parametrize("path", ["state", "messages", "thread", "home", "events"])
async def test_nobody_acts_as_somebody_who_is_not_there(page: Page, path: str) -> None:
    assert await page.acting_as("U0BOT").get(path) == {"error": "There is no such person."}


async def test_messages_come_in_pages_oldest_first(page: Page, bot: Bot) -> None:
    posted = [await bot.post(str(n)) for n in range(5)]

    newest = await page.get("messages", channel="C0INCIDENTS", limit=2)
    older = await page.get("messages", channel="C0INCIDENTS", limit=3, before=posted[3])

    assert [m["ts"] for m in newest["messages"]] == posted[3:]
    assert newest["has_more"]
    assert [m["ts"] for m in older["messages"]] == posted[:3]
    assert not older["has_more"]


async def test_a_page_is_bounded_in_a_channel_of_two_thousand_messages(
    sandbox: SandboxServer, page: Page
) -> None:
    channel = sandbox.workspace.directory.channels["C0INCIDENTS"]
    for number in range(2000):
        sandbox.workspace.posting.post(channel, "U0BEN", text=str(number))

    state = await page.get("state")
    answer = await page.get("messages", channel="C0INCIDENTS", limit=5000)

    assert state["channels"][0]["unread"] == 2000
    assert len(answer["messages"]) == 200
    assert all(first["ts"] < second["ts"] for first, second in pairwise(answer["messages"]))


async def test_reading_a_channel_makes_it_read(page: Page, bot: Bot) -> None:
    await bot.post()
    before = (await page.get("state"))["channels"][0]["unread"]

    await page.get("messages", channel="C0INCIDENTS")

    assert before == 1
    assert (await page.get("state"))["channels"][0]["unread"] == 0
    assert (await page.acting_as("U0BEN").get("state"))["channels"][0]["unread"] == 1


async def test_ephemeral_messages_are_for_their_person(page: Page, bot: Bot) -> None:
    await bot.call("chat.postEphemeral", channel="C0INCIDENTS", user="U0ANA", text="x")

    mine = await page.get("messages", channel="C0INCIDENTS")
    theirs = await page.acting_as("U0BEN").get("messages", channel="C0INCIDENTS")

    assert [m["ephemeral"] for m in mine["messages"]] == [True]
    assert theirs["messages"] == []


async def test_what_one_may_not_see_is_not_there(page: Page) -> None:
    refusal = {"error": "There is no such channel."}

    assert await page.acting_as("U0CARA").get("messages", channel="C0LEADS") == refusal
    assert await page.acting_as("U0GUS").get("messages", channel="C0PAYMENTS") == refusal
    assert await page.acting_as("U0EVE").post("message", channel="C0GENERAL", text="x") == refusal


async def test_a_thread_is_its_parent_and_replies(page: Page, bot: Bot) -> None:
    parent = await bot.post()
    said = await page.post("message", channel="C0INCIDENTS", text="me too", thread_ts=parent)

    thread = await page.get("thread", channel="C0INCIDENTS", thread_ts=parent)
    channel = await page.get("messages", channel="C0INCIDENTS")

    assert [m["ts"] for m in thread["messages"]] == [parent, said["message"]["ts"]]
    assert [m["reply_count"] for m in channel["messages"]] == [1]


async def test_what_is_typed_is_escaped_and_names_become_mentions(page: Page) -> None:
    said = await page.post("message", channel="C0GENERAL", text="@ben <!channel> & #general")

    assert said["message"]["text"] == "<@U0BEN> &lt;!channel&gt; &amp; <#C0GENERAL|general>"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("@Ben Okafor, look", "<@U0BEN>, look"),
        ("@ben okafor", "<@U0BEN>"),
        ("@Ben", "<@U0BEN>"),
        ("@Test Bot declare", "<@U0BOT> declare"),
        ("@incident_bot.", "<@U0BOT>."),
        ("(@ben)", "(<@U0BEN>)"),
        ("@Ben Okaforson", "<@U0BEN> Okaforson"),
        ("@benjamin", "@benjamin"),
        ("@ben-x @ben_y @ben.z", "@ben-x @ben_y @ben.z"),
        ("ana@ben.test", "ana@ben.test"),
        ("https://x.test/@ben", "<https://x.test/@ben>"),
    ],
)
async def test_people_are_mentioned_by_either_of_their_names(
    page: Page, typed: str, stored: str
) -> None:
    said = await page.post("message", channel="C0GENERAL", text=typed)

    assert said["message"]["text"] == stored


@pytest.mark.parametrize(
    ("user_id", "body", "words"),
    [
        ("U0ANA", {"channel": "C0GENERAL", "text": " "}, "There is nothing to send."),
        (
            "U0ANA",
            {"channel": "C0GENERAL", "text": "x" * 12_001},
            "A message has at most 12000 characters.",
        ),
        (
            "U0ANA",
            {"channel": "C0GENERAL", "text": "x", "thread_ts": "1.2"},
            "That message is not there any more.",
        ),
        ("U0ANA", {"channel": "C0GENERAL"}, "text: Field required"),
    ],
)
async def test_a_message_is_refused_in_words(
    page: Page, user_id: str, body: Json, words: str
) -> None:
    assert await page.acting_as(user_id).post("message", **body) == {"error": words}


async def test_one_writes_where_one_is_a_member_and_nobody_in_an_archive(
    sandbox: SandboxServer, page: Page
) -> None:
    sandbox.control.change_channel(ChannelChange(id="C0PAYMENTS", members=["U0BEN"]))
    outside = await page.post("message", channel="C0PAYMENTS", text="x")
    joined = await page.post("join", channel="C0PAYMENTS")
    inside = await page.post("message", channel="C0PAYMENTS", text="x")
    sandbox.control.change_channel(ChannelChange(id="C0PAYMENTS", is_archived=True))
    archived = await page.post("message", channel="C0PAYMENTS", text="x")

    assert outside == {"error": "Join the channel first."}
    assert joined["channel"]["is_member"]
    assert inside["message"]["text"] == "x"
    assert archived == {"error": "This channel is archived."}


async def test_reactions_are_counted(page: Page, bot: Bot) -> None:
    place = {"channel": "C0INCIDENTS", "ts": await bot.post(), "name": "eyes"}

    await page.post("reaction", **place)
    await page.acting_as("U0BEN").post("reaction", **place)
    await page.post("reaction", **place, add=False)

    [message] = (await page.get("messages", channel="C0INCIDENTS"))["messages"]
    assert message["reactions"] == [{"name": "eyes", "count": 1, "users": ["U0BEN"]}]


async def test_an_app_that_takes_no_messages_has_a_read_only_conversation(
    session: aiohttp.ClientSession,
) -> None:
    text = manifest().replace("read_only_enabled: false", "read_only_enabled: true")
    async with SandboxServer(text) as sandbox:
        answer = await Page(sandbox.url, session).post("message", channel="D0ANA", text="x")

    assert answer == {"error": "This app takes no messages."}


async def test_a_bot_that_does_not_answer_is_told_in_slacks_words(page: Page) -> None:
    answer = await page.post("command", channel="C0GENERAL", text="/raw x")

    assert answer["words"] == "/raw failed with the error “dispatch_failed”"


async def test_a_modal_is_filled_pressed_and_closed(sandbox: SandboxServer, page: Page) -> None:
    row = {"type": "actions", "block_id": "row", "elements": [button()]}
    view = open_view(sandbox.workspace, "U0ANA", modal(text_input(), row))
    container = {"type": "view", "view_id": view.id}
    place = {"container": container, "block_id": "row", "action_id": "press"}

    assert (await page.get("state"))["view"]["id"] == view.id
    pressed = await page.post("action", **place, value={}, state={})
    empty = await page.post("view/submit", view_id=view.id, state={})
    closed = await page.post("view/close", view_id=view.id)
    again = await page.post("view/close", view_id=view.id)

    assert pressed["error"] == "dispatch_failed"
    assert empty["errors"] == {"title": "This field is required."}
    assert closed["ok"]
    assert again == {"error": "That view is not open any more."}


async def test_shortcuts_and_home_are_asked_for(sandbox: SandboxServer, page: Page) -> None:
    publish_home(sandbox.workspace, "U0ANA", {"type": "home", "blocks": [section()]})

    assert (await page.get("home"))["view"]["type"] == "home"
    assert (await page.acting_as("U0BEN").get("home")) == {"view": None}
    assert (await page.post("home/open")) == {"ok": True}
    assert (await page.acting_as("U0EVE").post("home/open"))["error"]
    assert (await page.post("shortcut", callback_id="greet"))["error"] == "dispatch_failed"
    assert (await page.post("shortcut", callback_id="x"))["error"] == "There is no such shortcut."
    assert (await page.post("bot", action="start"))["error"] == "There is no bot here to start."


async def test_changes_arrive_live(page: Page, bot: Bot) -> None:
    async with page.events() as events:
        ts = await bot.post()
        posted = await anext(events)
        unread = await anext(events)
        await bot.call("chat.update", channel="C0INCIDENTS", ts=ts, text="new")
        changed = await anext(events)
        await bot.call("chat.delete", channel="C0INCIDENTS", ts=ts)
        deleted = await anext(events)

    assert (posted["type"], posted["message"]["ts"]) == ("message", ts)
    assert (unread["type"], unread["channel"]["unread"]) == ("channel", 1)
    assert (changed["type"], changed["message"]["text"]) == ("message_changed", "new")
    assert deleted == {"type": "message_deleted", "channel": "C0INCIDENTS", "ts": ts}


async def test_a_reply_changes_its_parent_live(page: Page, bot: Bot) -> None:
    parent = await bot.post()
    async with page.events() as events:
        await bot.post(thread_ts=parent)
        reply, changed = [await anext(events) for _ in range(2)]

    assert reply["message"]["thread_ts"] == parent
    assert changed["message"]["reply_count"] == 1


async def test_a_window_hears_only_what_its_person_may_see(
    sandbox: SandboxServer, page: Page, bot: Bot
) -> None:
    async with page.acting_as("U0CARA").events() as events:
        leads = sandbox.workspace.directory.channels["C0LEADS"]
        sandbox.workspace.posting.post(leads, "U0ANA", text="secret")
        await bot.call("chat.postEphemeral", channel="C0INCIDENTS", user="U0ANA", text="secret")
        open_view(sandbox.workspace, "U0ANA", modal())
        await page.post("reaction", channel="C0INCIDENTS", ts=await bot.post("seen"), name="eyes")
        first = await anext(events)

    assert first["message"]["text"] == "seen"


async def test_views_and_the_home_tab_arrive_live(sandbox: SandboxServer, page: Page) -> None:
    async with page.events() as events:
        view = open_view(sandbox.workspace, "U0ANA", modal())
        errors = ViewChanged("U0ANA", "errors", view_id=view.id, errors={"title": "No"})
        sandbox.workspace.bus.tell(errors)
        await page.post("view/close", view_id=view.id)
        publish_home(sandbox.workspace, "U0ANA", {"type": "home", "blocks": [section()]})
        sandbox.workspace.give_new_id(sandbox.workspace.directory.channels["C0LEADS"])
        heard = [await anext(events) for _ in range(5)]

    assert [event.get("action", event["type"]) for event in heard] == [
        "open",
        "errors",
        "close",
        "home",
        "reset",
    ]
    assert heard[1]["errors"] == {"title": "No"}


async def test_faults_and_channels_arrive_live(
    sandbox: SandboxServer, page: Page, session: aiohttp.ClientSession
) -> None:
    async with page.events() as events:
        faults = {"faults": [{"kind": "down"}]}
        async with session.put(f"{sandbox.url}/sandbox/faults", json=faults) as answer:
            assert answer.ok
        await page.post("join", channel="C0PAYMENTS", user="U0BOT")
        switched, invited = [await anext(events) for _ in range(2)]

    assert switched["faults"][0]["kind"] == "down"
    assert invited["channel"]["has_bot"]


async def test_a_deleted_reply_leaves_its_thread(page: Page, bot: Bot) -> None:
    parent = await bot.post()
    reply = await bot.post(thread_ts=parent)
    await bot.call("chat.delete", channel="C0INCIDENTS", ts=reply)

    thread = await page.get("thread", channel="C0INCIDENTS", thread_ts=parent)

    assert [message["ts"] for message in thread["messages"]] == [parent]


async def test_the_drawer_reads_the_traffic(page: Page, bot: Bot) -> None:
    await bot.call("auth.test")
    first = (await page.get("traffic"))["entries"]
    await bot.call("bots.info")
    second = (await page.get("traffic", after=first[-1]["n"]))["entries"]

    assert [entry["kind"] for entry in first] == ["auth.test"]
    assert [entry["kind"] for entry in second] == ["bots.info"]
    assert first[0]["direction"] == "to_slack"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:8080"}, 200),
        ({"Host": "[::1]:8080"}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}, 200),
        ({"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"}, 403),
    ],
)
async def test_only_the_page_itself_may_ask(
    sandbox: SandboxServer, session: aiohttp.ClientSession, headers: dict[str, str], status: int
) -> None:
    for path in ("/", "/sandbox/state?as=U0ANA", "/api/auth.test"):
        async with session.get(f"{sandbox.url}{path}", headers=headers) as response:
            assert response.status == status


@pytest.mark.parametrize("asking", ["GET", "HEAD"])
async def test_a_web_page_can_neither_know_the_token_nor_change_anything_by_an_image(
    sandbox: SandboxServer, session: aiohttp.ClientSession, asking: str
) -> None:
    token = sandbox.workspace.credentials.bot_token
    message = {"token": token, "channel": "C0INCIDENTS", "text": "by a web page"}

    for method in (name for name, method in METHODS.items() if not method.is_read):
        url = f"{sandbox.url}/api/{method}"
        async with session.request(asking, url, params=message) as response:
            assert response.status == 405, method

    assert token != Credentials().bot_token
    assert sandbox.control.calls() == []


async def test_the_page_may_ask_by_its_own_origin(
    sandbox: SandboxServer, session: aiohttp.ClientSession
) -> None:
    url = f"{sandbox.url}/sandbox/state?as=U0ANA"

    async with session.get(url, headers={"Origin": sandbox.url}) as response:
        assert response.status == 200


async def test_a_form_cannot_act(sandbox: SandboxServer, session: aiohttp.ClientSession) -> None:
    form = {"as": "U0ANA", "channel": "C0GENERAL", "text": "x"}

    async with session.post(f"{sandbox.url}/sandbox/message", data=form) as response:
        assert response.status == 415


async def test_the_page_is_served_under_a_strict_policy(
    sandbox: SandboxServer, session: aiohttp.ClientSession
) -> None:
    async with session.get(f"{sandbox.url}/main.js") as response:
        assert response.content_type == "text/javascript"
        policy = response.headers["Content-Security-Policy"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "https:" not in policy


@pytest.mark.parametrize("path", ["/none.js", "/page.py", "/../server.py", "/%2e%2e/server.py"])
async def test_nothing_else_is_served(
    sandbox: SandboxServer, session: aiohttp.ClientSession, path: str
) -> None:
    async with session.get(f"{sandbox.url}{path}") as response:
        assert response.status == 404


async def test_a_permalink_leads_to_its_message(
    sandbox: SandboxServer, session: aiohttp.ClientSession, bot: Bot
) -> None:
    ts = await bot.post()
    reply = await bot.post(thread_ts=ts)
    names = [f"p{each.replace('.', '')}" for each in (ts, reply)]
    fragments = [f"/#C0INCIDENTS/{names[0]}", f"/#C0INCIDENTS/{names[1]}/{ts}"]

    for message_ts, fragment in zip((ts, reply), fragments, strict=True):
        link = await bot.call("chat.getPermalink", channel="C0INCIDENTS", message_ts=message_ts)
        async with session.get(link["permalink"], allow_redirects=False) as response:
            assert response.headers["Location"] == fragment
        assert link["permalink"].startswith(sandbox.url)
