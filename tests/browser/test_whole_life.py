"""An incident from its declaration to its end, by clicks and keys."""

import pytest
from playwright.async_api import expect

from tests.browser.opening import Opens

BOTH_MODES = pytest.mark.parametrize("mode", ["socket", "http"], indirect=True)


@BOTH_MODES
async def test_an_incident_is_declared_worked_resolved_and_reopened(opens: Opens) -> None:
    cara = await opens("Cara", "general")
    ben = await opens("Ben", "incidents")

    await cara.opens_form("/incident new Checkout is down")
    await expect(cara.form.get_by_label("Title")).to_have_value("Checkout is down")
    await cara.fills("Description", "Cards are refused since noon")
    await cara.chooses("Severity", "Medium")
    await cara.presses("Declare")
    await expect(cara.form).to_be_hidden()

    announcement = ben.announcement("Checkout is down")
    incident = await ben.reference_of(announcement)
    await expect(cara.told(f"You declared {incident}")).to_be_visible()
    await expect(announcement).to_contain_text("Cards are refused since noon")
    await expect(announcement).to_contain_text("nobody yet")
    await ben.presses("Acknowledge", on=announcement)
    await expect(announcement).to_contain_text("In Progress")
    await expect(announcement).to_contain_text("@Ben Okafor")
    await expect(ben.told(f"You acknowledged {incident}")).to_be_visible()

    await ben.opens_by("Update", on=announcement)
    await ben.fills("Message", "The card processor is back")
    await ben.presses("Post update")
    await expect(ben.form).to_be_hidden()
    await expect(announcement).to_contain_text("The card processor is back")

    await cara.goes_to("incidents")
    await cara.presses("Resolve", on=cara.announcement("Checkout is down"))
    await expect(announcement).to_contain_text("Resolved")
    await expect(ben.message(f"Cara Thapa resolved {incident}")).to_contain_text(
        "replied to a thread"
    )

    await ben.opens_thread_of(announcement)
    await expect(ben.thread).to_contain_text(f"acknowledged {incident}")
    await expect(ben.thread).to_contain_text(f"Update on {incident}")
    await expect(ben.thread).to_contain_text(f"resolved {incident}")

    await ben.presses("Reopen", on=announcement)
    await expect(announcement).to_contain_text("In Progress")
    await expect(ben.thread).to_contain_text(f"@Ben Okafor reopened {incident}")
