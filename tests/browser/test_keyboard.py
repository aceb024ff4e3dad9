"""All of it without a mouse."""

from playwright.async_api import expect

from tests.browser.opening import Opens


async def test_an_incident_is_declared_and_acknowledged_by_keys_alone(opens: Opens) -> None:
    ana = await opens("Ana")
    keys = ana.page.keyboard

    await keys.press("Tab")
    await expect(ana.focus).to_have_text("Skip to writing")
    await keys.press("Enter")
    await expect(ana.composer).to_be_focused()

    async def types_the_command() -> None:
        await keys.type("/inc")
        await keys.press("Tab")
        await keys.type("n")
        await keys.press("Tab")
        await expect(ana.composer).to_have_value("/incident new ")
        await keys.type("The lift is stuck")
        await keys.press("Enter")

    await ana.opens_form_when(types_the_command)
    await expect(ana.form.get_by_label("Title")).to_be_focused()
    await keys.press("Tab")
    await keys.type("Between two floors")
    await keys.press("Tab")
    await keys.type("Med")
    await expect(ana.page.get_by_role("option", name="Medium")).to_be_visible()
    await keys.press("Enter")
    await keys.press("Shift+Tab")
    await keys.press("Shift+Tab")
    await keys.press("Enter")
    await expect(ana.form).to_be_hidden()
    await expect(ana.composer).to_be_focused()

    announcement = ana.announcement("The lift is stuck")
    await expect(announcement).to_contain_text("Medium")
    await announcement.get_by_role("button", name="Acknowledge").focus()
    await keys.press("Enter")
    await expect(announcement).to_contain_text("In Progress")
    await expect(announcement.locator(":focus").or_(announcement)).to_be_focused()


async def test_escape_closes_what_is_open_and_gives_the_focus_back(opens: Opens) -> None:
    ana = await opens("Ana", "general")
    keys = ana.page.keyboard
    await ana.opens_form("/incident new")
    await expect(ana.form.get_by_label("Title")).to_be_focused()

    await keys.press("Escape")

    await expect(ana.form).to_be_hidden()
    await expect(ana.composer).to_be_focused()
    await ana.opens_drawer()
    await keys.press("Escape")
    await expect(ana.drawer).to_be_hidden()
    await expect(ana.focus).to_have_accessible_name("Under the hood")
    await ana.page.locator("button.actor").click()
    await expect(ana.page.get_by_role("menu")).to_be_visible()
    await keys.press("Escape")
    await expect(ana.page.get_by_role("menu")).to_be_hidden()
    await expect(ana.page.locator("button.actor")).to_be_focused()


async def test_after_a_form_one_goes_on_typing(opens: Opens) -> None:
    ana = await opens("Ana", "general")
    keys = ana.page.keyboard
    await ana.opens_form("/incident new")
    await ana.chooses("Severity", "Low")

    await keys.press("Escape")
    await expect(ana.composer).to_be_focused()
    await keys.type("As I was saying")

    await expect(ana.composer).to_have_value("As I was saying")


async def test_the_focus_never_leaves_an_open_form(opens: Opens) -> None:
    ana = await opens("Ana", "general")
    await ana.opens_form("/incident new")
    await expect(ana.form.get_by_label("Title")).to_be_focused()

    for key in ["Tab"] * 8 + ["Shift+Tab"] * 8:
        await ana.page.keyboard.press(key)

        await expect(ana.form.locator(":focus")).to_have_count(1)


async def test_arrow_keys_walk_through_the_messages(opens: Opens) -> None:
    ana = await opens("Ana", "general")
    await ana.types("The first of two")
    await ana.types("The second of two")
    await expect(ana.message("The second of two")).to_be_visible()

    await ana.message("The second of two").focus()
    await ana.page.keyboard.press("ArrowUp")

    await expect(ana.message("The first of two")).to_be_focused()
