"""Delivery over Socket Mode: the bot's WebSocket connections, envelopes and acknowledgements."""

import asyncio
import json
from itertools import count
from typing import Literal

from aiohttp import WSMsgType, web

from incident_bot.sandbox.cast import APP_ID
from incident_bot.sandbox.dispatch import Parcel, Reply
from incident_bot.sandbox.jsontypes import JsonObject
from incident_bot.sandbox.workspace import Workspace

MOST_CONNECTIONS = 10  # Slack, "Using Socket Mode"
DisconnectReason = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]


class SocketTransport:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._connections: list[web.WebSocketResponse] = []
        self._waiting: dict[str, asyncio.Future[JsonObject]] = {}
        self._turn = count()

    @property
    def connections(self) -> int:
        return len(self._connections)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if not self._workspace.tickets.use_socket(request.query.get("ticket", "")):
            return web.json_response({"ok": False, "error": "invalid_ticket"}, status=401)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if self.connections >= MOST_CONNECTIONS:
            await self._say_goodbye(socket, "too_many_websockets")
            return socket
        self._connections.append(socket)
        try:
            await self._serve(socket)
        finally:
            self._forget(socket)
        return socket

    async def send(self, parcel: Parcel) -> Reply:
        """To one connection, each in turn; Slack promises no more than that."""
        if not self._connections:
            return Reply(failure="connection_refused", status=0)
        socket = self._connections[next(self._turn) % self.connections]
        acknowledged: asyncio.Future[JsonObject] = asyncio.get_running_loop().create_future()
        self._waiting[parcel.envelope_id] = acknowledged
        try:
            await socket.send_str(json.dumps(_envelope(parcel)))
            return Reply(await acknowledged)
        except ConnectionError:
            return Reply(failure="connection_refused", status=0)
        finally:
            del self._waiting[parcel.envelope_id]

    async def disconnect(self, reason: DisconnectReason) -> None:
        """A warning is only said; after the others the connection is closed."""
        for socket in list(self._connections):
            if reason == "warning":
                await socket.send_str(_goodbye(reason))
                continue
            self._forget(socket)
            await self._say_goodbye(socket, reason)

    async def close(self) -> None:
        for socket in list(self._connections):
            self._forget(socket)
            await socket.close()

    async def _serve(self, socket: web.WebSocketResponse) -> None:
        await socket.send_str(json.dumps(self._hello()))
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                self._acknowledge(message.data)

    def _acknowledge(self, text: str) -> None:
        try:
            answer = json.loads(text)
            envelope_id, payload = answer["envelope_id"], answer.get("payload") or {}
        except (ValueError, KeyError, TypeError, AttributeError):
            return  # not an acknowledgement: Slack passes over it too
        waiting = self._waiting.get(envelope_id)
        if waiting and not waiting.done():
            waiting.set_result(payload if isinstance(payload, dict) else {"text": str(payload)})

    def _hello(self) -> JsonObject:
        return {
            "type": "hello",
            "num_connections": self.connections,
            "debug_info": {
                "host": "applink-sandbox",
                "build_number": 1,
                "approximate_connection_time": 18_060,
            },
            "connection_info": {"app_id": APP_ID},
        }

    def _forget(self, socket: web.WebSocketResponse) -> None:
        if socket in self._connections:
            self._connections.remove(socket)

    async def _say_goodbye(self, socket: web.WebSocketResponse, reason: DisconnectReason) -> None:
        await socket.send_str(_goodbye(reason))
        await socket.close()


def _goodbye(reason: DisconnectReason) -> str:
    return json.dumps(
        {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-sandbox"}}
    )


def _envelope(parcel: Parcel) -> JsonObject:
    envelope: JsonObject = {
        "envelope_id": parcel.envelope_id,
        "payload": parcel.payload,
        "type": parcel.envelope_type,
        "accepts_response_payload": parcel.kind != "event_callback",
    }
    if parcel.kind == "event_callback":
        envelope |= {"retry_attempt": parcel.attempt, "retry_reason": parcel.reason}
    return envelope
