"""Home, search and undo, by clicks and keys."""

from playwright.async_api import expect

from tests.browser.opening import Opens
from tests.browser.sandbox_command import RunningSandbox


async def test_home_shows_what_one_leads_first_and_is_kept_current(
    opens: Opens, fresh_sandbox: RunningSandbox
) -> None:
    ana = await opens("Ana", "incidents", of=fresh_sandbox)
    cara = await opens("Cara", "incidents", of=fresh_sandbox)
    await cara.declares("Home has a leak", severity="High")
    await cara.declares("Home has a draught", severity="Low")

    await ana.goes_home()
    home = ana.page.locator("#scroller")
    await expect(home).to_contain_text("Home has a leak")
    await expect(home).to_contain_text("Home has a draught")
    await home.get_by_role("button", name="Acknowledge").first.click()
    await expect(home).to_contain_text("You lead 1")
    await cara.declares("Home has a ghost", severity="Low")
    await expect(home).to_contain_text("Home has a ghost")
    await ana.presses("Mine", on=home)
    await expect(home).not_to_contain_text("Home has a ghost")
    await expect(home).to_contain_text("Home has a draught")


async def test_a_slip_is_undone_and_the_incident_found_by_its_words(opens: Opens) -> None:
    ben = await opens("Ben", "incidents")
    announcement = await ben.declares("Turbine hums", severity="Low")
    incident = await ben.reference_of(announcement)

    await ben.presses("Resolve", on=announcement)
    resolved = ben.message(f"Ben Okafor resolved {incident}")
    await ben.presses("Undo", on=resolved)
    await expect(ben.told("It is undone")).to_be_visible()
    await expect(ben.message("Undone by")).to_contain_text(f"resolved {incident}")
    await expect(announcement).to_contain_text("Open")

    await ben.types("/incident search turbine hums")
    await expect(ben.told("with the words “turbine hums”")).to_contain_text(incident)
