"""Modals and Home tabs: triggers, hashes."""

import pytest

from incident_bot.sandbox.server import SandboxServer

from .support import Bot, Json, StillClock, modal, section, text_input


def trigger(sandbox: SandboxServer, user_id: str = "U0ANA") -> str:
    return sandbox.workspace.tickets.new_trigger(user_id)


async def opened(sandbox: SandboxServer, bot: Bot, view: Json | None = None) -> Json:
    answer = await bot.call("views.open", trigger_id=trigger(sandbox), view=view or modal())
    assert answer["ok"], answer
    opened_view: Json = answer["view"]
    return opened_view


async def test_a_trigger_works_once(sandbox: SandboxServer, bot: Bot) -> None:
    trigger_id = trigger(sandbox)

    first = await bot.call("views.open", trigger_id=trigger_id, view=modal())
    second = await bot.call("views.open", trigger_id=trigger_id, view=modal())

    assert first["ok"]
    assert second["error"] == "exchanged_trigger_id"


async def test_a_trigger_lives_three_seconds(
    sandbox: SandboxServer, bot: Bot, clock: StillClock
) -> None:
    in_time, late = trigger(sandbox), trigger(sandbox)

    clock.pass_by(3)
    assert (await bot.call("views.open", trigger_id=in_time, view=modal()))["ok"]
    clock.pass_by(0.1)
    answer = await bot.call("views.open", trigger_id=late, view=modal())

    assert answer["error"] == "expired_trigger_id"


async def test_a_made_up_trigger_is_invalid(bot: Bot) -> None:
    answer = await bot.call("views.open", trigger_id="1.2.3", view=modal())

    assert answer["error"] == "invalid_trigger_id"


@pytest.mark.parametrize(
    ("view", "error"),
    [
        (modal(title={"type": "plain_text", "text": "x" * 25}), "invalid_arguments"),
        ({"type": "home", "blocks": []}, "invalid_arguments"),
        ("[]", "invalid_arguments"),
        ("{", "invalid_arguments"),
        (modal(*[section("ü" * 3000)] * 50), "view_too_large"),
    ],
)
async def test_a_view_is_refused_and_its_trigger_kept(
    sandbox: SandboxServer, bot: Bot, view: object, error: str
) -> None:
    trigger_id = trigger(sandbox)

    refused = await bot.call("views.open", trigger_id=trigger_id, view=view)

    assert refused["error"] == error
    assert (await bot.call("views.open", trigger_id=trigger_id, view=modal()))["ok"]


async def test_a_refused_view_says_where_it_is_wrong(sandbox: SandboxServer, bot: Bot) -> None:
    view = modal(title={"type": "plain_text", "text": "x" * 25})

    answer = await bot.call("views.open", trigger_id=trigger(sandbox), view=view)

    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    ]


async def test_a_view_is_updated_as_long_as_it_is_open(sandbox: SandboxServer, bot: Bot) -> None:
    view = await opened(sandbox, bot)

    updated = await bot.call("views.update", view_id=view["id"], view=modal(section("new")))
    await opened(sandbox, bot)
    gone = await bot.call("views.update", view_id=view["id"], view=modal())

    assert updated["view"]["hash"] != view["hash"]
    assert updated["view"]["blocks"][0]["text"]["text"] == "new"
    assert gone["error"] == "not_found"


async def test_an_old_hash_is_a_conflict(sandbox: SandboxServer, bot: Bot) -> None:
    view = await opened(sandbox, bot)
    known = {"view_id": view["id"], "hash": view["hash"], "view": modal()}

    assert (await bot.call("views.update", **known))["ok"]
    assert (await bot.call("views.update", **known))["error"] == "hash_conflict"


async def test_a_home_tab_is_published_for_colleagues_only(bot: Bot) -> None:
    home = {"type": "home", "blocks": [section()]}

    first = await bot.call("views.publish", user_id="U0ANA", view=home)
    second = await bot.call("views.publish", user_id="U0ANA", view=home, hash=first["view"]["hash"])
    outdated = await bot.call(
        "views.publish", user_id="U0ANA", view=home, hash=first["view"]["hash"]
    )
    outsider = await bot.call("views.publish", user_id="U0EVE", view=home)
    wrong = await bot.call("views.publish", user_id="U0ANA", view=modal(text_input()))

    assert second["view"]["id"] == first["view"]["id"]
    assert outdated["error"] == "hash_conflict"
    assert outsider["error"] == "user_not_found"
    assert wrong["error"] == "invalid_arguments"
