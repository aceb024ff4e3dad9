"""Two thousand messages in a channel: only those one looks at are drawn."""

from typing import Final

import aiohttp
from playwright.async_api import Locator, expect

from tests.browser.opening import Opens
from tests.browser.sandbox_command import RunningSandbox

MANY: Final = 2_000
ONE_PAGE: Final = 50
MOST_DRAWN: Final = 400


async def says(sandbox: RunningSandbox, first: int, last: int) -> None:
    """Ben writes numbered messages in #general."""
    async with aiohttp.ClientSession(f"{sandbox.url}/sandbox/", trust_env=False) as session:
        for number in range(first, last + 1):
            body = {"as": "U0BEN", "channel": "C0GENERAL", "text": f"Message {number} of many"}
            async with session.post("message", json=body) as answer:
                assert answer.ok


async def scrolls_up(entries: Locator) -> None:
    """Until another page is there."""
    before = await entries.count()
    await entries.first.scroll_into_view_if_needed()
    await expect(entries.nth(before)).to_be_attached()


async def test_the_page_stays_quick_with_two_thousand_messages(
    opens: Opens, fresh_sandbox: RunningSandbox
) -> None:
    await says(fresh_sandbox, 1, MANY)
    ana = await opens("Ana", "general", of=fresh_sandbox)
    entries = ana.page.locator("#scroller li.entry")

    await expect(entries).to_have_count(ONE_PAGE)
    assert await ana.page.locator("*").count() < 3_000

    await scrolls_up(entries)
    await scrolls_up(entries)
    assert await entries.count() == 3 * ONE_PAGE
    await expect(ana.message("Message 1860 of many")).to_be_visible()

    await ana.types("The last word")
    await expect(ana.message("The last word")).to_be_in_viewport()

    await says(fresh_sandbox, MANY + 1, MANY + 2 * MOST_DRAWN)
    await expect(ana.message(f"Message {MANY + 2 * MOST_DRAWN} of many")).to_be_visible()
    assert await entries.count() <= MOST_DRAWN
