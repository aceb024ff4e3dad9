"""The two ways to the bot: signatures, events sent again, Socket Mode and its connections."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from incident_bot.sandbox.control import ChannelChange
from incident_bot.sandbox.dispatch import Timing
from incident_bot.sandbox.server import SandboxServer
from incident_bot.sandbox.socket_mode import DisconnectReason

from .support import Bot, Listener, StillClock, listening, manifest, until

QUICK = Timing(ack=0.1)


def verified(listener: Listener) -> bool:
    secret = listener.sandbox.workspace.credentials.signing_secret
    return SignatureVerifier(secret).is_valid_request(
        listener.bodies[-1], dict(listener.headers[-1])
    )


@pytest.mark.parametrize("kind", ["slash_commands", "block_actions", "event_callback"])
async def test_every_request_is_signed_as_slack_signs(listener: Listener, kind: str) -> None:
    ack = await listener.sandbox.dispatcher.deliver(kind, {"type": kind, "text": "ünï&="})

    assert ack.ok
    assert verified(listener)


async def test_an_event_is_sent_again_at_once_after_a_minute_and_after_five(
    clock: StillClock,
) -> None:
    async with listening(clock) as listener:
        listener.answers = [web.Response(status=500) for _ in range(5)]

        listener.sandbox.dispatcher.send_event({"type": "event_callback", "event": {}})
        await until(lambda: len(listener.bodies) == 4)
        await asyncio.sleep(0.02)

    assert clock.slept == [0, 60, 300]
    assert len(set(listener.bodies)) == 1
    numbers = [headers.get("x-slack-retry-num") for headers in listener.headers]
    assert numbers == [None, "1", "2", "3"]
    assert listener.headers[-1]["x-slack-retry-reason"] == "http_error"


async def test_an_event_is_not_sent_again_when_it_was_acknowledged(listener: Listener) -> None:
    listener.answers = [web.Response(status=500)]

    listener.sandbox.dispatcher.send_event({"type": "event_callback", "event": {}})
    await until(lambda: len(listener.bodies) == 2)
    await asyncio.sleep(0.02)

    assert len(listener.bodies) == 2


async def test_a_command_is_never_sent_again(listener: Listener) -> None:
    listener.answers = [web.Response(status=500)]

    await listener.sandbox.interactions.command("U0ANA", "C0GENERAL", "/raw x")
    await asyncio.sleep(0.02)

    assert len(listener.bodies) == 1


async def test_a_bot_that_is_not_there_fails_at_once(clock: StillClock) -> None:
    async with SandboxServer(manifest(), "http", clock=clock) as sandbox:
        outcome = await sandbox.interactions.command("U0ANA", "C0GENERAL", "/raw x")

    assert outcome.error == "dispatch_failed"


@pytest.mark.parametrize(
    ("change", "event"),
    [
        (ChannelChange(id="C0PAYMENTS", has_bot=True), "member_joined_channel"),
        (ChannelChange(id="C0GENERAL", is_archived=True), "channel_archive"),
        (ChannelChange(id="C0GENERAL", name="all"), "channel_rename"),
    ],
)
async def test_what_happens_to_channels_is_an_event(
    clock: StillClock, change: ChannelChange, event: str
) -> None:
    async with listening(clock) as listener:
        listener.sandbox.control.change_channel(change)
        await until(lambda: listener.bodies)

    assert listener.events()[0]["type"] == event


async def test_unarchiving_is_an_event(clock: StillClock) -> None:
    async with listening(clock) as listener:
        for is_archived in (True, False):
            listener.sandbox.control.change_channel(
                ChannelChange(id="C0GENERAL", is_archived=is_archived)
            )
        await until(lambda: len(listener.bodies) == 2)

    assert {event["type"] for event in listener.events()} == {
        "channel_archive",
        "channel_unarchive",
    }


async def test_mentions_and_reactions_are_events_where_the_bot_is_a_member(
    clock: StillClock,
) -> None:
    async with listening(clock) as listener:
        workspace = listener.sandbox.workspace
        unheard = workspace.directory.channels["C0PAYMENTS"]
        workspace.posting.post(unheard, "U0ANA", text="not for you <@U0BOT>")
        channel = workspace.directory.channels["C0GENERAL"]
        message = workspace.posting.post(channel, "U0ANA", text="hello <@U0BOT>")
        workspace.posting.react(message, "eyes", "U0BEN", add=True)
        await until(lambda: len(listener.bodies) == 2)

    assert {event["type"] for event in listener.events()} == {"app_mention", "reaction_added"}


async def test_a_mention_comes_by_itself_and_not_in_direct_messages(clock: StillClock) -> None:
    async with listening(clock, text=manifest(events=["app_mention"])) as listener:
        workspace = listener.sandbox.workspace
        for name in ("D0ANA", "C0INCIDENTS"):
            channel = workspace.directory.channels[name]
            last = workspace.posting.post(channel, "U0ANA", text="<@U0BOT> which are open?")
        await until(lambda: listener.bodies)
        await asyncio.sleep(0.02)

    assert listener.events() == [
        {
            "type": "app_mention",
            "user": "U0ANA",
            "text": "<@U0BOT> which are open?",
            "ts": last.ts,
            "team": "T0SANDBOX",
            "channel": "C0INCIDENTS",
            "event_ts": last.ts,
        }
    ]


async def test_what_the_manifest_does_not_subscribe_to_is_not_sent(clock: StillClock) -> None:
    async with listening(clock, text=manifest(events=[])) as listener:
        listener.sandbox.control.change_channel(ChannelChange(id="C0PAYMENTS", has_bot=True))
        await asyncio.sleep(0.02)

    assert not listener.bodies


@asynccontextmanager
async def connected(
    sandbox: SandboxServer, session: aiohttp.ClientSession
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    known = sandbox.workspace.credentials
    answer = await Bot(sandbox, session).call_with(known.app_token, "apps.connections.open", {})
    async with session.ws_connect(answer["url"]) as socket:
        yield socket


async def test_a_connection_is_greeted(
    sandbox: SandboxServer, session: aiohttp.ClientSession
) -> None:
    async with connected(sandbox, session) as socket:
        hello = await socket.receive_json()

    assert hello["type"] == "hello"
    assert hello["num_connections"] == 1
    assert hello["connection_info"] == {"app_id": "A0INCIDENTBOT"}


async def test_an_address_connects_once(
    sandbox: SandboxServer, session: aiohttp.ClientSession
) -> None:
    url = f"{sandbox.url}/link?ticket={sandbox.workspace.tickets.new_socket()}"

    async with session.ws_connect(url):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def test_an_envelope_is_acknowledged_by_its_id(
    sandbox: SandboxServer, session: aiohttp.ClientSession
) -> None:
    async with connected(sandbox, session) as socket:
        await socket.receive_json()
        delivery = asyncio.create_task(sandbox.dispatcher.deliver("slash_commands", {"text": "x"}))
        envelope = await socket.receive_json()
        await socket.send_str("no acknowledgement")
        await socket.send_json({"envelope_id": "another"})
        await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "y"}})
        ack = await delivery

    assert envelope["type"] == "slash_commands"
    assert envelope["accepts_response_payload"] is True
    assert envelope["payload"] == {"text": "x"}
    assert ack.body == {"text": "y"}


async def test_an_event_says_in_its_envelope_that_it_comes_again(
    clock: StillClock, session: aiohttp.ClientSession
) -> None:
    async with (
        SandboxServer(manifest(), clock=clock, timing=QUICK) as sandbox,
        connected(sandbox, session) as socket,
    ):
        await socket.receive_json()
        sandbox.dispatcher.send_event({"event": {}})
        envelopes = [await socket.receive_json() for _ in range(2)]

    assert [e["retry_attempt"] for e in envelopes] == [0, 1]
    assert envelopes[1]["retry_reason"] == "http_timeout"
    assert envelopes[0]["accepts_response_payload"] is False


async def test_an_envelope_goes_to_one_of_the_connections(
    clock: StillClock, session: aiohttp.ClientSession
) -> None:
    async with (
        SandboxServer(manifest(), clock=clock, timing=QUICK) as sandbox,
        connected(sandbox, session) as first,
        connected(sandbox, session) as second,
    ):
        for socket in (first, second):
            await socket.receive_json()
        await asyncio.gather(*(sandbox.dispatcher.deliver("x", {"n": n}) for n in range(2)))
        envelopes = [await socket.receive_json() for socket in (first, second)]

    assert sorted(envelope["payload"]["n"] for envelope in envelopes) == [0, 1]


async def test_an_eleventh_connection_is_sent_away(
    sandbox: SandboxServer, session: aiohttp.ClientSession
) -> None:
    sockets = []
    for _ in range(11):
        url = f"{sandbox.url}/link?ticket={sandbox.workspace.tickets.new_socket()}"
        sockets.append(await session.ws_connect(url))
    greetings = [await socket.receive_json() for socket in sockets]

    assert [g["type"] for g in greetings] == ["hello"] * 10 + ["disconnect"]
    assert greetings[9]["num_connections"] == 10
    assert greetings[10]["reason"] == "too_many_websockets"


@pytest.mark.parametrize("reason", ["refresh_requested", "link_disabled"])
async def test_a_disconnection_is_announced_and_made(
    sandbox: SandboxServer, session: aiohttp.ClientSession, reason: DisconnectReason
) -> None:
    async with connected(sandbox, session) as socket:
        await socket.receive_json()
        await sandbox.sockets.disconnect(reason)
        goodbye = json.loads(await socket.receive_str())
        end = await socket.receive()

    assert goodbye["reason"] == reason
    assert end.type in {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED}
    assert sandbox.sockets.connections == 0


async def test_a_warning_leaves_the_connection_open(
    sandbox: SandboxServer, session: aiohttp.ClientSession
) -> None:
    async with connected(sandbox, session) as socket:
        await socket.receive_json()
        await sandbox.sockets.disconnect("warning")

        assert (await socket.receive_json())["reason"] == "warning"
        assert sandbox.sockets.connections == 1


async def test_without_a_connection_nothing_can_be_delivered(sandbox: SandboxServer) -> None:
    ack = await sandbox.dispatcher.deliver("slash_commands", {})

    assert ack.failure == "connection_refused"
