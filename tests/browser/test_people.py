"""Acting as somebody: what one sees, and what one may."""

import asyncio

from playwright.async_api import Route, expect

from tests.browser.opening import Opens


async def test_what_is_for_one_person_alone_nobody_else_sees(opens: Opens) -> None:
    window = await opens("Ana", "general")
    await window.types("/incident help")
    answer = window.told("/incident resolve INC-12")
    await expect(answer.first).to_be_visible()
    sidebar = window.page.locator("#sidebar")
    await expect(sidebar).to_contain_text("leads")

    await window.acts_as("Cara Thapa")

    await expect(sidebar).not_to_contain_text("leads")
    await expect(answer).to_have_count(0)
    await window.acts_as("Ana Lindqvist")
    await expect(answer.first).to_be_visible()


async def test_a_guest_sees_an_incident_and_may_not_change_it(opens: Opens) -> None:
    ana, gus = await opens("Ana"), await opens("Gus")
    await ana.declares("The guest list is empty")
    announcement = gus.announcement("The guest list is empty")

    await gus.presses("Acknowledge", on=announcement)

    await expect(gus.told("Guests may declare and read incidents").last).to_be_visible()
    await expect(announcement).to_contain_text("nobody yet")
    await expect(gus.page.locator("#sidebar")).not_to_contain_text("payments")


async def test_an_outsider_sees_the_shared_channel_and_may_not_declare(opens: Opens) -> None:
    eve = await opens("Eve", "ext-acme")
    await expect(eve.page.locator("#sidebar button.channel-link")).to_have_count(1)
    await expect(eve.page.locator(".beginning")).to_contain_text("#ext-acme begins")
    await expect(eve.page.locator(".beginning-hint")).to_be_hidden()

    await eve.types("/incident new A rumour")

    notice = eve.page.locator("#notices")
    await expect(notice).to_contain_text("This app is not for people from other organisations.")
    await expect(eve.form).to_be_hidden()


async def test_the_person_and_the_place_are_in_the_address(opens: Opens) -> None:
    window = await opens("Ana", "general")

    await window.acts_as("Ben Okafor")
    await window.goes_to("incidents")

    assert window.page.url.endswith("/?as=U0BEN#C0INCIDENTS")
    await window.page.reload()
    await expect(window.page.locator("button.actor")).to_contain_text("Ben Okafor")
    await window.page.go_back()
    await expect(window.composer).to_have_attribute("placeholder", "Message #general")


async def test_a_wrong_choice_can_be_corrected_while_the_person_changes(opens: Opens) -> None:
    window = await opens("Ana", "general")
    actor = window.page.locator("button.actor")
    is_corrected = asyncio.Event()

    async def answers_late(route: Route) -> None:
        await is_corrected.wait()
        await route.continue_()

    await window.page.route("**/sandbox/state?as=U0BEN", answers_late, times=1)
    await actor.click()
    await window.page.get_by_role("menuitemradio", name="Ben Okafor").click()

    await window.acts_as("Cara Thapa")

    is_corrected.set()
    await expect(actor).to_contain_text("Cara Thapa")
    assert "as=U0CARA" in window.page.url
