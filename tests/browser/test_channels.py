"""What people do to channels: rename, archive, add people, leave; and what others see of it."""

from typing import Final

from playwright.async_api import expect

from tests.browser.accessibility import violations
from tests.browser.opening import Opens
from tests.sandbox.support import Listener

_PHONE: Final = {"width": 375, "height": 740}


async def test_a_channel_is_renamed_by_keys_alone_and_all_see_it(
    stand_in: Listener, opens: Opens
) -> None:
    ana = await opens("Ana", "payments", of=stand_in.sandbox)
    ben = await opens("Ben", of=stand_in.sandbox)
    keys = ana.page.keyboard
    await ana.page.locator("#place-menu").focus()

    await keys.press("Enter")
    await expect(ana.page.get_by_role("menuitem", name="Rename channel")).to_be_focused()
    await keys.press("Enter")
    await keys.type("incidents")
    await keys.press("Enter")
    await expect(ana.page.get_by_role("alert")).to_have_text(
        "There is a channel of that name already."
    )
    await ana.page.get_by_role("textbox", name="Name").fill("billing")
    await keys.press("Enter")

    await expect(ana.page.get_by_role("dialog")).to_be_hidden()
    await expect(ana.page.locator("#place-menu")).to_be_focused()
    await expect(ana.page.locator("#place-menu")).to_have_text("billing")
    await expect(ana.composer).to_have_attribute("placeholder", "Message #billing")
    await expect(ben.page.locator("#sidebar")).to_contain_text("billing")


async def test_a_channel_is_created_and_gone_to(stand_in: Listener, opens: Opens) -> None:
    ana = await opens("Ana", of=stand_in.sandbox)

    await ana.presses("Create a channel")
    await ana.page.keyboard.type("checkout-outage")
    await ana.page.get_by_role("checkbox", name="Private").check()
    await ana.presses("Create")

    await expect(ana.page.locator("#place-menu")).to_have_text("checkout-outage")
    await expect(ana.page.locator("#place-menu .icon-lock")).to_be_visible()
    await expect(ana.composer).to_be_focused()


async def test_a_channel_is_archived_and_unarchived(stand_in: Listener, opens: Opens) -> None:
    ana = await opens("Ana", "payments", of=stand_in.sandbox, reduced_motion="reduce")

    await ana.opens_channel_menu("Archive channel")
    assert await violations(ana.page) == []
    await ana.presses("Archive channel", on=ana.page.locator("dialog"))

    header = ana.page.locator("#place-header")
    await expect(header).to_contain_text("Archived")
    await expect(ana.page.locator("#composer-place")).to_contain_text("#payments is archived.")
    await ana.presses("Unarchive channel")
    await expect(ana.composer).to_be_visible()
    await expect(header).not_to_contain_text("Archived")


async def test_an_open_thread_cannot_be_replied_to_once_its_channel_is_archived(
    stand_in: Listener, opens: Opens
) -> None:
    ana = await opens("Ana", "payments", of=stand_in.sandbox)
    workspace = stand_in.sandbox.workspace
    payments = workspace.directory.channels["C0PAYMENTS"]
    first = workspace.posting.post(payments, "U0BEN", text="Cards are refused")
    workspace.posting.post(payments, "U0BEN", text="All of them", thread_ts=first.ts)
    await ana.opens_thread_of(ana.message("Cards are refused"))
    reply = ana.page.locator("#thread-input")
    await expect(reply).to_be_focused()

    workspace.directory.set_archived(payments, "U0BEN", is_archived=True)
    await expect(ana.thread).to_contain_text("You cannot reply here.")
    workspace.directory.set_archived(payments, "U0BEN", is_archived=False)

    await expect(reply).to_be_visible()


async def test_a_private_channel_is_there_for_who_is_added_until_they_leave(
    stand_in: Listener, opens: Opens
) -> None:
    ana = await opens("Ana", "leads", of=stand_in.sandbox, reduced_motion="reduce")
    cara = await opens("Cara", of=stand_in.sandbox)
    sidebar = cara.page.locator("#sidebar")
    await ana.types("Only for us")
    await expect(ana.message("Only for us")).to_be_visible()
    await expect(sidebar).not_to_contain_text("leads")

    await ana.opens_channel_menu("Add people")
    assert await violations(ana.page) == []
    await ana.page.get_by_role("checkbox", name="Cara Thapa").check()
    await ana.presses("Add", on=ana.page.locator("dialog"))

    await cara.goes_to("leads")
    await expect(cara.message("Only for us")).to_be_visible()
    await cara.opens_channel_menu("Leave channel")
    await cara.presses("Leave channel", on=cara.page.locator("dialog"))
    await expect(sidebar).not_to_contain_text("leads")
    await expect(cara.page.locator("#place-menu")).to_have_text("incidents")
    await expect(cara.page.locator("#notices")).to_contain_text("You are not in #leads any more.")


async def test_guests_have_no_menu_and_nobody_archives_what_all_are_in(
    stand_in: Listener, opens: Opens
) -> None:
    gus = await opens("Gus", "general", of=stand_in.sandbox)
    ana = await opens("Ana", "general", of=stand_in.sandbox)
    await expect(gus.page.get_by_role("heading", name="general").first).to_be_visible()

    await ana.page.locator("#place-menu").click()

    await expect(ana.page.get_by_role("menuitem")).to_have_text(["Rename channel", "Add people"])
    await expect(gus.page.locator("#place-menu")).to_have_count(0)


async def test_a_long_name_and_a_long_topic_leave_room_on_a_phone(
    stand_in: Listener, opens: Opens
) -> None:
    directory = stand_in.sandbox.workspace.directory
    payments = directory.channels["C0PAYMENTS"]
    directory.rename(payments, "inc-12-" + "checkout-" * 8)
    directory.set_topic(payments, "High · led by Ana Lindqvist · " + "very-long-" * 22)
    ana = await opens("Ana", "payments", of=stand_in.sandbox, viewport=_PHONE)

    assert await ana.overflow() == 0
    await expect(ana.page.locator("#place-menu .icon-down")).to_be_in_viewport()
    await ana.page.set_viewport_size({"width": 900, "height": 740})
    await expect(ana.page.locator(".place-topic")).to_be_visible()
    await expect(ana.page.locator("#place-header").get_by_role("button").last).to_be_in_viewport()
    assert await ana.overflow() == 0
