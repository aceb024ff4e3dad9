"""Pictures of what people see most, taken into `output/screenshots/` to be looked at."""

import time
from pathlib import Path
from typing import Final

from playwright.async_api import Locator, expect

from tests.browser.opening import Opens
from tests.browser.sandbox_command import RunningSandbox
from tests.browser.window import Window

PICTURES: Final = Path(__file__).parents[2] / "output" / "screenshots"
NAMES: Final = (
    "declare",
    "announcement-open",
    "update",
    "announcement-in-progress",
    "list",
    "home",
    "announcement-resolved",
    "channel-and-thread",
)
_SIZE: Final = {"width": 1000, "height": 800}


async def takes(name: str, what: Locator) -> None:
    """A sharp picture in each theme."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    await what.page.mouse.move(0, 0)
    await what.page.evaluate("document.activeElement.blur()")
    await what.page.emulate_media(color_scheme="light")
    await what.screenshot(path=PICTURES / f"{name}-light.png", animations="disabled")
    await what.page.emulate_media(color_scheme="dark")
    await what.screenshot(path=PICTURES / f"{name}-dark.png", animations="disabled")


async def _declares_checkout(window: Window) -> Locator:
    await window.opens_form("/incident new Checkout answers with 502")
    await window.fills("Description", "Since 14:05 one order in three fails. EU customers only.")
    await window.chooses("Severity", "High")
    await takes("declare", window.form)
    await window.presses("Declare")
    await expect(window.form).to_be_hidden()
    announcement = window.announcement("Checkout answers with 502")
    await expect(announcement).to_contain_text("nobody yet")
    return announcement


async def test_pictures_are_taken_of_an_incident_in_its_three_statuses_and_of_the_lists(
    opens: Opens, fresh_sandbox: RunningSandbox
) -> None:
    began = time.time() - 1
    ana = await opens("Ana", of=fresh_sandbox, device_scale_factor=2, viewport=_SIZE)
    await ana.declares("Mails arrive late", severity="Low")
    await ana.declares("Search finds nothing", severity="Medium")
    announcement = await _declares_checkout(ana)
    await takes("announcement-open", announcement)

    await ana.acts_as("Ben Okafor")
    await ana.presses("Acknowledge", on=announcement)
    await expect(announcement).to_contain_text("In Progress")
    await ana.opens_by("Update", on=announcement)
    await takes("update", ana.form)
    await ana.fills("Message", "A bad release of the gateway. Rolling back.")
    await ana.presses("Post update")
    await expect(ana.form).to_be_hidden()
    await expect(announcement).to_contain_text("Rolling back")
    await expect(announcement).to_contain_text("2 replies")
    await takes("announcement-in-progress", announcement)

    await ana.types("/incident list")
    await takes("list", ana.told("not resolved").or_(ana.told("newest first")).first)
    await ana.goes_home()
    await expect(ana.page.get_by_role("button", name="Declare incident")).to_be_visible()
    await takes("home", ana.page.locator("#scroller .home"))

    await ana.goes_to("incidents")
    await ana.presses("Resolve", on=announcement)
    await expect(announcement).to_contain_text("3 replies")
    await takes("announcement-resolved", announcement)
    await ana.opens_thread_of(announcement)
    await takes("channel-and-thread", ana.page.locator("#workspace"))

    taken = {path.stem for path in PICTURES.glob("*.png") if path.stat().st_mtime >= began}
    assert taken == {f"{name}-{theme}" for name in NAMES for theme in ("light", "dark")}
