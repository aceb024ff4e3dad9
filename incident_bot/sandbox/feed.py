"""The page's live stream: each change as the events that one person may see."""

import asyncio
import json
from collections.abc import Iterator

from aiohttp import web

from incident_bot.sandbox.bus import (
    BotChanged,
    Change,
    ChannelChanged,
    ChannelMoved,
    ChannelRead,
    FaultsChanged,
    HomeChanged,
    MessageChanged,
    MessageDeleted,
    MessagePosted,
    TrafficRecorded,
    ViewChanged,
)
from incident_bot.sandbox.cast import Channel
from incident_bot.sandbox.jsontypes import JsonObject
from incident_bot.sandbox.messages import Message
from incident_bot.sandbox.page_json import channel_for_page, message_for_page
from incident_bot.sandbox.workspace import Workspace

PING_SECONDS = 15.0
# A window that does not read for so long is cut off; it connects again and reads all anew.
_MOST_WAITING = 2_000


class Feed:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._streams: set[asyncio.Task[None]] = set()

    async def stream(self, request: web.Request, user_id: str) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        waiting: asyncio.Queue[str] = asyncio.Queue(_MOST_WAITING)

        def hear(change: Change) -> None:
            for event in self.events_for(user_id, change):
                if not waiting.full():
                    waiting.put_nowait(f"data: {json.dumps(event)}\n\n")

        with self._workspace.bus.listening(hear):
            await response.prepare(request)
            await response.write(b": here\n\n")
            task = asyncio.create_task(_pump(response, waiting))
            self._streams.add(task)
            await asyncio.gather(task, return_exceptions=True)
            self._streams.discard(task)
        return response

    async def close(self) -> None:
        for task in list(self._streams):
            task.cancel()
        await asyncio.sleep(0)

    def events_for(self, user_id: str, change: Change) -> Iterator[JsonObject]:
        match change:
            case MessagePosted() | MessageChanged() | MessageDeleted():
                yield from self._about_message(user_id, change)
            case ChannelChanged(channel):
                has_left = change.what == "left" and change.user_id == user_id
                yield from self._about_channel(user_id, channel, has_left=has_left)
            case ChannelRead(channel, reader_id) if reader_id == user_id:
                yield from self._about_channel(user_id, channel)
            case ViewChanged() if change.user_id == user_id:
                yield _about_view(change)
            case HomeChanged(owner_id, view) if owner_id == user_id:
                yield {"type": "home", "view": view and view.as_slack_sends_it()}
            case TrafficRecorded(entry):
                yield {"type": "traffic", "entry": entry}
            case FaultsChanged(faults):
                yield {"type": "faults", "faults": faults}
            case BotChanged(bot):
                yield {"type": "bot", "bot": bot}
            case ChannelMoved():  # the page reads all anew
                yield {"type": "reset"}
            case _:
                pass

    def _about_message(
        self, user_id: str, change: MessagePosted | MessageChanged | MessageDeleted
    ) -> Iterator[JsonObject]:
        message = change.message
        channel = self._workspace.directory.channels[message.channel_id]
        if not self._may_see(user_id, message, channel):
            return
        shown = message_for_page(self._workspace, message)
        if isinstance(change, MessageDeleted):
            yield {"type": "message_deleted", "channel": channel.id, "ts": message.ts}
        elif isinstance(change, MessageChanged):
            yield {"type": "message_changed", "message": shown}
        else:
            yield {"type": "message", "message": shown}
        if not isinstance(change, MessageChanged) and message.is_in_channel:
            yield from self._about_channel(user_id, channel)

    def _about_channel(
        self, user_id: str, channel: Channel, *, has_left: bool = False
    ) -> Iterator[JsonObject]:
        if self._workspace.directory.may_see(user_id, channel):
            shown = channel_for_page(self._workspace, channel, user_id)
            yield {"type": "channel", "channel": shown}
        elif has_left:
            yield {"type": "channel_gone", "channel": channel.id}

    def _may_see(self, user_id: str, message: Message, channel: Channel) -> bool:
        return message.is_seen_by(user_id) and self._workspace.directory.may_see(user_id, channel)


def _about_view(change: ViewChanged) -> JsonObject:
    event: JsonObject = {"type": "view", "action": change.action}
    if change.view:
        event |= {"view": change.view.as_slack_sends_it(), "view_id": change.view.id}
    if change.view_id:
        event["view_id"] = change.view_id
    if change.errors:
        event["errors"] = change.errors
    return event


async def _pump(response: web.StreamResponse, waiting: asyncio.Queue[str]) -> None:
    while not waiting.full():
        try:
            async with asyncio.timeout(PING_SECONDS):
                text = await waiting.get()
        except TimeoutError:
            text = ": ping\n\n"
        await response.write(text.encode())
