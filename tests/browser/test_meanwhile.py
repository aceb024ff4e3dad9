"""What comes meanwhile takes nothing from what one is doing."""

from typing import Final

from playwright.async_api import Route, expect

from tests.browser.opening import Opens
from tests.sandbox.support import Listener

_LOW: Final = {"width": 1000, "height": 360}


def says(stand_in: Listener, text: str, **more: str) -> str:
    """Ben writes in #incidents; gives the message's timestamp."""
    workspace = stand_in.sandbox.workspace
    channel = workspace.directory.channels["C0INCIDENTS"]
    return workspace.posting.post(channel, "U0BEN", text=text, **more).ts


async def test_a_menu_stays_open_while_messages_come(stand_in: Listener, opens: Opens) -> None:
    for number in range(20):
        says(stand_in, f"Message {number}")
    ana = await opens("Ana", of=stand_in.sandbox, viewport=_LOW)
    await expect(ana.message("Message 19")).to_be_in_viewport()
    await ana.page.locator("button.actor").click()

    says(stand_in, "One more")

    await expect(ana.message("One more")).to_be_in_viewport()
    await expect(ana.page.get_by_role("menu")).to_be_visible()
    await ana.page.get_by_role("menuitemradio", name="Ben").click()
    await expect(ana.page.locator("button.actor")).to_contain_text("Ben")


async def test_what_is_changed_while_the_channel_is_loaded_is_shown_as_it_is_now(
    stand_in: Listener, opens: Opens
) -> None:
    workspace = stand_in.sandbox.workspace
    wrong, gone = says(stand_in, "Is is down"), says(stand_in, "A mistake")
    ana = await opens("Ana", "general", of=stand_in.sandbox)

    async def answers_late(route: Route) -> None:
        answer = await route.fetch()
        for ts in (wrong, gone):
            message = workspace.posting.get("C0INCIDENTS", ts)
            assert message
            if ts == gone:
                workspace.posting.delete(message)
            else:
                workspace.posting.change(message, "U0BEN", text="It is down")
        says(stand_in, "All is told")
        await expect(ana.message("All is told")).to_be_visible()
        await route.fulfill(response=answer)

    await ana.page.route("**/sandbox/messages?*", answers_late, times=1)
    await ana.goes_to("incidents")

    await expect(ana.message("It is down")).to_be_visible()
    await expect(ana.message("All is told")).to_be_visible()
    await expect(ana.message("A mistake")).to_have_count(0)


async def test_what_is_written_to_a_thread_stays_there(stand_in: Listener, opens: Opens) -> None:
    for words in ("Checkout is down", "Mails are late"):
        says(stand_in, "I see", thread_ts=says(stand_in, words))
    ana = await opens("Ana", of=stand_in.sandbox)
    reply = ana.page.locator("#thread-input")
    await ana.opens_thread_of(ana.message("Checkout is down"))
    await reply.fill("It is the cache")

    await ana.opens_thread_of(ana.message("Mails are late"))
    await expect(reply).to_have_value("")
    await reply.fill("It is the queue")
    await ana.opens_thread_of(ana.message("Checkout is down"))

    await expect(reply).to_have_value("It is the cache")
    await reply.press("Enter")
    await expect(ana.thread.get_by_text("It is the cache")).to_be_visible()
    await expect(ana.thread).to_contain_text("Checkout is down")


async def test_what_was_not_sent_is_found_again_where_it_was_written(
    stand_in: Listener, opens: Opens
) -> None:
    ana = await opens("Ana", of=stand_in.sandbox)

    async def is_refused_late(route: Route) -> None:
        await ana.goes_to("general")
        await expect(ana.composer).to_have_accessible_name("Message #general")
        await route.fulfill(status=400, json={"error": "The lift is stuck."})

    await ana.page.route("**/sandbox/message", is_refused_late, times=1)
    await ana.types("Is anybody here?")

    await expect(ana.page.locator("#notices")).to_contain_text("The lift is stuck.")
    await expect(ana.composer).to_have_value("")
    await ana.goes_to("incidents")
    await expect(ana.composer).to_have_value("Is anybody here?")
