"""Pictures of what people see most, taken into `output/screenshots/` to be looked at."""

from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Opens
from tests.browser.sandbox_command import RunningSandbox
from tests.browser.window import Window

PICTURES: Final = Path(__file__).parents[2] / "output" / "screenshots"
_SIZE: Final = {"width": 1000, "height": 800}


class Camera:
    """Takes sharp pictures, named after what they show and the theme."""

    def __init__(self, theme: str) -> None:
        self._theme = theme
        PICTURES.mkdir(parents=True, exist_ok=True)

    async def takes(self, name: str, what: Locator) -> None:
        path = PICTURES / f"{name}-{self._theme}.png"
        await what.page.mouse.move(0, 0)
        await what.page.evaluate("document.activeElement.blur()")
        await what.screenshot(path=path, animations="disabled")
        assert path.stat().st_size > 0


async def _declares_checkout(window: Window, camera: Camera) -> Locator:
    await window.types("/incident new Checkout answers with 502")
    await window.fills("Description", "Since 14:05 one order in three fails. EU customers only.")
    await window.chooses("Severity", "High")
    await camera.takes("declare", window.form)
    await window.presses("Declare")
    await expect(window.form).to_be_hidden()
    announcement = window.announcement("Checkout answers with 502")
    await expect(announcement).to_contain_text("nobody yet")
    return announcement


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_pictures_are_taken_of_an_incident_in_its_three_statuses_and_of_the_lists(
    opens: Opens, fresh_sandbox: RunningSandbox, theme: str
) -> None:
    camera = Camera(theme)
    look = {"color_scheme": theme, "device_scale_factor": 2, "viewport": _SIZE}
    ana = await opens("Ana", of=fresh_sandbox, **look)
    await ana.declares("Mails arrive late", severity="Low")
    await ana.declares("Search finds nothing", severity="Medium")
    announcement = await _declares_checkout(ana, camera)
    await camera.takes("announcement-open", announcement)

    await ana.acts_as("Ben Okafor")
    await ana.presses("Acknowledge", on=announcement)
    await expect(announcement).to_contain_text("In Progress")
    await ana.presses("Update", on=announcement)
    await camera.takes("update", ana.form)
    await ana.fills("Message", "A bad release of the gateway. Rolling back.")
    await ana.presses("Post update")
    await expect(ana.form).to_be_hidden()
    await expect(announcement).to_contain_text("Rolling back")
    await expect(announcement).to_contain_text("2 replies")
    await camera.takes("announcement-in-progress", announcement)

    await ana.types("/incident list")
    await camera.takes("list", ana.told("not resolved").or_(ana.told("newest first")).first)
    await ana.goes_to("Incident Bot")
    await expect(ana.page.get_by_role("button", name="Declare incident")).to_be_visible()
    await camera.takes("home", ana.page.locator("#scroller .home"))

    await ana.goes_to("incidents")
    await ana.presses("Resolve", on=announcement)
    await expect(announcement).to_contain_text("3 replies")
    await camera.takes("announcement-resolved", announcement)
    await ana.opens_thread_of(announcement)
    await camera.takes("channel-and-thread", ana.page.locator("#workspace"))
    assert len(list(PICTURES.glob(f"*-{theme}.png"))) >= 8
