"""Declaring from what somebody said, and not declaring what is open already."""

import re

from playwright.async_api import expect

from tests.browser.accessibility import violations
from tests.browser.opening import Opens


async def test_a_message_becomes_an_incident_by_its_shortcut(opens: Opens) -> None:
    ana = await opens("Ana", "general")
    await ana.types("Cards are refused at the till")
    message = ana.message("Cards are refused at the till")

    async def chooses_the_shortcut() -> None:
        await ana.presses_tool("More actions", on=message)
        await ana.page.get_by_role("menuitem", name="Declare from message").click()

    await ana.opens_form_when(chooses_the_shortcut)
    await expect(ana.form.get_by_label("Description")).to_have_value(
        re.compile(r"^Cards are refused at the till\n\nhttp://\S+/archives/C0GENERAL/p\d+$")
    )
    await ana.fills("Title", "Tills refuse cards")
    await ana.chooses("Severity", "High")
    await ana.presses("Declare")

    await expect(ana.form).to_be_hidden()
    await expect(ana.told("A link to it is being left below the message.")).to_be_visible()
    await ana.opens_thread_of(message)
    await expect(ana.thread).to_contain_text("Tills refuse cards")
    await ana.thread.get_by_role("link", name="Open the announcement").click()
    announcement = ana.announcement("Tills refuse cards")
    await expect(announcement).to_be_visible()
    await expect(announcement.get_by_role("link", name="/archives/C0GENERAL/")).to_be_visible()


async def test_who_types_a_title_sees_what_is_open_already_and_joins_it(opens: Opens) -> None:
    ben = await opens("Ben", "incidents")
    announcement = await ben.declares("Lighthouse dark since dusk")
    incident = await ben.reference_of(announcement)
    ana = await opens("Ana", "general")
    await ana.opens_form("/incident new")
    title = ana.form.get_by_label("Title")
    await expect(title).to_be_focused()

    await ana.page.keyboard.type("The lighthouse is")
    await expect(ana.form).to_contain_text(f"{incident} · Lighthouse dark since dusk · Open")
    await ana.page.keyboard.type(" dark")

    await expect(title).to_have_value("The lighthouse is dark")
    assert await violations(ana.page) == []
    await ana.presses(f"Join {incident}", on=ana.form)
    await expect(ana.form).to_contain_text("Nothing was declared.")
    await expect(announcement).to_contain_text("Ana Lindqvist (Communications)")
    await ana.form.get_by_role("button", name="Close").last.click()
    await expect(ana.form).to_be_hidden()
