"""An incident with a channel of its own, and a private one, by clicks and keys."""

from playwright.async_api import expect

from tests.browser.opening import Opens


async def test_an_incident_is_worked_and_handed_over_in_its_own_channel(opens: Opens) -> None:
    cara = await opens("Cara", "incidents")
    ben = await opens("Ben", "incidents")

    await cara.opens_form("/incident new Search is slow")
    await cara.fills("Description", "Every page takes ten seconds")
    await cara.chooses("Severity", "High")
    await cara.form.get_by_label("Make a channel for it").check()
    await cara.presses("Declare")
    await expect(cara.form).to_be_hidden()
    announcement = cara.announcement("Search is slow")
    incident = await cara.reference_of(announcement)
    link = announcement.get_by_role("button", name=f"#{incident.lower()}-search-is-slow")
    await expect(link).to_be_visible()

    await cara.goes_to(f"{incident.lower()}-search-is-slow")
    header = cara.page.locator("#place-header")
    await expect(header).to_contain_text("Open · High · nobody leads yet")
    await expect(cara.page.get_by_text("1 pinned")).to_be_visible()
    await expect(cara.page.get_by_role("link", name="Announcement of")).to_be_visible()
    await cara.types("/incident ack")
    await expect(header).to_contain_text("In Progress · High · lead Cara Thapa")
    await cara.opens_form("/incident update The index is being rebuilt")
    await expect(cara.form).to_contain_text("and in the announcement's thread in #incidents")
    await cara.presses("Post update")
    await expect(cara.form).to_be_hidden()
    await expect(cara.message(f"💬 Update on {incident}")).to_contain_text("The index is being")

    await cara.types("/incident lead @ben ")
    await expect(header).to_contain_text("lead Ben Okafor")
    await ben.goes_to(f"{incident.lower()}-search-is-slow")
    await ben.types("/incident note 5 min ago Rolled back")
    await expect(ben.told("Noted in the timeline of")).to_be_visible()
    await ben.types("/incident timeline")
    told = ben.told(f"Timeline of {incident}, newest first")
    for words in ("Rolled back", "posted an update", "was made", "declared it"):
        await expect(told).to_contain_text(words)

    await ben.types("/incident resolve")
    await ben.goes_to("incidents")
    await ben.presses("Archive channel", on=ben.announcement("Search is slow"))
    await expect(ben.told("is being archived")).to_be_visible()
    await expect(ben.announcement("Search is slow")).to_contain_text("(closed)")


async def test_a_private_incident_is_there_for_its_people_alone(opens: Opens) -> None:
    cara = await opens("Cara", "general")
    ben = await opens("Ben", "general")

    await cara.opens_form("/incident new Payroll data left the house")
    await cara.fills("Description", "Somebody copied the salaries")
    await cara.chooses("Severity", "High")
    await cara.form.get_by_label("Keep it private").check()
    await cara.presses("Declare")
    told = cara.told("in private")
    await expect(told).to_be_visible()
    sidebar = cara.page.locator("#sidebar")
    await expect(sidebar).to_contain_text("-private")
    await cara.goes_to("-private")
    announcement = cara.announcement("Payroll data left the house")
    incident = await cara.reference_of(announcement)
    await expect(announcement).to_contain_text("its people alone")

    await ben.types(f"/incident show {incident}")
    await expect(ben.told(f"There is no incident {incident}")).to_be_visible()
    await expect(ben.page.locator("#sidebar")).not_to_contain_text("-private")

    await cara.types("/incident assign @ben Scribe")
    await expect(ben.page.locator("#sidebar")).to_contain_text("-private")
    await ben.goes_to("-private")
    await expect(ben.announcement("Payroll data left the house")).to_be_visible()
