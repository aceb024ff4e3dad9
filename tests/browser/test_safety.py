"""What the page lets nobody do."""

from playwright.async_api import expect

from tests.browser.opening import Opens

_INJECTION = """() => {
  const script = document.createElement("script");
  script.textContent = "document.title = 'taken over'";
  document.body.append(script);
}"""


async def test_the_content_security_policy_stops_a_script_of_somebody_elses(opens: Opens) -> None:
    ana = await opens("Ana", "general")

    await ana.page.evaluate(_INJECTION)

    assert await ana.page.title() != "taken over"
    assert any("Content Security Policy" in complaint for complaint in ana.complaints)
    ana.complaints.clear()


async def test_what_people_type_is_shown_as_text(opens: Opens) -> None:
    ana = await opens("Ana")
    typed = "<img src=x onerror=alert(1)> &amp; *stars*"

    announcement = await ana.declares("Markup <b>in</b> a title", description=typed)

    await expect(announcement).to_contain_text(typed)
    await expect(announcement.locator("img, b:text('in')")).to_have_count(0)
