"""What people start without a command: shortcuts, global and on a message, and a mention."""

from typing import Any

from aiohttp import web
from playwright.async_api import expect

from tests.browser.opening import Opens
from tests.sandbox.support import Listener, until

Json = dict[str, Any]


async def sent(listener: Listener, kind: str) -> Json:
    """The first payload or event of this kind."""

    def found() -> list[Json]:
        everything = [*listener.payloads(), *listener.events()]
        return [payload for payload in everything if payload.get("type") == kind]

    await until(found)
    return found()[0]


async def test_a_global_shortcut_is_beside_where_one_writes(
    stand_in: Listener, opens: Opens
) -> None:
    ana = await opens("Ana", "general", of=stand_in.sandbox)

    await ana.page.get_by_role("button", name="Shortcuts").focus()
    await ana.page.keyboard.press("Enter")
    await expect(ana.page.get_by_role("menuitem", name="Greet")).to_contain_text("Says hello")
    await ana.page.keyboard.press("Enter")

    payload = await sent(stand_in, "shortcut")
    assert (payload["callback_id"], payload["user"]["id"]) == ("greet", "U0ANA")
    assert payload["trigger_id"]
    assert "channel" not in payload


async def test_a_shortcut_on_a_message_is_among_its_actions(
    stand_in: Listener, opens: Opens
) -> None:
    ana = await opens("Ana", "general", of=stand_in.sandbox)
    await ana.types("Cards are refused")
    message = ana.message("Cards are refused")

    await message.hover()
    await ana.presses("More actions", on=message)
    await ana.page.get_by_role("menuitem", name="Look").click()

    payload = await sent(stand_in, "message_action")
    assert (payload["callback_id"], payload["user"]["id"]) == ("look", "U0ANA")
    assert payload["channel"]["id"] == "C0GENERAL"
    assert payload["message"]["text"] == "Cards are refused"
    assert payload["message_ts"] == payload["message"]["ts"]


async def test_a_shortcut_that_nobody_answers_is_trouble_in_words(
    stand_in: Listener, opens: Opens
) -> None:
    ana = await opens("Ana", "general", of=stand_in.sandbox)
    stand_in.answers.append(web.Response(status=500))

    await ana.presses("Shortcuts")
    await ana.page.get_by_role("menuitem", name="Greet").click()

    notices = ana.page.locator("#notices")
    await expect(notices).to_contain_text("We had some trouble connecting. Try again?")


async def test_the_bot_is_mentioned_by_choosing_it_or_by_its_name(
    stand_in: Listener, opens: Opens
) -> None:
    ana = await opens("Ana", "general", of=stand_in.sandbox)

    await ana.composer.press_sequentially("@Tes")
    await expect(ana.page.get_by_role("option", name="Test Bot")).to_be_visible()
    await ana.page.keyboard.press("Tab")
    await ana.page.keyboard.type("which are open?")
    await ana.page.keyboard.press("Enter")

    event = await sent(stand_in, "app_mention")
    assert event["text"] == "<@U0BOT> which are open?"
    await expect(ana.message("which are open?")).to_contain_text("@Test Bot")
    await ana.types("@Test Bot and now?")
    await until(lambda: "<@U0BOT> and now?" in [event.get("text") for event in stand_in.events()])
