"""The two ways in: `SandboxServer` for tests, and `run`, workspace and bot until Ctrl-C."""

import asyncio
import errno
import os
import secrets
import signal
import socket
import sys
import tempfile
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from incident_bot.sandbox.application import HOST, Mode, SandboxServer
from incident_bot.sandbox.bot import BotProcess, Launch, child_environment
from incident_bot.sandbox.clock import SystemClock
from incident_bot.sandbox.manifest import ManifestError
from incident_bot.sandbox.persistence import Keeper, SnapshotError

__all__ = ["Mode", "SandboxServer", "run"]

DEFAULT_PORT = 8080
_PORTS_TRIED = 100
_LAST_PORT = 65_535
_WRONG_SETTING = 2


@dataclass(frozen=True)
class Options:
    manifest: str
    port: int | None
    mode: Mode
    folder: Path
    is_kept: bool
    open_browser: bool


def run(
    *, manifest: str, port: int | None, mode: Mode, data: Path | None, open_browser: bool
) -> int:
    """The exit status: 0 after a clean stop, 2 when something given is wrong."""
    try:
        with _folder(data) as folder:
            options = Options(manifest, port, mode, folder, data is not None, open_browser)
            asyncio.run(_run(options))
    except (ManifestError, SnapshotError, OSError) as error:
        sys.stderr.write(f"incident-bot: {error}\n")
        return _WRONG_SETTING
    return 0


async def _run(options: Options) -> None:
    stop = _until_told_to_stop()
    listener = _listen(options.port)
    bot_port = _free_port()
    async with SandboxServer(
        options.manifest,
        options.mode,
        listener=listener,
        bot_events_urls=[f"http://{HOST}:{bot_port}/slack/events"],
    ) as sandbox:
        keeper = Keeper(sandbox.workspace, options.folder, SystemClock())
        if options.is_kept:
            keeper.restore()
        saving = asyncio.create_task(keeper.keep() if options.is_kept else asyncio.sleep(0))
        # In HTTP mode the REST API needs one.
        token = secrets.token_hex(16) if options.mode == "http" else None
        bot = BotProcess(_launch(options, sandbox, bot_port, token), sandbox.workspace.bus, say)
        sandbox.browser.bot = bot
        try:
            bot_url = f"http://{HOST}:{bot_port}"
            await _serve(bot, bot_url, sandbox.url, stop, token, open_browser=options.open_browser)
        finally:
            await bot.act("stop")
            saving.cancel()
            if options.is_kept:
                keeper.save()


async def _serve(
    bot: BotProcess,
    bot_url: str,
    address: str,
    stop: asyncio.Event,
    token: str | None,
    *,
    open_browser: bool,
) -> None:
    await bot.act("start")
    readiness = asyncio.create_task(bot.wait_until_ready())
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({readiness, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not stop.is_set():
        say("")
        say(f"The sandbox is at {address}/")
        say(f"The bot's REST API is at {bot_url}/docs")
        if token is not None:
            say("It needs a token in HTTP mode:")
            say(f"  curl -H 'Authorization: Bearer {token}' {bot_url}/incidents")
        say("Press Ctrl-C to stop it.")
        say("")
        if open_browser and _has_screen():
            await asyncio.to_thread(webbrowser.open, f"{address}/")
    await stopping
    say("Stopping.")
    readiness.cancel()


def _launch(options: Options, sandbox: SandboxServer, bot_port: int, token: str | None) -> Launch:
    settings = {
        **sandbox.environment(),
        "INCIDENT_BOT_HOST": HOST,
        "INCIDENT_BOT_PORT": str(bot_port),
        # In the folder in which the bot runs, whose name may have characters that no URL takes.
        "INCIDENT_BOT_DATABASE_URL": "sqlite:///incident_bot.db",
        "INCIDENT_BOT_CHANNEL": "incidents",
        "INCIDENT_BOT_LOG_FORMAT": "console",
    }
    if token is not None:
        settings["INCIDENT_BOT_API_TOKENS"] = f"api:{token}"
    return Launch(
        environment=child_environment(os.environ, settings),
        folder=options.folder,
        ready_url=f"http://{HOST}:{bot_port}/readyz",
    )


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    """Where all is kept; without `data` a folder that is gone afterwards."""
    if data is not None:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield data.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="incident-bot-sandbox-") as name:
        yield Path(name)


def _listen(port: int | None) -> socket.socket:
    """On the port that was asked for, or the next free one, which is said."""
    first = DEFAULT_PORT if port is None else port
    last = min(first + _PORTS_TRIED, _LAST_PORT)
    for candidate in range(first, last + 1):
        try:
            listener = socket.create_server((HOST, candidate))
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
            continue
        if candidate != first:
            say(f"Port {first} is in use; this is port {candidate}.")
        return listener
    raise OSError(f"no port from {first} to {last} is free")


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _until_told_to_stop() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(name, stop.set)
    return stop


def _has_screen() -> bool:
    """Without one `webbrowser` would start a browser for text, over the bot's log lines."""
    on_linux = sys.platform.startswith("linux")
    return not on_linux or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()
