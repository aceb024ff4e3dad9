"""The bot's process, its environment, and what is kept in a folder."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from incident_bot.sandbox.bot import BotProcess, Launch, child_environment
from incident_bot.sandbox.bus import BotChanged, Bus, Change
from incident_bot.sandbox.control import ChannelChange
from incident_bot.sandbox.modals import publish_home
from incident_bot.sandbox.persistence import Keeper, SnapshotError
from incident_bot.sandbox.server import SandboxServer

from .support import Json, StillClock, manifest, section, until

# Answers when asked whether it is ready, and stops on SIGTERM.
READY = """
import http.server, os, signal, sys
print("hello from the bot")
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *_): pass
server = http.server.HTTPServer(("127.0.0.1", PORT), Ready)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
server.serve_forever()
"""


class Watched:
    """A bot made of a few lines, what it said, and what the page was told of it."""

    def __init__(
        self,
        folder: Path,
        program: str,
        ready_url: str = "http://127.0.0.1:9",
        stop_seconds: float = 20,
    ) -> None:
        self.lines: list[str] = []
        self.told: list[Json] = []
        bus = Bus()
        bus.listen(self._hear)
        launch = Launch(
            environment=child_environment({"PATH": "/usr/bin:/bin"}, {}),
            folder=folder,
            ready_url=ready_url,
            command=(sys.executable, "-c", program),
            stop_seconds=stop_seconds,
        )
        self.process = BotProcess(launch, bus, self.lines.append)

    def _hear(self, change: Change) -> None:
        if isinstance(change, BotChanged):
            self.told.append(change.bot)

    def statuses(self) -> list[str]:
        return [bot["status"] for bot in self.told]


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Watched]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    watched = Watched(tmp_path, READY.replace("PORT", str(port)), f"http://127.0.0.1:{port}/")
    yield watched
    await watched.process.act("stop")


async def test_a_bot_is_started_until_ready_and_stopped(live: Watched) -> None:
    await live.process.act("start")
    is_ready = await live.process.wait_until_ready()
    pid = live.process.shown()["pid"]
    await live.process.act("stop")

    assert is_ready
    assert pid
    assert live.statuses() == ["starting", "ready", "stopped"]
    assert live.lines == ["hello from the bot"]
    assert live.process.shown() == {
        "status": "stopped",
        "pid": None,
        "last_lines": ["hello from the bot"],
        "exit_code": 0,
    }


async def test_starting_twice_is_one_bot_and_restarting_another(live: Watched) -> None:
    await live.process.act("start")
    await live.process.wait_until_ready()
    first = live.process.shown()["pid"]
    await live.process.act("start")
    same = live.process.shown()["pid"]
    await live.process.act("restart")
    await live.process.wait_until_ready()

    assert same == first
    assert live.process.shown()["pid"] != first


async def test_a_killed_bot_is_told_of_with_its_last_lines(live: Watched) -> None:
    await live.process.act("start")
    await live.process.wait_until_ready()
    await live.process.act("kill")

    assert live.told[-1]["exit_code"] == -9
    assert live.told[-1]["last_lines"] == ["hello from the bot"]
    assert live.lines[-1] == (
        "The bot died (signal SIGKILL). It can be started again from the page."
    )


async def test_a_bot_that_dies_at_once_never_becomes_ready(tmp_path: Path) -> None:
    watched = Watched(tmp_path, "import sys; sys.exit('no such setting')")

    await watched.process.act("start")

    assert not await watched.process.wait_until_ready()
    assert watched.told[-1]["last_lines"] == ["no such setting"]
    assert watched.told[-1]["exit_code"] == 1


async def test_a_bot_that_does_not_stop_is_killed(tmp_path: Path) -> None:
    program = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "print('up'); time.sleep(60)"
    )
    watched = Watched(tmp_path, program, stop_seconds=0.2)
    await watched.process.act("start")
    await until(lambda: watched.lines)

    await watched.process.act("stop")

    assert watched.lines == ["up", "The bot does not stop; it is killed."]
    assert watched.process.shown()["exit_code"] == -9


async def test_stopping_what_never_ran_is_nothing(tmp_path: Path) -> None:
    watched = Watched(tmp_path, "")

    await watched.process.act("stop")
    await watched.process.act("kill")

    assert watched.told == []


def test_the_bot_inherits_neither_proxies_nor_a_real_workspace() -> None:
    parent = {
        "PATH": "/bin",
        "HTTPS_PROXY": "http://proxy",
        "all_proxy": "http://proxy",
        "SLACK_BOT_TOKEN": "xoxb-real",
        "SLACK_SDK_DEBUG": "1",
        "INCIDENT_BOT_API_TOKENS": "me:secret",
        "INCIDENT_BOT_SEVERITIES": "Minor,Major",
        "INCIDENT_BOT_EVENT_LOG": "/var/log/events.jsonl",
        "INCIDENT_BOT_ROLES": "Commander",
        "COVERAGE_PROCESS_CONFIG": "x",
    }

    environment = child_environment(parent, {"SLACK_BOT_TOKEN": "xoxb-sandbox"})

    assert environment == {
        "PATH": "/bin",
        "INCIDENT_BOT_SEVERITIES": "Minor,Major",
        "INCIDENT_BOT_EVENT_LOG": "/var/log/events.jsonl",
        "INCIDENT_BOT_ROLES": "Commander",
        "COVERAGE_PROCESS_CONFIG": "x",
        "PYTHONUNBUFFERED": "1",
        "SLACK_BOT_TOKEN": "xoxb-sandbox",
    }


def workspace_in(folder: Path) -> tuple[SandboxServer, Keeper]:
    clock = StillClock()
    sandbox = SandboxServer(manifest(events=[]), clock=clock)
    return sandbox, Keeper(sandbox.workspace, folder, clock)


async def test_a_kept_workspace_is_there_next_time(tmp_path: Path) -> None:
    before, keeper = workspace_in(tmp_path)
    before.control.change_channel(ChannelChange(name="outage", members=["U0ANA"]))
    channel = before.workspace.directory.channels["C0OUTAGE"]
    message = before.workspace.posting.post(channel, "U0ANA", text="kept")
    publish_home(before.workspace, "U0ANA", {"type": "home", "blocks": [section()]})
    keeper.save()

    after, keeper = workspace_in(tmp_path)
    keeper.restore()

    assert after.workspace.posting.get("C0OUTAGE", message.ts) == message
    assert after.workspace.views.homes.keys() == {"U0ANA"}
    channel = after.workspace.directory.channels["C0OUTAGE"]
    assert after.workspace.posting.post(channel, "U0ANA", text="next").ts > message.ts


async def test_what_changes_is_saved_soon_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    sandbox, keeper = workspace_in(tmp_path)
    saving = asyncio.create_task(keeper.keep())
    channel = sandbox.workspace.directory.channels["C0GENERAL"]

    sandbox.workspace.posting.post(channel, "U0ANA", text="kept")
    await until(lambda: [path.name for path in tmp_path.iterdir()] == ["workspace.json"])
    saving.cancel()

    assert (tmp_path / "workspace.json").stat().st_mode & 0o777 == 0o600


async def test_nothing_kept_yet_is_no_error(tmp_path: Path) -> None:
    sandbox, keeper = workspace_in(tmp_path)

    keeper.restore()

    assert "C0INCIDENTS" in sandbox.workspace.directory.channels


async def test_a_kept_workspace_that_is_broken_is_refused_by_its_path(tmp_path: Path) -> None:
    _sandbox, keeper = workspace_in(tmp_path)
    (tmp_path / "workspace.json").write_text("{")

    with pytest.raises(SnapshotError, match=r"workspace\.json cannot be read"):
        keeper.restore()
