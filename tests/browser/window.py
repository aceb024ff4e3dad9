"""A browser window in which somebody acts: the words that the browser tests are told in."""

import contextlib
import re
from collections.abc import Awaitable, Callable
from typing import Final

from playwright.async_api import ConsoleMessage, Error, Locator, Page, expect
from playwright.async_api import TimeoutError as TooLate

expect.set_options(timeout=15_000)

PEOPLE: Final = {
    "Ana": "U0ANA",
    "Ben": "U0BEN",
    "Cara": "U0CARA",
    "Gus": "U0GUS",
    "Eve": "U0EVE",
}
CHANNELS: Final = {
    "incidents": "C0INCIDENTS",
    "general": "C0GENERAL",
    "ext-acme": "C0ACME",
    "payments": "C0PAYMENTS",
    "leads": "C0LEADS",
    "Home": "home",
}
# The browser notes what the page asked in vain; the page shows it in words.
_TOLD_BY_THE_PAGE: Final = (
    "status of 400",
    "status of 403",
    "net::ERR_CONNECTION_REFUSED",
)
_FORM_WITHIN: Final = 8_000  # milliseconds
_TOOL_WITHIN: Final = 3_000  # milliseconds
_TRIES: Final = 3
_WIDTH: Final = "[document.scrollingElement.scrollWidth, innerWidth]"


class Window:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.composer = page.locator("#composer-input")
        self.form = page.locator("dialog.modal")
        self.thread = page.locator("#thread")
        self.drawer = page.locator("#drawer")
        self.focus = page.locator(":focus")
        self.complaints: list[str] = []
        """What the browser itself found wrong: a broken content security policy, a fault."""
        page.on("console", self._hear_console)
        page.on("pageerror", self._hear_error)

    async def opens(self, url: str, person: str, place: str) -> None:
        await self.page.goto(f"{url}/?as={PEOPLE[person]}#{CHANNELS[place]}")
        await expect(self.page.locator("body.is-ready")).to_be_attached()

    # What one does

    async def types(self, text: str) -> None:
        """Into the composer, and sends it."""
        await self.composer.press_sequentially(text)
        await self.composer.press("Enter")

    async def opens_form(self, typed: str) -> None:
        """Types it, and waits for its form."""
        await self.opens_form_when(lambda: self._types_anew(typed))

    async def opens_by(self, label: str, on: Locator | None = None) -> None:
        """Presses it, and waits for its form."""
        await self.opens_form_when(lambda: self.presses(label, on))

    async def _types_anew(self, text: str) -> None:
        await self.composer.fill("")
        await self.types(text)

    async def opens_form_when(self, ask: Callable[[], Awaitable[None]]) -> None:
        """Asks, and asks again when the machine was too busy: Slack takes a form for 3 seconds."""
        await ask()
        with contextlib.suppress(AssertionError):
            await expect(self.form).to_be_visible(timeout=_FORM_WITHIN)
        if not await self.form.is_visible():
            await ask()
        await expect(self.form).to_be_visible()

    async def goes_to(self, place: str) -> None:
        await self.sidebar_link(place).click()

    async def goes_home(self) -> None:
        """The bot's Home tab, also when its messages come first because one of them is new."""
        await self.goes_to("Incident Bot")
        await self.page.get_by_role("tab", name="Home").click()

    async def opens_channel_menu(self, item: str) -> None:
        """By the channel's name in the header, and takes an entry."""
        await self.page.locator("#place-menu").click()
        await self.page.get_by_role("menuitem", name=item).click()

    async def acts_as(self, name: str) -> None:
        await self.page.locator("button.actor").click()
        await self.page.get_by_role("menuitemradio", name=name).click()
        await expect(self.page.locator("button.actor")).to_contain_text(name)

    async def presses(self, label: str, on: Locator | None = None) -> None:
        await (on or self.page).get_by_role("button", name=label, exact=True).click()

    async def presses_tool(self, label: str, on: Locator) -> None:
        """One that shows over a message; again when another message came under the mouse."""
        tool = on.get_by_role("button", name=label, exact=True)
        for _ in range(_TRIES - 1):
            await on.hover()
            with contextlib.suppress(TooLate):
                return await tool.click(timeout=_TOOL_WITHIN)
        await on.hover()
        return await tool.click()

    async def fills(self, label: str, text: str) -> None:
        await self.form.get_by_label(label).fill(text)

    async def chooses(self, label: str, option: str) -> None:
        """In a select: click, type, Enter."""
        select = self.form.get_by_role("combobox", name=label)
        await select.click()
        await select.fill(option)
        await expect(self.page.get_by_role("option", name=option)).to_be_visible()
        await select.press("Enter")

    async def declares(
        self, title: str, description: str = "Seen by many", severity: str = "Low"
    ) -> Locator:
        """From command to announcement, which it gives."""
        await self.opens_form("/incident new")
        await self.fills("Title", title)
        await self.fills("Description", description)
        await self.chooses("Severity", severity)
        await self.presses("Declare")
        await expect(self.form).to_be_hidden()
        announcement = self.announcement(title)
        await expect(announcement).to_be_visible()
        return announcement

    async def opens_thread_of(self, message: Locator) -> None:
        await message.locator("button.thread-summary").click()
        await expect(self.thread).to_be_visible()

    async def opens_drawer(self) -> None:
        await self.presses("Under the hood")
        await expect(self.drawer).to_be_visible()

    # What one sees

    def message(self, words: str | re.Pattern[str]) -> Locator:
        """Each message in the channel that says `words`."""
        return self.page.locator("#scroller li.entry").filter(has_text=words)

    def sidebar_link(self, place: str) -> Locator:
        return self.page.locator("#sidebar button.channel-link").filter(has_text=place)

    def announcement(self, title: str) -> Locator:
        """Each announcement with this title; the title is its heading."""
        heading = self.page.get_by_role("heading", name=title)
        return self.page.locator("#scroller li.entry").filter(has=heading)

    async def reference_of(self, announcement: Locator) -> str:
        """Such as INC-12."""
        found = re.search(r"INC-\d+", await announcement.get_by_role("heading").inner_text())
        assert found
        return found[0]

    def told(self, words: str | re.Pattern[str]) -> Locator:
        """Each message that is visible to oneself alone."""
        return self.message(words).filter(has_text="Only visible to you")

    def error_below(self, label: str) -> Locator:
        block = self.form.locator("[data-block-id]").filter(has=self.page.get_by_label(label))
        return block.locator(".input-error")

    async def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        scrolled, shown = await self.page.evaluate(_WIDTH)
        return int(scrolled) - int(shown)

    def _hear_console(self, message: ConsoleMessage) -> None:
        is_told_by_the_page = any(words in message.text for words in _TOLD_BY_THE_PAGE) or (
            "status of 404" in message.text and "/sandbox/" in message.location["url"]
        )
        if message.type in {"error", "warning"} and not is_told_by_the_page:
            self.complaints.append(f"{message.text} {message.location}")

    def _hear_error(self, error: Error) -> None:
        self.complaints.append(str(error))
