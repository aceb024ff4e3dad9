"""A workspace with one app in it: the real bot, or an anchor; and how it is sent to."""

import contextlib
import itertools
import math
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final

from incident_bot.manifest import manifest_text
from incident_bot.sandbox.application import Mode, SandboxServer
from incident_bot.sandbox.forms import fill
from incident_bot.sandbox.jsontypes import JsonObject
from tests.benchmarks.processes import anchor, started
from tests.benchmarks.signed import SignedRequests
from tests.bots.ports import free_port
from tests.bots.process import BotProcess
from tests.slack_people import Slack, filled
from tests.waiting import eventually

MODES: Final[dict[Mode, str]] = {"http": "HTTP", "socket": "Socket Mode"}
"""Each with its name for the table."""

Send = Callable[[str, JsonObject], Awaitable[float]]
"""Delivers a payload of a kind; gives the milliseconds until it was acknowledged,
which are infinitely many when it was not within Slack's three seconds.
"""


@asynccontextmanager
async def bot(mode: Mode, **settings: str) -> AsyncIterator[tuple[Slack, Send]]:
    """The bot with a new database, as people run it but for `settings`."""
    port = free_port()
    events_url = f"http://127.0.0.1:{port}/slack/events"
    with tempfile.TemporaryDirectory() as folder:
        async with SandboxServer(manifest_text(), mode, bot_events_urls=[events_url]) as sandbox:
            process = BotProcess({**sandbox.environment(), **settings}, Path(folder), port)
            try:
                await process.starts()
                with _sending(sandbox, port) as send:
                    yield Slack(mode, sandbox, process), send
            finally:
                await process.stops()


@asynccontextmanager
async def bare_bolt(mode: Mode, *options: str) -> AsyncIterator[Send]:
    """The anchor of this name, in a workspace of its own."""
    async with (
        SandboxServer(manifest_text(), mode) as sandbox,
        _connected(sandbox, options) as port,
    ):
        with _sending(sandbox, port) as send:
            yield send


@asynccontextmanager
async def _connected(sandbox: SandboxServer, options: tuple[str, ...]) -> AsyncIterator[int]:
    """Start it, and wait until it can be sent to; gives its port, which is 0 in Socket Mode."""
    settings = sandbox.environment()
    if sandbox.mode == "http":
        async with anchor("bare_bolt", *options, settings=settings) as port:
            yield port
    else:
        async with started("anchors.bare_bolt", *options, settings=settings):
            await eventually(lambda: sandbox.sockets.connections > 0, "it connects")
            yield 0


@contextmanager
def _sending(sandbox: SandboxServer, port: int) -> Iterator[Send]:
    async def send(kind: str, payload: JsonObject) -> float:
        acknowledged = await sandbox.dispatcher.deliver(kind, payload)
        return acknowledged.ms if acknowledged.ok else math.inf

    if sandbox.mode == "socket":
        yield send
        return
    # Raw: the stand-in's own client takes its time, too.
    signed = SignedRequests(port, sandbox.workspace.credentials.signing_secret)
    with contextlib.closing(signed):
        yield signed.send


def command(slack: Slack, text: str) -> JsonObject:
    """What Slack sends when Ana types `/incident text`."""
    directory = slack.sandbox.workspace.directory
    ana, general = directory.users["U0ANA"], directory.channels["C0GENERAL"]
    return slack.sandbox.payloads.command(ana, general, "/incident", text)


async def declarations(slack: Slack) -> Iterator[JsonObject]:
    """What Slack sends when Ana submits the form, again and again; each is an incident."""
    view = await slack.ana.opens("/incident new")
    workspace, payloads = slack.sandbox.workspace, slack.sandbox.payloads
    ana = workspace.directory.users[slack.ana.id]
    fields = {"description": "Cards are refused since ten o'clock", "severity": "High"}

    def submission(number: int) -> JsonObject:
        given = filled(view, {**fields, "title": f"Checkout is down, {number}"})
        state, errors = fill(view.blocks, given, workspace.directory)
        assert not errors, errors
        # The bot takes a view for one declaration, however often it is submitted.
        form = view.model_copy(update={"id": workspace.ids.new("V"), "state": state})
        return payloads.view_submission(ana, form)

    return map(submission, itertools.count(1))
