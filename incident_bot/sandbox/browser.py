"""The page's API under `/sandbox/` and the page's own files; every call says who acts."""

from pathlib import Path
from typing import Literal, Protocol

from aiohttp import web
from pydantic import BaseModel, Field

from incident_bot.sandbox.cast import Channel
from incident_bot.sandbox.conversing import Conversing
from incident_bot.sandbox.errors import RefusedError
from incident_bot.sandbox.events import Events
from incident_bot.sandbox.faults import FaultList, Faults
from incident_bot.sandbox.feed import Feed
from incident_bot.sandbox.interactions import Interactions, Outcome, Press
from incident_bot.sandbox.jsontypes import JsonObject
from incident_bot.sandbox.messages import Message
from incident_bot.sandbox.page_json import message_for_page, state_for_page
from incident_bot.sandbox.people import channel_seen_by, colleague, message_seen_by, person
from incident_bot.sandbox.requests import Handler, query_number, read_body
from incident_bot.sandbox.traffic import Traffic
from incident_bot.sandbox.workspace import Workspace

PAGE = Path(__file__).parent / "page"
MOST_MESSAGES = 200
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}
BotAction = Literal["start", "stop", "restart", "kill"]


class Bot(Protocol):
    """The bot's process, where there is one."""

    def shown(self) -> JsonObject: ...

    async def act(self, action: BotAction) -> None: ...


class NoBot:
    def shown(self) -> JsonObject:
        return {"status": "none", "pid": None, "last_lines": [], "exit_code": None}

    async def act(self, action: BotAction) -> None:
        raise RefusedError(f"There is no bot here to {action}.", 409)


class Acting(BaseModel):
    user_id: str = Field(alias="as")


class InChannel(Acting):
    channel: str


class Said(InChannel):
    text: str
    thread_ts: str | None = None


class Pressed(Acting, Press):
    pass


class OfView(Acting):
    view_id: str
    state: JsonObject = {}


class Shortcut(Acting):
    callback_id: str
    channel: str = ""
    ts: str = ""


class Reaction(InChannel):
    ts: str
    name: str
    add: bool = True


class BotOrder(BaseModel):
    action: BotAction


class Browser:
    def __init__(
        self, workspace: Workspace, interactions: Interactions, events: Events, mode: str
    ) -> None:
        self._workspace = workspace
        self._interactions = interactions
        self._events = events
        self._mode = mode
        self._conversing = Conversing(workspace)
        self.feed = Feed(workspace)
        self.bot: Bot = NoBot()

    def routes(self) -> list[web.RouteDef]:
        gets: dict[str, Handler] = {
            "state": self._state,
            "messages": self._messages,
            "thread": self._thread,
            "home": self._home,
            "events": self._stream,
        }
        posts: dict[str, Handler] = {
            "home/open": self._open_home,
            "command": self._command,
            "message": self._say,
            "action": self._press,
            "view/submit": self._submit,
            "view/close": self._close,
            "shortcut": self._shortcut,
            "reaction": self._react,
            "bot": self._order_bot,
        }
        return [
            *(web.get(f"/sandbox/{name}", handler) for name, handler in gets.items()),
            *(web.post(f"/sandbox/{name}", handler) for name, handler in posts.items()),
        ]

    # Reading

    async def _state(self, request: web.Request) -> web.Response:
        user = person(self._workspace, _who(request))
        state = state_for_page(self._workspace, user)
        return web.json_response(state | {"mode": self._mode, "bot": self.bot.shown()})

    async def _messages(self, request: web.Request) -> web.Response:
        user_id, channel = self._where(request)
        before = request.query.get("before") or None
        limit = min(max(query_number(request, "limit", 50), 1), MOST_MESSAGES)
        newest_first = self._workspace.posting.logs[channel.id].newest_first(before)
        found: list[Message] = []
        for message in newest_first:
            if message.is_seen_by(user_id):
                found.append(message)
            if len(found) > limit:
                break
        if before is None and user_id in channel.members:
            self._workspace.posting.mark_read(channel, user_id)
        return web.json_response(
            {"messages": self._shown(found[:limit][::-1]), "has_more": len(found) > limit}
        )

    async def _thread(self, request: web.Request) -> web.Response:
        user_id, channel = self._where(request)
        ts = request.query.get("thread_ts", "")
        parent = message_seen_by(self._workspace, user_id, channel, ts)
        replies = self._workspace.posting.logs[channel.id].replies(parent.ts)
        seen = [reply for reply in replies if reply.is_seen_by(user_id)]
        return web.json_response({"messages": self._shown([parent, *seen])})

    async def _home(self, request: web.Request) -> web.Response:
        user = person(self._workspace, _who(request))
        view = self._workspace.views.homes.get(user.id)
        return web.json_response({"view": view and view.as_slack_sends_it()})

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        user = person(self._workspace, _who(request))
        return await self.feed.stream(request, user.id)

    # Doing

    async def _open_home(self, request: web.Request) -> web.Response:
        user = colleague(self._workspace, (await read_body(request, Acting)).user_id)
        self._events.home_opened(user.id, self._workspace.directory.dm_with_bot(user))
        return web.json_response({"ok": True})

    async def _command(self, request: web.Request) -> web.Response:
        said = await read_body(request, Said)
        return _told(await self._interactions.command(said.user_id, said.channel, said.text))

    async def _say(self, request: web.Request) -> web.Response:
        said = await read_body(request, Said)
        message = self._conversing.say(said.user_id, said.channel, said.text, said.thread_ts)
        return web.json_response({"message": message_for_page(self._workspace, message)})

    async def _press(self, request: web.Request) -> web.Response:
        press = await read_body(request, Pressed)
        return _told(await self._interactions.press(press.user_id, press))

    async def _submit(self, request: web.Request) -> web.Response:
        given = await read_body(request, OfView)
        outcome = await self._interactions.submit(given.user_id, given.view_id, given.state)
        return _told(outcome)

    async def _close(self, request: web.Request) -> web.Response:
        given = await read_body(request, OfView)
        return _told(self._interactions.close(given.user_id, given.view_id))

    async def _shortcut(self, request: web.Request) -> web.Response:
        given = await read_body(request, Shortcut)
        outcome = await self._interactions.shortcut(
            given.user_id, given.callback_id, given.channel, given.ts
        )
        return _told(outcome)

    async def _react(self, request: web.Request) -> web.Response:
        given = await read_body(request, Reaction)
        self._conversing.react(given.user_id, given.channel, given.ts, given.name, add=given.add)
        return web.json_response({"ok": True})

    async def _order_bot(self, request: web.Request) -> web.Response:
        await self.bot.act((await read_body(request, BotOrder)).action)
        return web.json_response({"bot": self.bot.shown()})

    def _where(self, request: web.Request) -> tuple[str, Channel]:
        user = person(self._workspace, _who(request))
        name = request.query.get("channel", "")
        return user.id, channel_seen_by(self._workspace, user.id, name)

    def _shown(self, messages: list[Message]) -> list[JsonObject]:
        return [message_for_page(self._workspace, message) for message in messages]


class Drawer:
    """What the page's drawer shows and switches: the traffic and the faults."""

    def __init__(self, traffic: Traffic, faults: Faults) -> None:
        self._traffic = traffic
        self._faults = faults

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/sandbox/traffic", self._get_traffic),
            web.get("/sandbox/faults", self._get_faults),
            web.put("/sandbox/faults", self._put_faults),
        ]

    async def _get_traffic(self, request: web.Request) -> web.Response:
        entries = self._traffic.after(query_number(request, "after", 0))
        return web.json_response({"entries": [entry.shown() for entry in entries[-500:]]})

    async def _get_faults(self, _request: web.Request) -> web.Response:
        return web.json_response({"faults": self._faults.shown()})

    async def _put_faults(self, request: web.Request) -> web.Response:
        self._faults.set((await read_body(request, FaultList)).faults)
        return web.json_response({"faults": self._faults.shown()})


def page_routes() -> list[web.RouteDef]:
    return [
        web.get("/", _page),
        web.get(r"/{name:[a-z0-9_-]+\.[a-z]+}", _page),
        web.get(r"/archives/{channel_id:[A-Z0-9]+}/{message:p\d+}", _permalink),
    ]


async def _permalink(request: web.Request) -> web.StreamResponse:
    """Where chat.getPermalink points: the page finds channel and message by what is after `#`."""
    parts = [request.match_info["channel_id"], request.match_info["message"]]
    thread_ts = request.query.get("thread_ts", "")
    raise web.HTTPFound("/#" + "/".join([*parts, thread_ts] if thread_ts else parts))


async def _page(request: web.Request) -> web.StreamResponse:
    path = PAGE / request.match_info.get("name", "index.html")
    if path.suffix not in _TYPES:
        raise web.HTTPNotFound
    headers = {"Content-Type": _TYPES[path.suffix], "Cache-Control": "no-cache"}
    return web.FileResponse(path, headers=headers)


def _who(request: web.Request) -> str:
    return request.query.get("as", "")


def _told(outcome: Outcome) -> web.Response:
    return web.json_response(outcome.shown())
