"""Two windows, two people, the same moment."""

import asyncio
import itertools
import re

from playwright.async_api import expect

from tests.browser.opening import Opens
from tests.browser.sandbox_command import RunningSandbox, frozen


async def test_of_two_who_resolve_at_once_one_does_and_the_other_is_told_who(
    opens: Opens, sandbox: RunningSandbox
) -> None:
    windows = {"Ana Lindqvist": await opens("Ana"), "Ben Okafor": await opens("Ben")}
    ana, ben = windows.values()
    seen_by_ana = await ana.declares("Search times out")
    seen_by_ben = ben.announcement("Search times out")
    await expect(seen_by_ben).to_be_visible()
    incident = await ana.reference_of(seen_by_ana)

    with frozen(await sandbox.bot_pid()):
        await asyncio.gather(
            ana.presses("Resolve", on=seen_by_ana), ben.presses("Resolve", on=seen_by_ben)
        )
        for seen in (seen_by_ana, seen_by_ben):
            button = seen.get_by_role("button", name="Resolve")
            await expect(button).to_have_attribute("aria-busy", "true")

    heard = ana.message(re.compile(rf"resolved {incident} after")).filter(has_text="replied to")
    await expect(heard).to_have_count(1)
    words = await heard.inner_text()
    [first] = [name for name in windows if f"@{name} resolved" in words]
    [second] = windows.keys() - {first}
    already = f"{incident} is already Resolved: @{first} resolved it"
    await expect(windows[first].told(f"You resolved {incident}")).to_be_visible()
    await expect(windows[second].told(already)).to_be_visible()
    for seen in (seen_by_ana, seen_by_ben):
        await expect(seen).to_contain_text("1 reply")


async def test_what_one_person_does_appears_in_the_window_of_another(opens: Opens) -> None:
    ana, ben = await opens("Ana", "general"), await opens("Ben", "incidents")

    await ana.types("Lunch at noon?")

    unread = ben.sidebar_link("general")
    await expect(unread).to_contain_text("unread")
    await ben.goes_to("general")
    await expect(ben.message("Lunch at noon?")).to_contain_text("Ana Lindqvist")
    await expect(unread).not_to_contain_text("unread")


async def test_nothing_moves_under_a_pressed_finger(opens: Opens) -> None:
    ana, cara = await opens("Ana", "general"), await opens("Cara", "general")
    ben = await opens("Ben", "incidents")
    link = ben.sidebar_link("general")
    await ben.composer.focus()
    await link.hover()
    as_pressed = await link.inner_text()
    await ben.page.mouse.down()

    await ana.types("The lift is broken")
    await expect(cara.message("The lift is broken")).to_be_visible()
    assert await link.inner_text() == as_pressed
    await ben.page.mouse.up()

    await expect(ben.message("The lift is broken")).to_be_visible()


async def test_a_mouse_that_moves_on_after_a_click_holds_up_nothing(opens: Opens) -> None:
    ana, ben = await opens("Ana", "general"), await opens("Ben", "general")
    mouse = ben.page.mouse
    await mouse.click(600, 300)
    await ana.composer.fill("The stairs are slippery")
    await ana.composer.press("Enter")

    async with asyncio.timeout(15):
        for step in itertools.count():
            await mouse.move(600 + step % 50, 300)
            if await ben.message("The stairs are slippery").count():
                break
