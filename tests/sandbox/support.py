"""A clock that stands still, a manifest, a small bot, and short ways to ask the sandbox things."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

import aiohttp
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from incident_bot.sandbox.dispatch import Timing
from incident_bot.sandbox.server import Mode, SandboxServer

Json = dict[str, Any]

# How quick this machine is, is no question of most tests.
_PATIENT: Final = Timing(ack=30)

SCOPES = [
    "app_mentions:read",
    "bookmarks:read",
    "bookmarks:write",
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "chat:write",
    "commands",
    "groups:history",
    "groups:read",
    "groups:write",
    "im:history",
    "im:read",
    "im:write",
    "pins:write",
    "reactions:read",
    "users:read",
]
EVENTS = [
    "app_home_opened",
    "app_mention",
    "channel_archive",
    "channel_id_changed",
    "channel_left",
    "channel_rename",
    "channel_unarchive",
    "group_archive",
    "group_left",
    "group_rename",
    "group_unarchive",
    "member_joined_channel",
    "member_left_channel",
    "reaction_added",
    "reaction_removed",
]


def manifest(scopes: list[str] | None = None, events: list[str] | None = None) -> str:
    return f"""
display_information: {{name: Test Bot}}
features:
  app_home:
    home_tab_enabled: true
    messages_tab_enabled: true
    messages_tab_read_only_enabled: false
  bot_user: {{display_name: Test Bot}}
  shortcuts:
    - {{name: Greet, type: global, callback_id: greet, description: Says hello}}
    - {{name: Look, type: message, callback_id: look, description: Looks at a message}}
  slash_commands:
    - {{command: /echo, description: Says it again, usage_hint: "[words]", should_escape: true}}
    - {{command: /raw, description: As typed}}
oauth_config: {{scopes: {{bot: {SCOPES if scopes is None else scopes}}}}}
settings:
  event_subscriptions: {{bot_events: {EVENTS if events is None else events}}}
  interactivity: {{is_enabled: true}}
"""


class StillClock:
    """Time passes when a test says so; whoever sleeps is woken at once."""

    def __init__(self) -> None:
        self.time = 1_763_820_000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time

    def pass_by(self, seconds: float) -> None:
        self.time += seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)


def section(text: str = "words", **more: object) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(action_id: str = "press", **more: object) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain("Press"), **more}


def text_input(block_id: str = "title", **more: object) -> Json:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain("Title"),
        "element": {"type": "plain_text_input", "action_id": "value", **more},
    }


def modal(*blocks: Json, **more: object) -> Json:
    return {
        "type": "modal",
        "title": plain("Title"),
        "submit": plain("Send"),
        "blocks": list(blocks) or [section()],
        **more,
    }


def echo_bot(client: AsyncWebClient, signing_secret: str) -> AsyncApp:
    """The smallest app with a command, a modal, a button and a message of its own."""
    app = AsyncApp(client=client, signing_secret=signing_secret, process_before_response=True)

    @app.command("/echo")
    async def echo(ack: Any, command: Json, client: AsyncWebClient) -> None:  # noqa: ANN401
        if command["text"] == "slow":
            await asyncio.sleep(1)
        if command["text"] != "open":
            await ack(f"You said {command['text']}")
            return
        await ack()
        blocks = [text_input()]
        await client.views_open(
            trigger_id=command["trigger_id"], view=modal(*blocks, callback_id="echo")
        )

    @app.view("echo")
    async def submitted(ack: Any, view: Json, client: AsyncWebClient) -> None:  # noqa: ANN401
        title = view["state"]["values"]["title"]["value"]["value"]
        if title == "wrong":
            await ack(response_action="errors", errors={"title": "Not that one"})
            return
        await ack()
        actions = {"type": "actions", "block_id": "row", "elements": [button(value="7")]}
        await client.chat_postMessage(
            channel="C0INCIDENTS", text=title, blocks=[section(title), actions]
        )

    @app.action("press")
    async def pressed(ack: Any, body: Json, client: AsyncWebClient) -> None:  # noqa: ANN401
        await ack()
        place = body["container"]
        await client.chat_update(
            channel=place["channel_id"], ts=place["message_ts"], text="pressed", blocks=[]
        )

    @app.event("app_home_opened")
    async def home(event: Json, client: AsyncWebClient) -> None:
        await client.views_publish(
            user_id=event["user"], view={"type": "home", "blocks": [section("Welcome")]}
        )

    return app


async def until(is_so: Callable[[], Any]) -> None:
    """Waits for what another task brings about."""
    async with asyncio.timeout(15):
        while not is_so():  # noqa: ASYNC110 - what is awaited has no event of its own
            await asyncio.sleep(0.005)


@asynccontextmanager
async def running_bot(mode: Mode, timing: Timing | None = None) -> AsyncIterator[SandboxServer]:
    if mode == "socket":
        async with (
            SandboxServer(manifest(), timing=timing or _PATIENT) as sandbox,
            _by_socket(sandbox),
        ):
            yield sandbox
        return
    async with _by_http(timing) as sandbox:
        yield sandbox


@asynccontextmanager
async def _by_socket(sandbox: SandboxServer) -> AsyncIterator[None]:
    known = sandbox.workspace.credentials
    client = AsyncWebClient(known.bot_token, base_url=f"{sandbox.url}/api/")
    handler = AsyncSocketModeHandler(
        echo_bot(client, known.signing_secret), known.app_token, web_client=client
    )
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt's own lack
    await until(lambda: sandbox.sockets.connections)
    try:
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]  # Bolt's own lack


@asynccontextmanager
async def _by_http(timing: Timing | None) -> AsyncIterator[SandboxServer]:
    apps: list[AsyncApp] = []

    async def receive(request: web.Request) -> web.Response:
        body = await request.text()
        headers: dict[str, str | Sequence[str]] = {
            name: [value] for name, value in request.headers.items()
        }
        answer = await apps[0].async_dispatch(AsyncBoltRequest(body=body, headers=headers))
        return web.Response(
            status=answer.status,
            text=answer.body,
            content_type=answer.headers.get("content-type", ["text/plain"])[0].split(";")[0],
        )

    application = web.Application()
    application.router.add_post("/slack/events", receive)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    events_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    async with SandboxServer(
        manifest(), "http", bot_events_urls=[events_url], timing=timing or _PATIENT
    ) as sandbox:
        known = sandbox.workspace.credentials
        client = AsyncWebClient(known.bot_token, base_url=f"{sandbox.url}/api/")
        apps.append(echo_bot(client, known.signing_secret))
        yield sandbox
    await runner.cleanup()


class Bot:
    """Calls the Web API as a bot does, with nothing of the SDK in between."""

    def __init__(self, sandbox: SandboxServer, session: aiohttp.ClientSession) -> None:
        self._sandbox = sandbox
        self._session = session

    async def call(self, method: str, **arguments: object) -> Json:
        return await self.call_with(
            self._sandbox.workspace.credentials.bot_token, method, arguments
        )

    async def call_with(self, token: str, method: str, arguments: Json) -> Json:
        async with self._session.post(
            f"{self._sandbox.url}/api/{method}",
            json=arguments,
            headers={"Authorization": f"Bearer {token}"},
        ) as response:
            answer: Json = await response.json()
            return answer

    async def post(self, text: str = "hello", **arguments: object) -> str:
        """The timestamp of a new message in #incidents."""
        given = {"channel": "C0INCIDENTS", "text": text, **arguments}
        answer = await self.call("chat.postMessage", **given)
        assert answer["ok"], answer
        return str(answer["ts"])


@dataclass
class Listener:
    """A bot's address over HTTP that answers as it is told, and keeps what it was sent."""

    sandbox: SandboxServer
    answers: list[web.Response] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)

    async def receive(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.read())
        self.headers.append(dict(request.headers))
        return self.answers.pop(0) if self.answers else web.Response()

    def will_answer(self, *bodies: Json) -> None:
        self.answers.extend(web.json_response(body) for body in bodies)

    def payloads(self) -> list[Json]:
        return [_payload(body) for body in self.bodies]

    def events(self) -> list[Json]:
        return [p["event"] for p in self.payloads() if p.get("type") == "event_callback"]


def _payload(body: bytes) -> Json:
    if body.startswith(b"{"):
        event: Json = json.loads(body)
        return event
    form = dict(parse_qsl(body.decode()))
    payload: Json = json.loads(form["payload"]) if "payload" in form else form
    return payload


@asynccontextmanager
async def listening(
    clock: StillClock, timing: Timing | None = None, text: str = ""
) -> AsyncIterator[Listener]:
    """A sandbox in HTTP mode, and the listener that it delivers to."""
    application = web.Application()
    runner = web.AppRunner(application)
    waiting: list[Listener] = []

    async def receive(request: web.Request) -> web.Response:
        return await waiting[0].receive(request)

    application.router.add_post("/slack/events", receive)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    events_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    async with SandboxServer(
        text or manifest(),
        "http",
        bot_events_urls=[events_url],
        clock=clock,
        timing=timing or _PATIENT,
    ) as sandbox:
        waiting.append(Listener(sandbox))
        yield waiting[0]
    await runner.cleanup()
