"""Stories: tests in which people in Slack do things and see what comes of it, by the real bot.

A story is told over HTTP on a bot that this process's stories share, one after the other: it
looks at its own incidents only. With `modes=BOTH` it is told in both modes, which must lead to the
same calls and messages. With `own_bot=True` it has a bot for itself, and starts it when it likes.
With `own_process=True` that bot is a process of its own, to be killed, frozen or doubled: such a
story is slow.
"""

import asyncio
import contextlib
import difflib
import inspect
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypeVar, overload

import pytest

from incident_bot.manifest import manifest_text
from incident_bot.sandbox.application import Mode, SandboxServer
from tests.bots.bot import REST
from tests.bots.hosted import HostedBot
from tests.bots.ports import free_port
from tests.bots.process import BotProcess
from tests.movable_time import MovableLoop
from tests.slack_people import Slack
from tests.transcript import transcript
from tests.waiting import eventually

T = TypeVar("T")

Tale = Callable[..., Coroutine[Any, Any, None]]
Test = Callable[..., None]

HTTP: Final[tuple[Mode, ...]] = ("http",)
SOCKET: Final[tuple[Mode, ...]] = ("socket",)
BOTH: Final[tuple[Mode, ...]] = ("socket", "http")
WITHOUT_PACE: Final = {"INCIDENT_BOT_TEST_POST_INTERVAL": "0.01"}
"""Nobody waits for Slack's limit on posts, but where a test is about it."""

_LONGEST_STORY: Final = 120.0
_LAST_LINES: Final = 25


class Needs(StrEnum):
    """Whose bot a story is told on."""

    SHARED_BOT = "shared bot"
    OWN_BOT = "own bot"
    OWN_PROCESS = "own process"


@overload
def story(tale: Tale) -> Test: ...
@overload
def story(
    *, own_bot: bool = False, own_process: bool = False, modes: tuple[Mode, ...] = HTTP
) -> Callable[[Tale], Test]: ...
def story(
    tale: Tale | None = None,
    *,
    own_bot: bool = False,
    own_process: bool = False,
    modes: tuple[Mode, ...] = HTTP,
) -> Test | Callable[[Tale], Test]:
    """Make a test of a coroutine function whose first parameter is `slack`."""
    if tale is not None:
        return _as_test(tale, Needs.SHARED_BOT, modes)
    if own_process:
        return lambda given: pytest.mark.slow(_as_test(given, Needs.OWN_PROCESS, modes))
    needs = Needs.OWN_BOT if own_bot else Needs.SHARED_BOT
    return lambda given: _as_test(given, needs, modes)


def _as_test(tale: Tale, needs: Needs, modes: tuple[Mode, ...]) -> Test:
    def test(stage: "Stage", **arguments: object) -> None:
        stage.plays(tale, arguments, needs, modes)

    _, *others = inspect.signature(tale).parameters.values()
    own = inspect.Parameter("stage", inspect.Parameter.KEYWORD_ONLY)
    keywords = [other.replace(kind=inspect.Parameter.KEYWORD_ONLY) for other in others]
    test.__signature__ = inspect.Signature([own, *keywords])  # type: ignore[attr-defined]
    test.__name__, test.__doc__, test.__module__ = tale.__name__, tale.__doc__, tale.__module__
    # pytest's marks, such as parametrize, given below the decorator.
    test.pytestmark = getattr(tale, "pytestmark", [])  # type: ignore[attr-defined]
    return test


class Stage:
    """An event loop of its own, in a thread that never rests: the shared bots stay connected."""

    def __init__(self, folder: Callable[[str], Path]) -> None:
        self._folder = folder
        self._loop = MovableLoop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="stage", daemon=True)
        self._thread.start()
        self._lasting = AsyncExitStack()
        self._shared: dict[Mode, Slack] = {}
        self._stories = 0

    def close(self) -> None:
        self.run(self._lasting.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, T], within: float = _LONGEST_STORY) -> T:
        """Have it done on the stage; `within` are real seconds, whatever the loop's clock says."""

        async def timed() -> T:
            task = asyncio.create_task(work)
            late = threading.Timer(within, self._loop.call_soon_threadsafe, (task.cancel,))
            late.start()
            try:
                return await task
            except asyncio.CancelledError as error:
                raise AssertionError(f"it took longer than {within:g} s") from error
            finally:
                late.cancel()

        return asyncio.run_coroutine_threadsafe(timed(), self._loop).result()

    @contextlib.contextmanager
    def workspace(self, mode: Mode) -> Iterator[Slack]:
        """A workspace with a bot's own process, not started yet, for what is not a story."""
        until = AsyncExitStack()
        slack = self.run(self._own(mode, until, Needs.OWN_PROCESS))
        try:
            yield slack
        finally:
            self.run(until.aclose())

    @contextlib.contextmanager
    def rest_bot(self, folder: Path, **settings: str) -> Iterator[HostedBot]:
        """A bot that runs without Slack, for tests of the REST API in loops of their own."""
        bot = HostedBot({}, folder, free_port())
        try:
            self.run(bot.begins("--no-slack", **settings))
            self.run(bot.is_ready())
            yield bot
        finally:
            if bot.is_running:
                self.run(bot.stops())

    def plays(
        self, tale: Tale, arguments: dict[str, object], needs: Needs, modes: tuple[Mode, ...]
    ) -> None:
        self.run(self._plays(tale, arguments, needs, modes))

    async def _plays(
        self, tale: Tale, arguments: dict[str, object], needs: Needs, modes: tuple[Mode, ...]
    ) -> None:
        async with AsyncExitStack() as until_its_end:
            scenes = [
                await self._with_bot(mode)
                if needs is Needs.SHARED_BOT
                else await self._own(mode, until_its_end, needs)
                for mode in modes
            ]
            self._stories += 1
            for slack in scenes:
                slack.is_patient()
                slack.takes_forms_for_longer()
                slack.begins_a_story(self._stories)
            # In turn: one of them may put the clock forward that all share.
            for slack in scenes:
                await _tells(tale, slack, arguments)
            await _are_alike(scenes)

    async def _with_bot(self, mode: Mode) -> Slack:
        if mode not in self._shared:
            slack = await self._own(mode, self._lasting, Needs.SHARED_BOT)
            # No story is interrupted or held up by those before it.
            await slack.bot.starts(INCIDENT_BOT_REMINDERS="none")
            with slack.bot.opened_database() as database:
                # INC-12, which the bot's examples name, is no story's.
                database.execute("INSERT INTO sqlite_sequence VALUES ('incidents', 1000)")
            self._shared[mode] = slack
        slack = self._shared[mode]
        # A machine that stood still for a while has its connections renewed.
        await slack.bot.is_ready()
        return slack

    async def _own(self, mode: Mode, until: AsyncExitStack, needs: Needs) -> Slack:
        return await until.enter_async_context(_workspace(mode, self._folder(mode), needs))


@asynccontextmanager
async def _workspace(mode: Mode, folder: Path, needs: Needs) -> AsyncIterator[Slack]:
    port = free_port()
    events_url = f"http://127.0.0.1:{port}/slack/events"
    async with SandboxServer(manifest_text(), mode, bot_events_urls=[events_url]) as sandbox:
        settings = WITHOUT_PACE | REST | sandbox.environment()
        bot: HostedBot | BotProcess
        if needs is Needs.OWN_PROCESS:
            bot = BotProcess(settings, folder, port)
            bot.is_forked = True
        else:
            bot = HostedBot(settings, folder, port)
        try:
            yield Slack(mode, sandbox, bot)
        finally:
            if bot.is_running:
                await bot.stops()


async def _tells(tale: Tale, slack: Slack, arguments: dict[str, object]) -> None:
    try:
        await tale(slack, **arguments)
        slack.breaks()
        if slack.bot.is_running:
            await slack.bot.is_quiet()
    except BaseException as error:
        last = "\n".join(slack.bot.output.splitlines()[-_LAST_LINES:])
        error.add_note(f"In {slack.mode} mode. The bot's last words:\n{last}")
        raise


async def _are_alike(scenes: list[Slack]) -> None:
    """An answer may still be on its way after the story's end."""
    first, *others = scenes
    for other in others:
        with contextlib.suppress(AssertionError):
            await eventually(lambda: not _difference(first, other), "alike", 10)  # noqa: B023 - called at once
        assert not (difference := _difference(first, other)), difference


def _difference(one: Slack, other: Slack) -> str:
    lines = difflib.unified_diff(
        transcript(one), transcript(other), one.mode, other.mode, n=0, lineterm=""
    )
    return "\n".join(lines)
