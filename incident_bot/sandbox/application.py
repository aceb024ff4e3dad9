"""The stand-in as one aiohttp application, started in a test's own process or by `run`."""

import socket
from collections.abc import Sequence
from types import TracebackType
from typing import Literal, Self

from aiohttp import web

from incident_bot.sandbox.browser import Browser, Drawer, page_routes
from incident_bot.sandbox.cast import Credentials
from incident_bot.sandbox.channel_routes import ChannelRoutes
from incident_bot.sandbox.clock import Clock, SystemClock
from incident_bot.sandbox.control import Control
from incident_bot.sandbox.dispatch import Dispatcher, Parcel, Reply, Timing
from incident_bot.sandbox.events import Events
from incident_bot.sandbox.faults import Faults
from incident_bot.sandbox.http_mode import HttpTransport
from incident_bot.sandbox.interactions import Interactions
from incident_bot.sandbox.manifest import read_manifest
from incident_bot.sandbox.payloads import Payloads
from incident_bot.sandbox.requests import add_security_headers, only_this_machine, tell_refusals
from incident_bot.sandbox.responses import ResponseUrls
from incident_bot.sandbox.socket_mode import SocketTransport
from incident_bot.sandbox.traffic import Traffic
from incident_bot.sandbox.web_api import WebApi
from incident_bot.sandbox.workspace import Workspace

Mode = Literal["socket", "http"]

HOST = "127.0.0.1"
_LARGEST_BODY = 4 * 1024 * 1024


class SandboxServer:
    """Built from parts that know nothing of each other; `async with` starts and stops it."""

    def __init__(
        self,
        manifest: str,
        mode: Mode = "socket",
        *,
        port: int = 0,
        bot_events_urls: Sequence[str] = ("http://127.0.0.1:9/slack/events",),
        listener: socket.socket | None = None,
        credentials: Credentials | None = None,
        clock: Clock | None = None,
        timing: Timing | None = None,
    ) -> None:
        clock = clock or SystemClock()
        self.mode: Mode = mode
        self.port = port
        self._listener = listener
        self.workspace = Workspace(read_manifest(manifest), clock, credentials or Credentials())
        self.traffic = Traffic(clock, self.workspace.bus)
        self.faults = Faults(self.workspace.bus)
        self.payloads = Payloads(self.workspace)
        self.sockets = SocketTransport(self.workspace)
        self._bot_events_urls = bot_events_urls
        self._http: HttpTransport | None = None
        self.dispatcher = Dispatcher(
            self, self.traffic, clock, self.workspace.ids, timing or Timing()
        )
        self.events = Events(self.workspace, self.payloads, self.dispatcher)
        self.workspace.bus.listen(self.events.notice)
        self.interactions = Interactions(self.workspace, self.payloads, self.dispatcher)
        self._web_api = WebApi(self.workspace, self.traffic, self.faults)
        self.control = Control(self.workspace, self.traffic)
        self.browser = Browser(self.workspace, self.interactions, self.events, mode)
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return self.workspace.address

    async def send(self, parcel: Parcel) -> Reply:
        """Socket Mode on means no deliveries over HTTP, and the other way round."""
        if self.mode == "socket":
            return await self.sockets.send(parcel)
        if self._http is None:
            return Reply(failure="connection_refused", status=0)
        return await self._http.send(parcel)

    def environment(self) -> dict[str, str]:
        """All that a bot needs to know of this workspace."""
        known = self.workspace.credentials
        common = {"SLACK_BOT_TOKEN": known.bot_token, "SLACK_API_URL": f"{self.url}/api/"}
        if self.mode == "socket":
            return common | {"SLACK_APP_TOKEN": known.app_token}
        return common | {"SLACK_SIGNING_SECRET": known.signing_secret}

    async def __aenter__(self) -> Self:
        listener = self._listener or socket.create_server((HOST, self.port))
        self.port = listener.getsockname()[1]
        self.workspace.address = f"http://{HOST}:{self.port}"
        self._http = HttpTransport(self._bot_events_urls, self.workspace.credentials.signing_secret)
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.SockSite(self._runner, listener).start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.browser.feed.close()
        await self.dispatcher.close()
        await self.sockets.close()
        if self._http:
            await self._http.close()
        if self._runner:
            await self._runner.cleanup()

    def _application(self) -> web.Application:
        application = web.Application(
            client_max_size=_LARGEST_BODY, middlewares=[only_this_machine, tell_refusals]
        )
        application.on_response_prepare.append(add_security_headers)
        responses = ResponseUrls(self.workspace, self.traffic, self.faults)
        application.add_routes(
            [
                web.get("/api/{method}", self._web_api.handle),
                web.post("/api/{method}", self._web_api.handle),
                web.get("/link", self.sockets.handle),
                web.post("/response/{name}", responses.handle),
                *self.browser.routes(),
                *ChannelRoutes(self.workspace).routes(),
                *Drawer(self.traffic, self.faults).routes(),
                *page_routes(),
            ]
        )
        return application
