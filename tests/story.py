"""`@story`: a scenario test, told with the real bot and the stand-in, in both modes at once.

    @story
    async def test_resolving_twice_tells_who_was_first(slack: Slack) -> None:
        incident = await slack.cara.declares("Checkout is down")
        ...

A story gets a workspace with a running bot that other stories use too, one after the other: it
looks at its own incidents only. A story with `own_bot=True` has both for itself, and starts the
bot when it likes. In the end both modes must have led to the same calls and messages.
"""

import asyncio
import contextlib
import difflib
import inspect
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final, TypeVar, overload

from incident_bot.manifest import manifest_text
from incident_bot.sandbox.application import Mode, SandboxServer
from tests.bot_process import BotProcess, free_port
from tests.slack_people import Slack
from tests.transcript import transcript
from tests.waiting import eventually

T = TypeVar("T")

Tale = Callable[..., Coroutine[Any, Any, None]]
Test = Callable[..., None]

BOTH: Final[tuple[Mode, ...]] = ("socket", "http")
_LONGEST_STORY: Final = 120.0
_LAST_LINES: Final = 25
_SHARED_BOTS: Final = 2


@overload
def story(tale: Tale) -> Test: ...
@overload
def story(*, own_bot: bool = False, modes: Iterable[Mode] = BOTH) -> Callable[[Tale], Test]: ...
def story(
    tale: Tale | None = None, *, own_bot: bool = False, modes: Iterable[Mode] = BOTH
) -> Test | Callable[[Tale], Test]:
    """Make a test of a coroutine function whose first parameter is `slack`."""
    if tale is None:
        return lambda given: _as_test(given, own_bot=own_bot, modes=tuple(modes))
    return _as_test(tale, own_bot=own_bot, modes=tuple(modes))


def _as_test(tale: Tale, *, own_bot: bool, modes: tuple[Mode, ...]) -> Test:
    def test(stage: "Stage", **arguments: object) -> None:
        stage.plays(tale, arguments, own_bot=own_bot, modes=modes)

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
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="stage", daemon=True)
        self._thread.start()
        self._lasting = AsyncExitStack()
        self._shared: dict[tuple[Mode, int], Slack] = {}
        self._stories = 0

    def close(self) -> None:
        self.run(self._lasting.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, T], within: float = _LONGEST_STORY) -> T:
        async def timed() -> T:
            async with asyncio.timeout(within):
                return await work

        return asyncio.run_coroutine_threadsafe(timed(), self._loop).result()

    @contextlib.contextmanager
    def workspace(self, mode: Mode) -> Iterator[Slack]:
        """A workspace with a bot of its own, not started yet, for a test that is not a story."""
        until = AsyncExitStack()
        slack = self.run(self._own(mode, until))
        try:
            yield slack
        finally:
            self.run(until.aclose())

    def plays(
        self, tale: Tale, arguments: dict[str, object], *, own_bot: bool, modes: tuple[Mode, ...]
    ) -> None:
        self.run(self._plays(tale, arguments, own_bot=own_bot, modes=modes))

    async def _plays(
        self, tale: Tale, arguments: dict[str, object], *, own_bot: bool, modes: tuple[Mode, ...]
    ) -> None:
        async with AsyncExitStack() as until_its_end:
            scenes = await asyncio.gather(
                *(
                    self._own(mode, until_its_end) if own_bot else self._with_bot(mode)
                    for mode in modes
                )
            )
            self._stories += 1
            for slack in scenes:
                slack.takes_forms_for_longer()
                slack.begins_a_story(self._stories)
            told = await asyncio.gather(
                *(_tells(tale, slack, arguments) for slack in scenes), return_exceptions=True
            )
            for failure in filter(None, told):
                raise failure
            await _are_alike(scenes)

    async def _with_bot(self, mode: Mode) -> Slack:
        """Each in turn, so that what comes late in one story is no part of the next."""
        key = (mode, self._stories % _SHARED_BOTS)
        if key not in self._shared:
            slack = await self._own(mode, self._lasting)
            # No story is interrupted or held up by those before it.
            slack.is_patient()
            await slack.bot.starts(
                INCIDENT_BOT_REMINDERS="none", INCIDENT_BOT_TEST_POST_INTERVAL="0.01"
            )
            with slack.bot.opened_database() as database:
                # INC-12, which the bot's examples name, is no story's.
                database.execute("INSERT INTO sqlite_sequence VALUES ('incidents', 1000)")
            self._shared[key] = slack
        slack = self._shared[key]
        # A machine that stood still for a while has its connections renewed.
        await slack.bot.is_ready()
        return slack

    async def _own(self, mode: Mode, until: AsyncExitStack) -> Slack:
        return await until.enter_async_context(_workspace(mode, self._folder(mode)))


@asynccontextmanager
async def _workspace(mode: Mode, folder: Path) -> AsyncIterator[Slack]:
    port = free_port()
    events_url = f"http://127.0.0.1:{port}/slack/events"
    async with SandboxServer(manifest_text(), mode, bot_events_urls=[events_url]) as sandbox:
        bot = BotProcess(sandbox.environment(), folder, port)
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
