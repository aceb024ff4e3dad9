"""Modals: errors under their fields, and what is entered there."""

from playwright.async_api import expect

from tests.browser.opening import Opens


async def test_what_is_missing_is_said_below_each_field(opens: Opens) -> None:
    ana = await opens("Ana", "general")
    await ana.opens_form("/incident new")

    await ana.presses("Declare")

    for label in ("Title", "Description", "Severity"):
        await expect(ana.error_below(label)).to_have_text("This field is required.")
    await expect(ana.form.get_by_label("Title")).to_be_focused()
    await ana.form.get_by_label("Title").press_sequentially("Login fails")
    await expect(ana.error_below("Title")).to_be_empty()
    await expect(ana.error_below("Description")).not_to_be_empty()


async def test_what_the_bot_refuses_is_said_below_the_field_and_nothing_is_lost(
    opens: Opens,
) -> None:
    ana = await opens("Ana", "general")
    await ana.opens_form("/incident new")
    await ana.fills("Title", "\u200b")
    await ana.fills("Description", "Nobody can log in")
    await ana.chooses("Severity", "High")

    await ana.presses("Declare")

    await expect(ana.error_below("Title")).to_have_text("Title needs some text.")
    await expect(ana.form.get_by_label("Title")).to_have_attribute("aria-invalid", "true")
    await expect(ana.form.get_by_label("Description")).to_have_value("Nobody can log in")
    await expect(ana.form.get_by_role("combobox", name="Severity")).to_have_value("High")


async def test_a_title_that_is_too_long_is_counted_and_refused(opens: Opens) -> None:
    ana = await opens("Ana", "general")
    await ana.opens_form("/incident new")
    await ana.fills("Title", "x" * 203)

    await ana.presses("Declare")

    counter = ana.form.locator("[data-block-id=title] .counter")
    await expect(counter).to_have_text("-3")
    await expect(ana.error_below("Title")).not_to_be_empty()


async def test_a_form_that_is_cancelled_declares_nothing(opens: Opens) -> None:
    ana = await opens("Ana", "incidents")
    await ana.opens_form("/incident new Never declared")

    await ana.presses("Cancel", on=ana.form)

    await expect(ana.form).to_be_hidden()
    await ana.types("/incident list")
    await expect(ana.announcement("Never declared")).to_have_count(0)


async def test_what_one_is_choosing_stays_while_similar_incidents_come_to_be_shown(
    opens: Opens,
) -> None:
    ben = await opens("Ben", "incidents")
    await ben.declares("Harbour crane stands still", severity="High")
    await ben.opens_form("/incident new")
    severity = ben.form.get_by_role("combobox", name="Severity")

    await ben.fills("Title", "Harbour crane")
    await severity.click()
    await severity.fill("Medi")
    await expect(ben.form).to_contain_text("Is it one of these?")

    await expect(severity).to_be_focused()
    await expect(severity).to_have_value("Medi")
    option = ben.page.get_by_role("option", name="Medium")
    select_box, option_box = await severity.bounding_box(), await option.bounding_box()
    assert select_box
    assert option_box
    assert abs(option_box["y"] - select_box["y"]) < 120, "the list went with its field"
    await severity.press("Enter")
    await expect(severity).to_have_value("Medium")
