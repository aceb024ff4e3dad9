"""Axe finds nothing, in light and in dark; the page fits a narrow window."""

from typing import Final

from playwright.async_api import expect

from tests.browser.accessibility import violations
from tests.browser.opening import Opens
from tests.browser.window import Window

_PHONE: Final = {"width": 375, "height": 740}


async def finds_nothing(window: Window) -> None:
    for theme in ("light", "dark"):
        await window.page.emulate_media(color_scheme=theme)
        assert await violations(window.page) == []


async def test_axe_finds_nothing_wrong_with_a_channel_its_thread_and_the_drawer(
    opens: Opens,
) -> None:
    ana = await opens("Ana", reduced_motion="reduce", is_first_time=True)
    await expect(ana.page.get_by_role("region", name="Your first minute")).to_be_visible()
    await finds_nothing(ana)

    announcement = await ana.declares("The colours are wrong")
    await ana.presses("Acknowledge", on=announcement)
    await expect(announcement).to_contain_text("1 reply")
    await ana.opens_thread_of(announcement)
    await finds_nothing(ana)

    await ana.opens_drawer()
    await ana.drawer.locator(".exchange").first.click()
    await finds_nothing(ana)


async def test_axe_finds_nothing_wrong_with_a_form_and_its_errors(
    opens: Opens,
) -> None:
    ana = await opens("Ana", "general", reduced_motion="reduce")
    await ana.opens_form("/incident new")
    await finds_nothing(ana)

    await ana.presses("Declare")
    await expect(ana.error_below("Title")).not_to_be_empty()
    await finds_nothing(ana)

    await ana.form.get_by_role("combobox", name="Severity").click()
    await expect(ana.page.get_by_role("option").first).to_be_visible()
    await finds_nothing(ana)


async def test_axe_finds_nothing_wrong_with_the_home_tab_and_the_menus(
    opens: Opens,
) -> None:
    ana = await opens("Ana", "Home", reduced_motion="reduce")
    await expect(ana.page.get_by_role("button", name="Declare incident")).to_be_visible()
    await finds_nothing(ana)

    await ana.page.locator("button.actor").click()
    await expect(ana.page.get_by_role("menu")).to_be_visible()
    await finds_nothing(ana)

    await ana.page.keyboard.press("Escape")
    await ana.goes_to("general")
    await ana.composer.press_sequentially("/incident ")
    await expect(ana.page.get_by_role("option").first).to_be_visible()
    await finds_nothing(ana)


async def test_who_wants_less_motion_sees_another_theme_at_once(opens: Opens) -> None:
    ana = await opens("Ana", reduced_motion="reduce", color_scheme="light")
    await ana.declares("It flickers")

    await ana.page.emulate_media(color_scheme="dark", reduced_motion="reduce")

    fading = """() => {
      document.querySelectorAll("strong").forEach((one) => getComputedStyle(one).color);
      return document.getAnimations().filter((one) => one instanceof CSSTransition).length;
    }"""
    assert await ana.page.evaluate(fading) == 0


async def test_in_a_narrow_window_nothing_has_to_be_scrolled_sideways(opens: Opens) -> None:
    ana = await opens("Ana", viewport=_PHONE, has_touch=True, is_first_time=True)
    assert await ana.overflow() == 0

    announcement = await ana.declares("A_long_word_" * 9)
    await ana.presses("Acknowledge", on=announcement)
    await expect(announcement).to_contain_text("1 reply")
    assert await ana.overflow() == 0

    await ana.opens_thread_of(announcement)
    assert await ana.overflow() == 0
    await ana.presses("Close the thread")

    await ana.presses("Channels")
    await expect(ana.page.locator("#sidebar")).to_be_in_viewport()
    assert await ana.overflow() == 0
    await ana.goes_home()
    await expect(ana.page.get_by_role("button", name="Declare incident")).to_be_visible()
    assert await ana.overflow() == 0

    await ana.opens_by("Declare incident")
    await expect(ana.form.get_by_label("Title")).to_be_visible()
    assert await ana.overflow() == 0
    await ana.presses("Cancel", on=ana.form)

    await ana.opens_drawer()
    assert await ana.overflow() == 0
