"""The page that shows the REST API, `/docs`, in a real browser."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.bots.ports import free_port
from tests.bots.process import BotProcess

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest_asyncio.fixture(loop_scope="session")
async def bot(tmp_path: Path) -> AsyncIterator[BotProcess]:
    bot = BotProcess({}, tmp_path, free_port())
    await bot.begins("--no-slack", INCIDENT_BOT_SEVERITIES=f"Low,{HOSTILE}")
    await bot.says("without Slack")
    yield bot
    await bot.stops()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_shows_every_operation_as_text_and_asks_nobody_else(
    chromium: Browser, bot: BotProcess, scheme: Literal["light", "dark"]
) -> None:
    context = await chromium.new_context(
        color_scheme=scheme, viewport={"width": 400, "height": 800}
    )
    page = await context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))

    await page.goto(f"{bot.url}/docs")
    await page.get_by_role("button", name="POST /incidents Declare").click()
    await page.get_by_text("Example Value").first.wait_for()

    assert await page.locator(".opblock").count() == 12
    assert HOSTILE in await page.locator("main").inner_text()
    assert await page.locator("main img").count() == 0
    assert {url.removeprefix(bot.url) for url in asked} == {
        "/docs",
        "/docs/docs.css",
        "/docs/docs.js",
        "/docs/swagger-ui/swagger-ui.css",
        "/docs/swagger-ui/swagger-ui-bundle.js",
        "/openapi.json",
    }
    assert complaints == []
    assert await page.evaluate("document.documentElement.scrollWidth") == 400
    await context.close()
