"""The part of the page's API that is about channels: who is in them, their names, their pins."""

from aiohttp import web
from pydantic import BaseModel, Field

from incident_bot.sandbox.cast import Channel
from incident_bot.sandbox.housekeeping import Housekeeping
from incident_bot.sandbox.page_json import channel_for_page, message_for_page, pinned_in
from incident_bot.sandbox.people import channel_seen_by, person
from incident_bot.sandbox.requests import Handler, read_body
from incident_bot.sandbox.workspace import Workspace


class InChannel(BaseModel):
    user_id: str = Field(alias="as")
    channel: str


class Joining(InChannel):
    user: str | None = None


class NewName(InChannel):
    name: str


class Archiving(InChannel):
    archive: bool = True


class NewChannel(BaseModel):
    user_id: str = Field(alias="as")
    name: str
    is_private: bool = False


class ChannelRoutes:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._housekeeping = Housekeeping(workspace)

    def routes(self) -> list[web.RouteDef]:
        posts: dict[str, Handler] = {
            "channel": self._create,
            "join": self._join,
            "rename": self._rename,
            "archive": self._archive,
            "leave": self._leave,
        }
        return [
            web.get("/sandbox/pins", self._pins),
            *(web.post(f"/sandbox/{name}", handler) for name, handler in posts.items()),
        ]

    async def _create(self, request: web.Request) -> web.Response:
        given = await read_body(request, NewChannel)
        channel = self._housekeeping.create(given.user_id, given.name, is_private=given.is_private)
        return self._shown(channel, given.user_id)

    async def _join(self, request: web.Request) -> web.Response:
        given = await read_body(request, Joining)
        channel = self._housekeeping.join(given.user_id, given.channel, given.user)
        return self._shown(channel, given.user_id)

    async def _rename(self, request: web.Request) -> web.Response:
        given = await read_body(request, NewName)
        channel = self._housekeeping.rename(given.user_id, given.channel, given.name)
        return self._shown(channel, given.user_id)

    async def _archive(self, request: web.Request) -> web.Response:
        given = await read_body(request, Archiving)
        do = self._housekeeping.archive if given.archive else self._housekeeping.unarchive
        return self._shown(do(given.user_id, given.channel), given.user_id)

    async def _leave(self, request: web.Request) -> web.Response:
        given = await read_body(request, InChannel)
        self._housekeeping.leave(given.user_id, given.channel)
        return web.json_response({"ok": True})

    async def _pins(self, request: web.Request) -> web.Response:
        user = person(self._workspace, request.query.get("as", ""))
        channel_id = request.query.get("channel", "")
        channel = channel_seen_by(self._workspace, user.id, channel_id)
        pinned = pinned_in(self._workspace, channel)
        shown = [message_for_page(self._workspace, message) for message in pinned]
        return web.json_response({"messages": shown})

    def _shown(self, channel: Channel, user_id: str) -> web.Response:
        shown = channel_for_page(self._workspace, channel, user_id)
        return web.json_response({"channel": shown})
