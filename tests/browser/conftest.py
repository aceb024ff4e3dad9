"""One browser, and one sandbox a mode, for all of these tests; each opens windows of its own."""

import sys
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.sandbox.support import Listener, StillClock, listening

pytest.register_assert_rewrite("tests.browser.sandbox_command", "tests.browser.window")

from tests.browser.chromium import launched  # noqa: E402 - asserts are rewritten first, see above
from tests.browser.opening import Addressed, Opens  # noqa: E402 - the same
from tests.browser.sandbox_command import RunningSandbox, started_sandbox  # noqa: E402 - the same
from tests.browser.window import Window  # noqa: E402 - the same

_HERE: Final = Path(__file__).parent
_FIRST_MINUTE_IS_OVER: Final = (
    'localStorage.setItem("incident-bot-sandbox:first-minute", \'{"isDismissed":true}\')'
)

_PATIENCE: Final = 15_000  # milliseconds

Sandboxes = Callable[[str], Awaitable[RunningSandbox]]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """The browser outlives a test, so its event loop must; and more than two would be slow."""
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            browser = zlib.crc32(item.path.name.encode()) % 2
            item.add_marker(pytest.mark.xdist_group(f"browser {browser}"))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await launched(playwright)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def sandboxes(chromium: Browser) -> AsyncIterator[Sandboxes]:
    """By their mode; each is started when it is first asked for."""
    assert chromium.is_connected()
    running: dict[str, RunningSandbox] = {}
    async with AsyncExitStack() as until_the_end:

        async def sandbox_in(mode: str) -> RunningSandbox:
            if mode not in running:
                started = started_sandbox("--mode", mode)
                running[mode] = await until_the_end.enter_async_context(started)
            return running[mode]

        yield sandbox_in


@pytest.fixture
def mode(request: pytest.FixtureRequest) -> str:
    """Socket Mode, unless a test is parametrised with another."""
    return str(getattr(request, "param", "socket"))


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox(sandboxes: Sandboxes, mode: str) -> AsyncIterator[RunningSandbox]:
    """The one that most tests share; each looks at its own incidents."""
    running = await sandboxes(mode)
    await running.has_nothing_left_over()
    before = len(running.lines)
    yield running
    # Shown by pytest when the test failed.
    sys.stdout.write("\n".join(running.lines[before:]))


@pytest_asyncio.fixture(loop_scope="session")
async def fresh_sandbox(chromium: Browser) -> AsyncIterator[RunningSandbox]:
    """One in which nothing has happened yet."""
    assert chromium.is_connected()
    async with started_sandbox() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def stand_in(chromium: Browser) -> AsyncIterator[Listener]:
    """Slack's stand-in without a bot: what a bot would be sent is kept, and answered at once."""
    assert chromium.is_connected()
    async with listening(StillClock()) as listener:
        yield listener


@pytest_asyncio.fixture(loop_scope="session")
async def opens(chromium: Browser, sandbox: RunningSandbox) -> AsyncIterator[Opens]:
    """Opens a window with a browser profile of its own, in which a person acts.

    What a browser complains of is a broken promise of the page, whatever the test is about.
    """
    windows: list[Window] = []
    async with AsyncExitStack() as until_the_end:

        async def open_window(
            person: str,
            place: str = "incidents",
            *,
            of: Addressed | None = None,
            is_first_time: bool = False,
            **context: Any,  # noqa: ANN401 - as Playwright has it
        ) -> Window:
            profile = await chromium.new_context(**context)
            profile.set_default_timeout(_PATIENCE)
            until_the_end.push_async_callback(profile.close)
            if not is_first_time:
                await profile.add_init_script(_FIRST_MINUTE_IS_OVER)
            window = Window(await profile.new_page())
            windows.append(window)
            await window.opens((of or sandbox).url, person, place)
            return window

        yield open_window
    assert [complaint for window in windows for complaint in window.complaints] == []
