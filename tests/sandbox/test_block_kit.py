"""Slack's limits for blocks, each at its number and one beyond, and the shapes that it refuses."""

from collections.abc import Callable

import pytest

from incident_bot.sandbox.block_kit import validate_message, validate_view

from .support import Json, button, modal, plain, section, text_input

Build = Callable[[int], list[Json]]


def words(length: int) -> str:
    return "x" * length


def option(text: str = "Text", value: str = "value", **more: object) -> Json:
    return {"text": plain(text), "value": value, **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def menu(kind: str = "static_select", **more: object) -> Json:
    return {"type": kind, "options": [option()], **more}


def context(count: int) -> Json:
    return {"type": "context", "elements": [plain("x")] * count}


def confirm(**more: object) -> Json:
    texts = {"title": plain("T"), "text": plain("T"), "confirm": plain("Y"), "deny": plain("N")}
    return {**texts, **more}


def table(rows: int, cells: int) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * cells] * rows}


def asking(element: Json, **more: object) -> Json:
    return {"type": "input", "label": plain("Label"), "element": element, **more}


def pressed(**more: object) -> list[Json]:
    return [actions({**button(), **more})]


IN_MESSAGES: dict[str, tuple[int, Build]] = {
    "blocks": (50, lambda n: [{"type": "divider"}] * n),
    "section text": (3000, lambda n: [section(words(n))]),
    "fields": (10, lambda n: [{"type": "section", "fields": [plain("x")] * n}]),
    "field": (2000, lambda n: [{"type": "section", "fields": [plain(words(n))]}]),
    "header": (150, lambda n: [{"type": "header", "text": plain(words(n))}]),
    "context elements": (10, lambda n: [context(n)]),
    "context text": (
        3000,
        lambda n: [{"type": "context", "elements": [{"type": "mrkdwn", "text": words(n)}]}],
    ),
    "actions elements": (25, lambda n: [actions(*(button(f"a{i}") for i in range(n)))]),
    "button text": (75, lambda n: pressed(text=plain(words(n)))),
    "button value": (2000, lambda n: pressed(value=words(n))),
    "button url": (3000, lambda n: pressed(url=words(n))),
    "button label": (75, lambda n: pressed(accessibility_label=words(n))),
    "options": (100, lambda n: [actions(menu(options=[option()] * n))]),
    "options of a group": (
        100,
        lambda n: [
            actions(
                {
                    "type": "static_select",
                    "option_groups": [{"label": plain("x"), "options": [option()] * n}],
                }
            )
        ],
    ),
    "option groups": (
        100,
        lambda n: [
            actions(
                {
                    "type": "static_select",
                    "option_groups": [{"label": plain("x"), "options": [option()]}] * n,
                }
            )
        ],
    ),
    "multi-select options": (
        100,
        lambda n: [section(accessory=menu("multi_static_select", options=[option()] * n))],
    ),
    "placeholder": (150, lambda n: [actions(menu(placeholder=plain(words(n))))]),
    "option text": (75, lambda n: [actions(menu(options=[option(words(n))]))]),
    "option value": (150, lambda n: [actions(menu(options=[option(value=words(n))]))]),
    "option description": (
        75,
        lambda n: [actions(menu(options=[option(description=plain(words(n)))]))],
    ),
    "overflow": (5, lambda n: [actions(menu("overflow", options=[option()] * n))]),
    "checkboxes": (10, lambda n: [actions(menu("checkboxes", options=[option()] * n))]),
    "radio buttons": (10, lambda n: [actions(menu("radio_buttons", options=[option()] * n))]),
    "confirm title": (100, lambda n: pressed(confirm=confirm(title=plain(words(n))))),
    "confirm text": (300, lambda n: pressed(confirm=confirm(text=plain(words(n))))),
    "confirm button": (30, lambda n: pressed(confirm=confirm(confirm=plain(words(n))))),
    "deny button": (30, lambda n: pressed(confirm=confirm(deny=plain(words(n))))),
    "block_id": (255, lambda n: [section(block_id=words(n))]),
    "action_id": (255, lambda n: [actions(button(words(n)))]),
    "markdown": (12_000, lambda n: [{"type": "markdown", "text": words(n)}]),
    "markdown in all": (
        12_000,
        lambda n: [{"type": "markdown", "text": words(part)} for part in (6000, n - 6000)],
    ),
    "table rows": (100, lambda n: [table(n, 1)]),
    "table cells": (20, lambda n: [table(1, n)]),
    "tables": (1, lambda n: [table(1, 1)] * n),
}

IN_VIEWS: dict[str, tuple[int, Callable[[int], Json]]] = {
    "modal blocks": (100, lambda n: modal(*([{"type": "divider"}] * n))),
    "home blocks": (100, lambda n: {"type": "home", "blocks": [{"type": "divider"}] * n}),
    "title": (24, lambda n: modal(title=plain(words(n)))),
    "submit": (24, lambda n: modal(submit=plain(words(n)))),
    "close": (24, lambda n: modal(close=plain(words(n)))),
    "private_metadata": (3000, lambda n: modal(private_metadata=words(n))),
    "callback_id": (255, lambda n: modal(callback_id=words(n))),
    "label": (2000, lambda n: modal({**text_input(), "label": plain(words(n))})),
    "hint": (2000, lambda n: modal({**text_input(), "hint": plain(words(n))})),
    "min_length": (3000, lambda n: modal(text_input(min_length=n))),
    "max_length": (3000, lambda n: modal(text_input(max_length=n))),
    "input placeholder": (150, lambda n: modal(text_input(placeholder=plain(words(n))))),
}


@pytest.mark.parametrize("limit", IN_MESSAGES)
def test_a_message_may_reach_each_limit_and_not_pass_it(limit: str) -> None:
    most, build = IN_MESSAGES[limit]

    assert validate_message(build(most)) == []
    assert validate_message(build(most + 1)) != []


@pytest.mark.parametrize("limit", IN_VIEWS)
def test_a_view_may_reach_each_limit_and_not_pass_it(limit: str) -> None:
    most, build = IN_VIEWS[limit]

    assert validate_view(build(most)) == []
    assert validate_view(build(most + 1)) != []


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        (section(""), "[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        (
            section(words(3001)),
            "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
        ),
        ({"type": "nonsense"}, "[ERROR] unsupported type: nonsense [json-pointer:/blocks/0/type]"),
        (
            {"type": "section"},
            "[ERROR] missing required field: text or fields [json-pointer:/blocks/0]",
        ),
        (actions(), "[ERROR] no fewer than 1 items allowed [json-pointer:/blocks/0/elements]"),
        (
            section(color="red"),
            "[ERROR] invalid additional property: color [json-pointer:/blocks/0]",
        ),
    ],
)
def test_a_problem_is_told_in_slacks_words_and_place(block: Json, problem: str) -> None:
    assert validate_message([block]) == [problem]


@pytest.mark.parametrize(
    "block",
    [
        "words",
        {"text": plain("no type")},
        {"type": "header", "text": {"type": "mrkdwn", "text": "*no*"}},
        {"type": "data_table"},
        {"type": "context", "elements": [button()]},
        actions(button("same"), button("same")),
        actions(button(style="red")),
        actions(button(text=plain(""))),
        actions({"type": "button"}),
        actions(menu("multi_static_select")),
        actions({"type": "static_select"}),
        actions(menu(option_groups=[])),
        actions(menu(initial_option=option(value="other"))),
        actions({"type": "plain_text_input"}),
        actions({"type": "datepicker", "initial_date": "22.11.2026"}),
        actions({"type": "datetimepicker", "initial_date_time": 12}),
        actions(menu("overflow", options=[])),
        actions(menu("checkboxes", initial_options=[option(value="other")])),
        section(accessory={"type": "plain_text_input"}),
        asking({"type": "file_input"}),
        asking({"type": "number_input"}),
        asking({"type": "plain_text_input", "min_length": 5, "max_length": 4}),
        asking({"type": "plain_text_input", "max_length": 0}),
        asking({"type": "plain_text_input", "max_length": 2, "initial_value": "abc"}),
        asking({"type": "plain_text_input", "multiline": "yes"}),
        {"type": "table", "rows": []},
        {"type": "rich_text", "elements": [{"type": "text", "text": "not in a section"}]},
    ],
)
def test_a_message_refuses(block: Json) -> None:
    assert validate_message([block])


@pytest.mark.parametrize(
    "block",
    [
        section(accessory=menu("multi_static_select", max_selected_items=2)),
        actions(menu(initial_option=option())),
        actions({"type": "users_select", "initial_user": "U0ANA"}),
        actions({"type": "datetimepicker", "initial_date_time": 1_763_820_000}),
        actions({"type": "datepicker", "initial_date": "2026-11-22"}),
        asking({"type": "number_input", "is_decimal_allowed": True, "min_value": "-1.5"}),
        asking({"type": "email_text_input"}, optional=True, dispatch_action=True),
        asking({"type": "url_text_input"}),
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_list",
                    "style": "bullet",
                    "elements": [
                        {
                            "type": "rich_text_section",
                            "elements": [
                                {"type": "text", "text": "x", "style": {"bold": True}},
                                {"type": "user", "user_id": "U0ANA"},
                                {"type": "emoji", "name": "fire"},
                            ],
                        }
                    ],
                }
            ],
        },
    ],
)
def test_a_message_takes(block: Json) -> None:
    assert validate_message([block]) == []


def test_two_blocks_may_not_have_one_name() -> None:
    [problem] = validate_message([section(block_id="same"), section(block_id="same")])

    assert problem == "[ERROR] `block_id` `same` already exists [json-pointer:/blocks/1/block_id]"


def test_a_modal_with_an_input_needs_a_submit() -> None:
    view = modal(text_input())
    del view["submit"]

    assert validate_view(view) == ["[ERROR] missing required field: submit [json-pointer:/view]"]


@pytest.mark.parametrize(
    "view",
    [
        {"type": "modal", "blocks": [section()]},
        modal(title={"type": "mrkdwn", "text": "x"}),
        modal({"type": "markdown", "text": "only in messages"}),
        modal(table(1, 1)),
        modal(text_input("a", focus_on_load=True), text_input("b", focus_on_load=True)),
        {"type": "home", "blocks": [], "title": plain("x")},
        {"type": "workflow_step", "blocks": [section()]},
        {**modal(), "blocks": []},
    ],
)
def test_a_view_refuses(view: Json) -> None:
    assert validate_view(view)


@pytest.mark.parametrize(
    "view",
    [
        modal(private_metadata="", callback_id=""),
        modal(asking({"type": "file_input"})),
        {"type": "home", "blocks": []},
    ],
)
def test_a_view_takes(view: Json) -> None:
    assert validate_view(view) == []
