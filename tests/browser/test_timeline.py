"""A timeline as one meets it: a note, a pin, a correction, a removal."""

import asyncio

from playwright.async_api import expect

from tests.browser.opening import Opens
from tests.browser.window import Window


async def shows_in_the_end(who: Window, reference: str, words: str) -> None:
    """Asks for the timeline until it says so: a pin comes by an event, and by looking it up."""
    said = who.told(f"Timeline of {reference}, newest first").filter(has_text=words)
    async with asyncio.timeout(30):
        while not await said.count():
            await who.types(f"/incident timeline {reference}")
            await asyncio.sleep(1)


async def test_a_note_and_a_pin_are_written_corrected_and_removed(opens: Opens) -> None:
    ana = await opens("Ana")
    announcement = await ana.declares("The mail queue grows")
    reference = await ana.reference_of(announcement)
    await ana.presses("Acknowledge", on=announcement)
    await ana.opens_thread_of(announcement)
    await ana.page.locator("#thread-input").fill("A loop between two relays")
    await ana.page.locator("#thread-input").press("Enter")
    reply = ana.thread.locator("li.entry").filter(has_text="A loop between two relays")
    await ana.presses_tool("React with pushpin", on=reply)
    await expect(reply.locator(".reaction").first).to_be_visible()

    await ana.types(f"/incident note {reference} 20 min ago Queue at 40,000")
    await expect(ana.told("Noted in the timeline of")).to_be_visible()
    timeline = ana.told(f"Timeline of {reference}, newest first").last
    await shows_in_the_end(ana, reference, "A loop between two relays")

    await ana.opens_form_when(timeline.get_by_role("button", name="Edit").last.click)
    await expect(ana.form).to_contain_text("When it happened.")
    await ana.fills("Text", "Queue at 50,000")
    await ana.presses("Save")
    await expect(ana.told(f"The timeline of {reference} is changed.")).to_be_visible()
    await ana.types(f"/incident timeline {reference}")
    await expect(timeline).to_contain_text("noted (edited)")

    await timeline.get_by_role("button", name="Remove").last.click()
    await ana.page.locator("dialog.confirm").get_by_role("button", name="Remove").click()
    await expect(ana.told("It is removed.")).to_be_visible()
    await expect(ana.told("Queue at 50,000")).to_have_count(0)
    await expect(ana.told("It is removed.")).to_contain_text("A loop between two relays")
