"""What people do, as the bot is sent it: payloads with the keys that Slack documents."""

from typing import Any

import aiohttp
import pytest
from aiohttp import web

from incident_bot.sandbox.errors import RefusedError
from incident_bot.sandbox.faults import Fault
from incident_bot.sandbox.interactions import Container, Press
from incident_bot.sandbox.jsontypes import JsonObject
from incident_bot.sandbox.messages import Message
from incident_bot.sandbox.modals import open_view, publish_home, update_view
from incident_bot.sandbox.views import View

from .support import Listener, StillClock, button, modal, plain, section, text_input, until

SLASH_COMMAND = {
    "token",
    "team_id",
    "team_domain",
    "channel_id",
    "channel_name",
    "user_id",
    "user_name",
    "command",
    "text",
    "api_app_id",
    "is_enterprise_install",
    "response_url",
    "trigger_id",
}
INSTALL = {"team", "enterprise", "is_enterprise_install", "token"}
BLOCK_ACTIONS = INSTALL | {"type", "user", "api_app_id", "container", "trigger_id", "actions"}
IN_MESSAGE = BLOCK_ACTIONS | {"channel", "message", "state", "response_url"}
VIEW_SUBMISSION = INSTALL | {"type", "user", "api_app_id", "trigger_id", "view", "response_urls"}
VIEW = {
    "id",
    "team_id",
    "type",
    "blocks",
    "private_metadata",
    "callback_id",
    "state",
    "hash",
    "title",
    "close",
    "submit",
    "root_view_id",
    "previous_view_id",
    "app_id",
    "external_id",
    "app_installed_team_id",
    "bot_id",
    "clear_on_close",
    "notify_on_close",
}
EVENT = {
    "token",
    "team_id",
    "api_app_id",
    "event",
    "type",
    "event_id",
    "event_time",
    "authorizations",
    "is_ext_shared_channel",
    "event_context",
}


def posted(listener: Listener, *elements: JsonObject, **more: object) -> Message:
    workspace = listener.sandbox.workspace
    channel = workspace.directory.channels["C0INCIDENTS"]
    row = {"type": "actions", "block_id": "row", "elements": list(elements) or [button()]}
    return workspace.posting.post(channel, "U0BOT", text="x", blocks=[row], **more)


def press_on(message: Message, action_id: str = "press", **value: object) -> Press:
    place = Container(type="message", channel=message.channel_id, ts=message.ts)
    return Press(container=place, block_id="row", action_id=action_id, value=value)


def shown(listener: Listener, *blocks: JsonObject, **more: object) -> View:
    return open_view(listener.sandbox.workspace, "U0ANA", modal(*blocks, **more))


def values(text: object, block_id: str = "title") -> JsonObject:
    return {block_id: {"value": {"type": "plain_text_input", "value": text}}}


def open_now(listener: Listener) -> View | None:
    return listener.sandbox.workspace.views.modals.get("U0ANA")


async def test_a_command_has_the_documented_keys(listener: Listener) -> None:
    await listener.sandbox.interactions.command("U0ANA", "C0GENERAL", "/raw  some <text> @ben")

    [payload] = listener.payloads()
    assert payload.keys() == SLASH_COMMAND
    assert payload["text"] == "some <text> @ben"
    assert payload["channel_name"] == "general"


async def test_a_command_is_escaped_when_the_manifest_says_so(listener: Listener) -> None:
    typed = "/echo @ben & #general <b> https://x.example/@ben?a=1&b=2 @nobody a@ben"

    await listener.sandbox.interactions.command("U0ANA", "C0GENERAL", typed)

    assert listener.payloads()[0]["text"] == (
        "<@U0BEN|ben> &amp; <#C0GENERAL|general> &lt;b&gt; "
        "<https://x.example/@ben?a=1&amp;b=2> @nobody a@ben"
    )


@pytest.mark.parametrize(
    ("channel_id", "name"), [("D0ANA", "directmessage"), ("C0LEADS", "privategroup")]
)
async def test_channels_without_a_public_name_have_slacks_word_for_it(
    listener: Listener, channel_id: str, name: str
) -> None:
    await listener.sandbox.interactions.command("U0ANA", channel_id, "/raw x")

    assert listener.payloads()[0]["channel_name"] == name


async def test_an_unknown_command_is_not_delivered(listener: Listener) -> None:
    outcome = await listener.sandbox.interactions.command("U0ANA", "C0GENERAL", "/nonsense")

    assert outcome.error == "unknown_command"
    assert not listener.bodies


async def test_outsiders_have_no_commands(listener: Listener) -> None:
    with pytest.raises(RefusedError):
        await listener.sandbox.interactions.command("U0EVE", "C0ACME", "/raw x")


@pytest.mark.parametrize(
    ("answer", "ephemeral_to", "text"),
    [
        (web.json_response({"text": "json"}), "U0ANA", "json"),
        (web.Response(text="plain"), "U0ANA", "plain"),
        (web.json_response({"text": "all", "response_type": "in_channel"}), None, "all"),
    ],
)
async def test_the_answer_to_a_command_becomes_a_message(
    listener: Listener, answer: web.Response, ephemeral_to: str | None, text: str
) -> None:
    listener.answers.append(answer)

    assert (await listener.sandbox.interactions.command("U0ANA", "C0PAYMENTS", "/raw x")).ok

    [message] = listener.sandbox.workspace.posting.logs["C0PAYMENTS"]
    assert (message.text, message.ephemeral_to) == (text, ephemeral_to)


async def test_an_answer_that_slack_would_refuse_fails_the_command(listener: Listener) -> None:
    listener.will_answer({"blocks": [section("")]})

    outcome = await listener.sandbox.interactions.command("U0ANA", "C0GENERAL", "/raw x")

    assert outcome.words == "/raw failed with the error “invalid_blocks”"


async def test_a_status_that_is_not_200_fails_the_command(listener: Listener) -> None:
    listener.answers.append(web.Response(status=500))

    outcome = await listener.sandbox.interactions.command("U0ANA", "C0GENERAL", "/raw x")

    assert outcome.error == "http_status"


async def test_a_press_has_the_documented_keys(listener: Listener) -> None:
    message = posted(listener, button(value="7", style="primary"))

    await listener.sandbox.interactions.press("U0BEN", press_on(message))

    [payload] = listener.payloads()
    assert payload.keys() == IN_MESSAGE
    assert payload["user"].keys() == {"id", "username", "name", "team_id"}
    [action] = payload["actions"]
    assert action.keys() == {
        "type", "action_id", "block_id", "text", "value", "style", "action_ts",
    }  # fmt: skip
    assert payload["container"] == {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": "C0INCIDENTS",
        "is_ephemeral": False,
    }


async def test_a_press_on_an_ephemeral_message_does_not_send_it_back(listener: Listener) -> None:
    message = posted(listener, ephemeral_to="U0BEN")

    await listener.sandbox.interactions.press("U0BEN", press_on(message))

    [payload] = listener.payloads()
    assert payload.keys() == IN_MESSAGE - {"message"}
    with pytest.raises(RefusedError):
        await listener.sandbox.interactions.press("U0ANA", press_on(message))


async def test_an_outsider_may_press_in_a_shared_channel_only(listener: Listener) -> None:
    workspace = listener.sandbox.workspace
    shared = workspace.directory.channels["C0ACME"]
    row = {"type": "actions", "block_id": "row", "elements": [button()]}
    there = workspace.posting.post(shared, "U0BOT", blocks=[row])

    await listener.sandbox.interactions.press("U0EVE", press_on(there))

    [payload] = listener.payloads()
    assert payload["user"]["team_id"] == "T0PARTNER"
    assert payload["team"]["id"] == "T0SANDBOX"
    with pytest.raises(RefusedError):
        await listener.sandbox.interactions.press("U0EVE", press_on(posted(listener)))


async def test_a_page_cannot_make_up_an_element_or_an_option(listener: Listener) -> None:
    options = [{"text": plain("A"), "value": "a"}]
    message = posted(listener, {"type": "static_select", "action_id": "choose", "options": options})
    press = listener.sandbox.interactions.press

    with pytest.raises(RefusedError):
        await press("U0ANA", press_on(message, "other"))
    with pytest.raises(RefusedError):
        await press("U0ANA", press_on(message, "choose", selected_option={"value": "b"}))
    await press("U0ANA", press_on(message, "choose", selected_option={"value": "a"}))

    assert listener.payloads()[0]["actions"][0]["selected_option"] == options[0]


async def test_a_press_in_a_view_sends_the_view(listener: Listener) -> None:
    row = {"type": "actions", "block_id": "row", "elements": [button()]}
    view = shown(listener, text_input(), row)
    place = Container(type="view", view_id=view.id)
    press = Press(container=place, block_id="row", action_id="press", state=values("typed"))

    await listener.sandbox.interactions.press("U0ANA", press)

    [payload] = listener.payloads()
    assert payload.keys() == BLOCK_ACTIONS | {"view"}
    assert payload["view"]["state"]["values"] == values("typed")


async def test_an_input_is_told_of_only_when_its_block_asks_for_it(listener: Listener) -> None:
    loud = {**text_input("loud"), "dispatch_action": True}
    view = shown(listener, text_input(), loud)
    place = Container(type="view", view_id=view.id)
    value = {"value": "typed"}

    with pytest.raises(RefusedError):
        await listener.sandbox.interactions.press(
            "U0ANA", Press(container=place, block_id="title", action_id="value", value=value)
        )
    await listener.sandbox.interactions.press(
        "U0ANA", Press(container=place, block_id="loud", action_id="value", value=value)
    )

    assert listener.payloads()[0]["actions"][0]["value"] == "typed"


async def test_what_is_typed_is_told_before_it_is_right_with_all_that_is_entered(
    listener: Listener,
) -> None:
    config = {"trigger_actions_on": ["on_character_entered"]}
    loud = text_input("loud", min_length=5, dispatch_action_config=config)
    view = shown(listener, text_input(), {**loud, "dispatch_action": True})
    entered = values("typed") | {"loud": {"value": {"type": "plain_text_input", "value": "a"}}}

    for text in ("a", ""):
        press = Press(
            container=Container(type="view", view_id=view.id),
            block_id="loud",
            action_id="value",
            value={"type": "plain_text_input", "value": text},
            state=entered,
        )
        assert (await listener.sandbox.interactions.press("U0ANA", press)).ok

    typed, emptied = listener.payloads()
    assert typed["container"] == {"type": "view", "view_id": view.id}
    assert (typed["view"]["hash"], typed["view"]["state"]["values"]) == (view.hash, entered)
    assert [payload["actions"][0]["value"] for payload in (typed, emptied)] == ["a", None]


async def test_an_update_keeps_what_is_entered_where_the_same_input_is_still_there(
    listener: Listener,
) -> None:
    row = {"type": "actions", "block_id": "row", "elements": [button()]}
    view = shown(listener, text_input("kept"), text_input("renamed"), row)
    entered = {
        name: {"value": {"type": "plain_text_input", "value": name}} for name in ("kept", "renamed")
    }
    place = Container(type="view", view_id=view.id)
    press = Press(container=place, block_id="row", action_id="press", state=entered)
    await listener.sandbox.interactions.press("U0ANA", press)

    changed = update_view(
        listener.sandbox.workspace, view, modal(text_input("kept"), text_input("new"))
    )

    assert changed.state == {"kept": entered["kept"]}


async def test_an_answer_that_is_no_json_is_shown_as_text(listener: Listener) -> None:
    listener.answers.append(web.Response(text="{", content_type="application/json"))

    assert (await listener.sandbox.interactions.command("U0ANA", "C0GENERAL", "/raw x")).ok


async def test_a_press_on_the_home_tab_sends_the_home_view(listener: Listener) -> None:
    row = {"type": "actions", "block_id": "row", "elements": [button()]}
    view = publish_home(listener.sandbox.workspace, "U0ANA", {"type": "home", "blocks": [row]})
    place = Container(type="home")

    await listener.sandbox.interactions.press(
        "U0ANA", Press(container=place, block_id="row", action_id="press")
    )

    assert listener.payloads()[0]["container"] == {"type": "view", "view_id": view.id}


async def test_a_submission_has_the_documented_keys(listener: Listener) -> None:
    view = shown(listener, text_input(), private_metadata="kept")

    outcome = await listener.sandbox.interactions.submit("U0ANA", view.id, values("typed"))

    assert outcome.ok
    [payload] = listener.payloads()
    assert payload.keys() == VIEW_SUBMISSION
    assert payload["view"].keys() == VIEW
    assert payload["view"]["state"]["values"] == values("typed")
    assert open_now(listener) is None


async def test_what_was_not_touched_has_its_initial_value(listener: Listener) -> None:
    view = shown(listener, text_input(initial_value="before"))

    await listener.sandbox.interactions.submit("U0ANA", view.id, {})

    assert listener.payloads()[0]["view"]["state"]["values"] == values("before")


def asking(kind: str, **more: object) -> JsonObject:
    element = {"type": kind, "action_id": "value", **more}
    return {"type": "input", "block_id": "title", "label": plain("x"), "element": element}


@pytest.mark.parametrize(
    ("block", "value"),
    [
        (asking("plain_text_input"), {"value": ""}),
        (asking("plain_text_input"), {"value": "x" * 3001}),
        (asking("plain_text_input", min_length=3), {"value": "ab"}),
        (asking("plain_text_input", max_length=3), {"value": "abcd"}),
        (asking("number_input", is_decimal_allowed=False), {"value": "1.5"}),
        (asking("number_input", is_decimal_allowed=True, min_value="2"), {"value": "1.5"}),
        (asking("number_input", is_decimal_allowed=True, max_value="1"), {"value": "1.5"}),
        (asking("email_text_input"), {"value": "ana"}),
        (asking("url_text_input"), {"value": "example.org"}),
        (asking("users_select"), {"selected_user": "U0NONE"}),
        (asking("datepicker"), {"selected_date": "22.11."}),
        (asking("datetimepicker"), {"selected_date_time": "now"}),
        (
            asking("static_select", options=[{"text": plain("A"), "value": "a"}]),
            {"selected_option": {"value": "b"}},
        ),
        (asking("checkboxes", options=[{"text": plain("A"), "value": "a"}]), {}),
    ],
)
async def test_slacks_client_stops_a_wrong_value_before_it_is_sent(
    listener: Listener, block: JsonObject, value: JsonObject
) -> None:
    view = shown(listener, block)
    given = {"title": {"value": value}}

    outcome = await listener.sandbox.interactions.submit("U0ANA", view.id, given)

    assert outcome.errors.keys() == {"title"}
    assert not listener.bodies
    assert open_now(listener)


@pytest.mark.parametrize(
    ("block", "value"),
    [
        (asking("number_input", is_decimal_allowed=True), {"value": "-1.5"}),
        (asking("email_text_input"), {"value": "ana@example.org"}),
        (asking("url_text_input"), {"value": "https://example.org/x"}),
        (asking("multi_users_select"), {"selected_users": ["U0ANA", "U0BEN"]}),
        (asking("datepicker"), {"selected_date": "2026-11-22"}),
        (asking("datetimepicker"), {"selected_date_time": 1_763_820_000}),
    ],
)
async def test_a_right_value_is_sent_as_it_is(
    listener: Listener, block: JsonObject, value: JsonObject
) -> None:
    view = shown(listener, block)

    assert (
        await listener.sandbox.interactions.submit("U0ANA", view.id, {"title": {"value": value}})
    ).ok

    [payload] = listener.payloads()
    kind = block["element"]["type"]
    assert payload["view"]["state"]["values"] == {"title": {"value": {"type": kind, **value}}}


def choice(value: str) -> JsonObject:
    return {"text": plain(value), "value": value, "description": plain(f"About {value}")}


def chosen(listener: Listener) -> list[JsonObject]:
    [payload] = listener.payloads()
    values = payload["view"]["state"]["values"]["title"]["value"]
    assert values["type"] == "checkboxes"
    options: list[JsonObject] = values["selected_options"]
    return options


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, [choice("page")]),
        ({"selected_options": []}, []),
        (
            {"selected_options": [{"value": "private"}, {"value": "page"}]},
            [choice("private"), choice("page")],
        ),
    ],
)
async def test_checkboxes_are_sent_as_whole_options_and_begin_with_those_they_have(
    listener: Listener, given: JsonObject, expected: list[JsonObject]
) -> None:
    options = [choice("private"), choice("page")]
    block = asking("checkboxes", options=options, initial_options=options[1:])
    view = shown(listener, {**block, "optional": True})

    await listener.sandbox.interactions.submit("U0ANA", view.id, {"title": {"value": given}})

    assert chosen(listener) == expected


async def answered(listener: Listener, body: JsonObject, **more: object) -> Any:  # noqa: ANN401
    view = shown(listener, text_input(), **more)
    listener.will_answer(body)
    return await listener.sandbox.interactions.submit("U0ANA", view.id, values("typed"))


async def test_a_submission_may_be_answered_by_an_update(listener: Listener) -> None:
    body = {"response_action": "update", "view": modal(section("next"))}

    assert (await answered(listener, body)).ok

    view = open_now(listener)
    assert view
    assert view.blocks[0]["text"]["text"] == "next"


@pytest.mark.parametrize(
    "body",
    [
        {"response_action": "errors", "errors": {"elsewhere": "x"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "update", "view": modal(section(""))},
        {"response_action": "update"},
        {"response_action": "push", "view": modal()},
        {"response_action": "nonsense"},
    ],
)
async def test_an_answer_that_slack_does_not_understand_is_trouble(
    listener: Listener, body: JsonObject
) -> None:
    outcome = await answered(listener, body)

    assert not outcome.ok
    assert outcome.words == "We had some trouble connecting. Try again?"
    assert open_now(listener)


async def test_the_bot_is_not_told_of_closing(listener: Listener) -> None:
    listener.sandbox.interactions.close("U0ANA", shown(listener).id)

    assert not listener.bodies


async def test_a_view_that_is_closed_cannot_be_submitted(listener: Listener) -> None:
    view = shown(listener)
    listener.sandbox.interactions.close("U0ANA", view.id)

    with pytest.raises(RefusedError):
        await listener.sandbox.interactions.submit("U0ANA", view.id, {})


async def test_shortcuts_have_the_documented_keys(listener: Listener) -> None:
    message = posted(listener)

    await listener.sandbox.interactions.shortcut("U0ANA", "greet")
    await listener.sandbox.interactions.shortcut("U0ANA", "look", "C0INCIDENTS", message.ts)

    anywhere, on_message = listener.payloads()
    common = INSTALL | {"type", "action_ts", "user", "callback_id", "trigger_id"}
    assert anywhere.keys() == common
    assert on_message.keys() == common | {"channel", "message_ts", "message", "response_url"}


async def test_an_event_has_the_documented_keys(listener: Listener) -> None:
    workspace = listener.sandbox.workspace

    listener.sandbox.events.home_opened("U0ANA", workspace.directory.channels["D0ANA"])
    await until(lambda: listener.bodies)

    [payload] = listener.payloads()
    assert payload.keys() >= EVENT
    assert payload["event"].keys() == {"type", "user", "channel", "tab", "event_ts"}


async def use(url: str, body: JsonObject) -> int:
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as response:
        return response.status


async def test_a_response_url_works_five_times(listener: Listener) -> None:
    await listener.sandbox.interactions.command("U0ANA", "C0PAYMENTS", "/raw x")
    url = listener.payloads()[0]["response_url"]

    statuses = [await use(url, {"text": str(n)}) for n in range(6)]

    assert statuses == [200] * 5 + [404]
    said = list(listener.sandbox.workspace.posting.logs["C0PAYMENTS"])
    assert [m.ephemeral_to for m in said] == ["U0ANA"] * 5


async def test_a_response_url_works_for_thirty_minutes(
    listener: Listener, clock: StillClock
) -> None:
    await listener.sandbox.interactions.command("U0ANA", "C0GENERAL", "/raw x")
    url = listener.payloads()[0]["response_url"]

    clock.pass_by(30 * 60)
    in_time = await use(url, {"text": "x"})
    clock.pass_by(1)
    late = await use(url, {"text": "x"})

    assert (in_time, late) == (200, 404)


async def test_a_response_url_replaces_and_deletes_the_message_that_was_pressed(
    listener: Listener,
) -> None:
    message = posted(listener, ephemeral_to="U0BEN")
    log = listener.sandbox.workspace.posting.logs["C0INCIDENTS"]
    await listener.sandbox.interactions.press("U0BEN", press_on(message))
    url = listener.payloads()[0]["response_url"]

    await use(url, {"text": "new", "replace_original": True})
    assert [m.text for m in log] == ["new"]
    await use(url, {"delete_original": True})

    assert list(log) == []


@pytest.mark.parametrize("body", [{"blocks": [section("")]}, {}, []])
async def test_a_response_url_is_as_strict_as_a_post(listener: Listener, body: Any) -> None:  # noqa: ANN401
    await listener.sandbox.interactions.command("U0ANA", "C0GENERAL", "/raw x")

    assert await use(listener.payloads()[0]["response_url"], body) == 404


@pytest.mark.parametrize(
    ("fault", "status", "texts"),
    [
        (Fault(method="response_url", kind="down", status=500), 500, []),
        (Fault(method="response_url", kind="rate_limited"), 429, []),
        (Fault(method="response_url", kind="slow", ms=5), 200, ["x"]),
        (Fault(method="chat.postMessage", kind="down"), 200, ["x"]),
    ],
)
async def test_a_response_url_breaks_on_demand(
    listener: Listener, fault: Fault, status: int, texts: list[str]
) -> None:
    await listener.sandbox.interactions.command("U0ANA", "C0GENERAL", "/raw x")
    listener.sandbox.faults.set([fault])

    assert await use(listener.payloads()[0]["response_url"], {"text": "x"}) == status

    log = listener.sandbox.workspace.posting.logs["C0GENERAL"]
    assert [message.text for message in log] == texts


async def test_an_answer_to_a_press_in_a_thread_can_stay_there(listener: Listener) -> None:
    parent = posted(listener)
    reply = posted(listener, thread_ts=parent.ts)
    await listener.sandbox.interactions.press("U0BEN", press_on(reply))
    [payload] = listener.payloads()

    body = {"text": "x", "thread_ts": payload["container"]["thread_ts"]}
    await use(payload["response_url"], body)

    log = listener.sandbox.workspace.posting.logs["C0INCIDENTS"]
    assert [message.text for message in log.replies(parent.ts)] == ["x", "x"]


async def test_nobody_deletes_other_peoples_messages_by_a_response_url(
    listener: Listener,
) -> None:
    workspace = listener.sandbox.workspace
    channel = workspace.directory.channels["C0GENERAL"]
    message = workspace.posting.post(channel, "U0BEN", text="mine")
    await listener.sandbox.interactions.shortcut("U0ANA", "look", channel.id, message.ts)

    url = listener.payloads()[0]["response_url"]

    assert await use(url, {"delete_original": True}) == 404
    assert await use(url, {"replace_original": True, "text": "x"}) == 404
    assert [m.text for m in workspace.posting.logs["C0GENERAL"]] == ["mine"]
