"""The control API, for tests and for the page's drawer: what was called, faults, any payload."""

from typing import Literal

from aiohttp import web
from pydantic import BaseModel

from incident_bot.sandbox.cast import BOT_USER_ID, TEAM_ID, Channel, User
from incident_bot.sandbox.dispatch import Dispatcher, Signature
from incident_bot.sandbox.errors import RefusedError
from incident_bot.sandbox.faults import FaultList, Faults
from incident_bot.sandbox.jsontypes import JsonList, JsonObject
from incident_bot.sandbox.requests import query_number, read_body
from incident_bot.sandbox.socket_mode import DisconnectReason, SocketTransport
from incident_bot.sandbox.traffic import Traffic
from incident_bot.sandbox.web_api import WebApi
from incident_bot.sandbox.workspace import Workspace


class Delivery(BaseModel):
    kind: str
    payload: JsonObject
    signature: Signature = "right"
    attempt: int = 0
    reason: str = ""


class UserChange(BaseModel):
    id: str
    name: str = ""
    real_name: str = ""
    role: str = ""
    tz: str = "UTC"
    team_id: str = TEAM_ID
    is_bot: bool = False
    is_guest: bool = False
    is_deleted: bool = False


class ChannelChange(BaseModel):
    """Only what is given changes; a channel that does not exist is made."""

    id: str = ""
    name: str | None = None
    kind: Literal["channel", "private"] = "channel"
    members: list[str] | None = None
    has_bot: bool | None = None
    is_archived: bool | None = None
    is_ext_shared: bool | None = None


class Disconnect(BaseModel):
    reason: DisconnectReason = "refresh_requested"


class LimitsSwitch(BaseModel):
    enforce: bool


class Tokens(BaseModel):
    revoked: bool


class Control:
    def __init__(
        self,
        workspace: Workspace,
        traffic: Traffic,
        faults: Faults,
        web_api: WebApi,
        dispatcher: Dispatcher,
    ) -> None:
        self._workspace = workspace
        self._traffic = traffic
        self._faults = faults
        self._web_api = web_api
        self._dispatcher = dispatcher
        self.sockets: SocketTransport | None = None

    def routes(self) -> list[web.RouteDef]:
        base = "/sandbox/control"
        return [
            web.get(f"{base}/calls", self._get_calls),
            web.get(f"{base}/metrics", self._get_metrics),
            web.put(f"{base}/faults", self._put_faults),
            web.post(f"{base}/reset", self._post_reset),
            web.post(f"{base}/deliver", self._post_deliver),
            web.post(f"{base}/users", self._post_users),
            web.post(f"{base}/channels", self._post_channels),
            web.post(f"{base}/disconnect", self._post_disconnect),
            web.post(f"{base}/limits", self._post_limits),
            web.post(f"{base}/tokens", self._post_tokens),
        ]

    # For tests in the same process

    def calls(self, method: str = "", after: int = 0) -> JsonList:
        """The bot's calls in their order, each as an entry of the traffic."""
        entries = self._traffic.after(after, direction="to_slack", kind=method)
        return [entry.shown() for entry in entries]

    def acks(self) -> list[float]:
        """Milliseconds to each acknowledgement that came."""
        entries = self._traffic.after(0, direction="to_bot")
        return [entry.exchange.ms for entry in entries if entry.exchange.ok]

    def reset(self) -> None:
        self._workspace.reset()
        self._faults.set([])
        self._web_api.limits.begin_anew()
        self._traffic.clear()

    def change_user(self, change: UserChange) -> User:
        known = self._workspace.directory.users.get(change.id)
        base = known.model_dump() if known else {"name": change.id.lower(), "real_name": change.id}
        user = User.model_validate(base | change.model_dump(exclude_unset=True))
        self._workspace.directory.users[user.id] = user
        if not user.is_external and not user.is_bot:
            self._workspace.directory.dm_with_bot(user)
        return user

    def change_channel(self, change: ChannelChange, *, by: str = "U0ANA") -> Channel:
        directory = self._workspace.directory
        channel = directory.channels.get(change.id)
        if channel is None:
            is_private = change.kind == "private"
            channel = directory.create(
                change.name or "", is_private=is_private, members=change.members or [by]
            )
        if change.name:
            directory.rename(channel, change.name)
        if change.is_ext_shared and not channel.is_ext_shared:
            self._workspace.share(channel)
        elif change.is_ext_shared is not None:
            channel.is_ext_shared = change.is_ext_shared
        self._change_members(channel, change, by)
        if change.is_archived is not None:
            directory.set_archived(channel, by, is_archived=change.is_archived)
        return channel

    def _change_members(self, channel: Channel, change: ChannelChange, by: str) -> None:
        directory = self._workspace.directory
        wanted = set(channel.members if change.members is None else change.members)
        if change.members is not None and change.has_bot is None and channel.has_bot:
            wanted.add(BOT_USER_ID)
        if change.has_bot is not None:
            wanted = wanted | {BOT_USER_ID} if change.has_bot else wanted - {BOT_USER_ID}
        for user_id in [user_id for user_id in channel.members if user_id not in wanted]:
            directory.leave(channel, user_id, by)
        for user_id in sorted(wanted - set(channel.members)):
            directory.join(channel, user_id, by)

    # Over HTTP

    async def _get_calls(self, request: web.Request) -> web.Response:
        after = query_number(request, "after", 0)
        return web.json_response({"calls": self.calls(request.query.get("method", ""), after)})

    async def _get_metrics(self, _request: web.Request) -> web.Response:
        acks = sorted(self.acks())
        slowest = acks[-1] if acks else 0.0
        return web.json_response({"acks": len(acks), "ack_ms": acks, "slowest_ms": slowest})

    async def _put_faults(self, request: web.Request) -> web.Response:
        self._faults.set((await read_body(request, FaultList)).faults)
        return web.json_response({"faults": self._faults.shown()})

    async def _post_reset(self, _request: web.Request) -> web.Response:
        self.reset()
        return web.json_response({"ok": True})

    async def _post_deliver(self, request: web.Request) -> web.Response:
        given = await read_body(request, Delivery)
        ack = await self._dispatcher.deliver(
            given.kind,
            given.payload,
            attempt=given.attempt,
            reason=given.reason,
            signature=given.signature,
        )
        return web.json_response(vars(ack))

    async def _post_users(self, request: web.Request) -> web.Response:
        user = self.change_user(await read_body(request, UserChange))
        return web.json_response(user.model_dump())

    async def _post_channels(self, request: web.Request) -> web.Response:
        channel = self.change_channel(await read_body(request, ChannelChange))
        return web.json_response(channel.model_dump())

    async def _post_disconnect(self, request: web.Request) -> web.Response:
        given = await read_body(request, Disconnect)
        if self.sockets is None:
            raise RefusedError("The bot is not connected by Socket Mode.")
        await self.sockets.disconnect(given.reason)
        return web.json_response({"ok": True})

    async def _post_limits(self, request: web.Request) -> web.Response:
        self._web_api.limits.is_enforced = (await read_body(request, LimitsSwitch)).enforce
        return web.json_response({"ok": True})

    async def _post_tokens(self, request: web.Request) -> web.Response:
        self._workspace.is_token_revoked = (await read_body(request, Tokens)).revoked
        return web.json_response({"ok": True})
