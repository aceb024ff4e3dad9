"""What a bot may ask for in a form, drawn and filled: shown without a bot, so anything may be."""

from typing import Any, Final

from playwright.async_api import expect

from incident_bot.sandbox.modals import open_view
from tests.browser.accessibility import violations
from tests.browser.conftest import Opens
from tests.sandbox.support import Listener, modal, plain, until

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
