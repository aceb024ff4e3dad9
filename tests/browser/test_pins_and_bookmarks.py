"""The bar under a channel's header, and links to messages, which lead there inside the page."""

from collections.abc import AsyncIterator
from typing import Final

import aiohttp
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.accessibility import violations
from tests.browser.opening import Opens
from tests.sandbox.support import Bot, Listener

_PHONE: Final = {"width": 375, "height": 740}
_INCIDENTS: Final = "C0INCIDENTS"


@pytest_asyncio.fixture(loop_scope="session")
async def bot(stand_in: Listener) -> AsyncIterator[Bot]:
    async with aiohttp.ClientSession(trust_env=False) as session:
        yield Bot(stand_in.sandbox, session)


async def link_to(bot: Bot, ts: str) -> str:
    answer = await bot.call("chat.getPermalink", channel=_INCIDENTS, message_ts=ts)
    return str(answer["permalink"])


def say_much(stand_in: Listener) -> None:
    """More than the page loads at once."""
    workspace = stand_in.sandbox.workspace
    for number in range(130):
        workspace.posting.post(workspace.directory.channels[_INCIDENTS], "U0BEN", text=f"{number}")


async def test_what_is_pinned_and_bookmarked_is_under_the_header_and_leads_there(
    stand_in: Listener, bot: Bot, opens: Opens
) -> None:
    first = await bot.post("Checkout answers with 502")
    say_much(stand_in)
    ana = await opens("Ana", of=stand_in.sandbox, reduced_motion="reduce")
    bar = ana.page.get_by_role("group", name="Pins and bookmarks")
    await expect(bar).to_have_count(0)

    await bot.call("pins.add", channel=_INCIDENTS, timestamp=first)
    place = {"channel_id": _INCIDENTS, "type": "link", "link": await link_to(bot, first)}
    await bot.call("bookmarks.add", title="Announcement", **place)
    await expect(bar.get_by_role("link", name="Announcement")).to_be_visible()
    assert await violations(ana.page) == []

    await bar.get_by_role("button", name="1 pinned").press("Enter")
    await expect(ana.page.get_by_role("menuitem")).to_contain_text("Checkout answers with 502")
    await ana.page.keyboard.press("Enter")
    await expect(ana.message("Checkout answers with 502")).to_be_focused()
    await expect(ana.message("Checkout answers with 502")).to_contain_text("Pinned")

    await ana.goes_to("general")
    await expect(bar).to_have_count(0)
    await ana.goes_to("incidents")
    await bar.get_by_role("link", name="Announcement").click()
    await expect(ana.message("Checkout answers with 502")).to_be_in_viewport()
    assert len(ana.page.context.pages) == 1


async def test_a_link_to_a_reply_opens_its_thread(
    stand_in: Listener, bot: Bot, opens: Opens
) -> None:
    parent = await bot.post("Checkout answers with 502")
    reply = await bot.post("Rolled back", thread_ts=parent)
    await bot.post(f"<{await link_to(bot, reply)}|What was done>")
    ana = await opens("Ana", of=stand_in.sandbox)

    await ana.page.get_by_role("link", name="What was done").click()

    in_thread = ana.thread.locator("li.entry").filter(has_text="Rolled back")
    await expect(in_thread).to_be_focused()
    await ana.page.goto(await link_to(bot, reply))
    await expect(in_thread).to_be_focused()


async def test_a_link_to_a_message_leads_there_in_a_window_just_opened(
    stand_in: Listener, bot: Bot, opens: Opens
) -> None:
    first = await bot.post("Checkout answers with 502")
    say_much(stand_in)
    ana = await opens("Ana", "general", of=stand_in.sandbox)

    await ana.page.goto(await link_to(bot, first))

    await expect(ana.message("Checkout answers with 502")).to_be_focused()
    await expect(ana.page.locator("#notices .notice")).to_have_count(0)


async def test_a_link_into_a_channel_that_one_does_not_see_leads_nowhere(
    stand_in: Listener, bot: Bot, opens: Opens
) -> None:
    workspace = stand_in.sandbox.workspace
    leads = workspace.directory.channels["C0LEADS"]
    secret = workspace.posting.post(leads, "U0ANA", text="secret").ts.replace(".", "")
    await bot.post(f"<{stand_in.sandbox.url}/archives/C0LEADS/p{secret}|The leads' thread>")
    cara = await opens("Cara", of=stand_in.sandbox)

    await cara.page.get_by_role("link", name="The leads' thread").click()

    await expect(cara.page.locator("#notices")).to_contain_text("a channel you do not see")
    assert cara.page.url.endswith("#C0INCIDENTS")


async def test_a_link_to_a_message_that_is_gone_says_so(
    stand_in: Listener, bot: Bot, opens: Opens
) -> None:
    gone = await bot.post("A mistake")
    link = await link_to(bot, gone)
    await bot.call("chat.delete", channel=_INCIDENTS, ts=gone)
    ana = await opens("Ana", "general", of=stand_in.sandbox)

    await ana.page.goto(link)

    notices = ana.page.locator("#notices")
    await expect(notices).to_contain_text("That message is not there any more.")


async def test_many_bookmarks_leave_a_phone_s_page_as_wide_as_the_window(
    stand_in: Listener, bot: Bot, opens: Opens
) -> None:
    for number in range(6):
        about = {"title": f"Runbook number {number} " * 4, "type": "link"}
        await bot.call("bookmarks.add", channel_id=_INCIDENTS, link="https://example.org/", **about)
    ana = await opens("Ana", of=stand_in.sandbox, viewport=_PHONE)

    assert await ana.overflow() == 0
    await ana.page.get_by_role("link", name="Runbook number 5").focus()
    await expect(ana.page.get_by_role("link", name="Runbook number 5")).to_be_in_viewport()
