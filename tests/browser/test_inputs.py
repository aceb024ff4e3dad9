"""What a bot may ask for in a form, drawn and filled: shown without a bot, so anything may be."""

import asyncio
from typing import Any, Final

from playwright.async_api import expect

from incident_bot.sandbox.modals import open_view, update_view
from tests.browser.accessibility import violations
from tests.browser.opening import Opens
from tests.sandbox.support import Listener, modal, plain, section, text_input, until

Json = dict[str, Any]

_PHONE: Final = {"width": 375, "height": 740}
_OUT_OF_SIGHT: Final = """
    [...document.querySelectorAll(".modal .choice *")]
        .filter((node) => node.getBoundingClientRect().right > innerWidth).length
"""


def option(value: str, text: str, description: str) -> Json:
    return {"value": value, "text": plain(text), "description": plain(description)}


def extras() -> Json:
    """Two checkboxes with descriptions, the second checked from the beginning."""
    options = [
        option("private", "Private channel", "Only those who are invited see it, now and later."),
        option(
            "page", "Page who is on call", "A_word_that_is_longer_than_a_phone_is_wide_" + "x" * 30
        ),
    ]
    element = {
        "type": "checkboxes",
        "action_id": "value",
        "options": options,
        "initial_options": options[1:],
    }
    return {
        "type": "input",
        "block_id": "extras",
        "optional": True,
        "label": plain("Extras"),
        "element": element,
    }


async def test_checkboxes_are_chosen_by_keys_and_fit_a_phone(
    stand_in: Listener, opens: Opens
) -> None:
    ana = await opens("Ana", of=stand_in.sandbox, viewport=_PHONE)
    open_view(stand_in.sandbox.workspace, "U0ANA", modal(extras()))
    group = ana.form.get_by_role("group", name="Extras (optional)")
    private = group.get_by_role("checkbox", name="Private channel", exact=True)
    await expect(private).to_have_accessible_description(
        "Only those who are invited see it, now and later."
    )
    await expect(group.get_by_role("checkbox", name="Page who is on call")).to_be_checked()
    assert await ana.page.evaluate(_OUT_OF_SIGHT) == 0
    assert await violations(ana.page) == []

    await private.focus()
    await ana.page.keyboard.press("Space")
    await ana.page.keyboard.press("Tab")
    await ana.page.keyboard.press("Space")
    await ana.presses("Send", on=ana.form)

    await expect(ana.form).to_be_hidden()
    await until(lambda: stand_in.bodies)
    state = stand_in.payloads()[0]["view"]["state"]["values"]
    [chosen] = state["extras"]["value"]["selected_options"]
    assert chosen["value"] == "private"


def typed_view(*more: Json) -> Json:
    """A form that tells the bot of its title while it is typed."""
    config = {"trigger_actions_on": ["on_character_entered"]}
    title = text_input(dispatch_action_config=config)
    return modal({**title, "dispatch_action": True}, *more)


def told(stand_in: Listener) -> list[str]:
    """What the bot was told of the title, in the order of its coming."""
    payloads = [p for p in stand_in.payloads() if p["type"] == "block_actions"]
    return [payload["actions"][0]["value"] for payload in payloads]


async def test_the_bot_is_told_while_one_types_and_its_answer_loses_no_letter(
    stand_in: Listener, opens: Opens
) -> None:
    ana = await opens("Ana", of=stand_in.sandbox)
    workspace = stand_in.sandbox.workspace
    view = open_view(workspace, "U0ANA", typed_view())
    keys = ana.page.keyboard
    title = ana.form.get_by_label("Title")
    await expect(title).to_be_focused()

    await keys.type("check")
    await until(lambda: told(stand_in)[-1:] == ["check"])
    payload = stand_in.payloads()[-1]
    assert payload["container"] == {"type": "view", "view_id": view.id}
    assert payload["view"]["state"]["values"]["title"]["value"]["value"] == "check"
    await keys.type("out")
    update_view(workspace, view, typed_view(section("*INC-12* is about that already")))
    await expect(ana.form).to_contain_text("INC-12 is about that already")
    await keys.type(" is down")

    await expect(title).to_have_value("checkout is down")
    await expect(title).to_be_focused()
    await until(lambda: told(stand_in)[-1:] == ["checkout is down"])
    assert len(told(stand_in)) <= 4
    await ana.presses("Send", on=ana.form)
    await expect(ana.form).to_be_hidden()
    values = stand_in.payloads()[-1]["view"]["state"]["values"]
    assert values["title"]["value"]["value"] == "checkout is down"


async def test_what_waits_to_be_told_is_not_told_of_a_form_that_is_sent(
    stand_in: Listener, opens: Opens
) -> None:
    ana = await opens("Ana", of=stand_in.sandbox)
    open_view(stand_in.sandbox.workspace, "U0ANA", typed_view())
    await expect(ana.form.get_by_label("Title")).to_be_focused()

    keys = ana.page.keyboard
    await asyncio.gather(keys.type("x"), keys.press("Enter"))

    await expect(ana.form).to_be_hidden()
    await asyncio.sleep(0.5)
    assert [payload["type"] for payload in stand_in.payloads()] == ["view_submission"]
    await expect(ana.page.locator("#notices .notice")).to_have_count(0)
