"""Block elements: buttons, menus, inputs, and in which blocks each may stand."""

import re
from collections.abc import Iterator
from datetime import date

from incident_bot.sandbox.block_kit.objects import (
    CONFIRM,
    DISPATCH_CONFIG,
    ID,
    MARKED_OPTION,
    OPTION,
    OPTION_GROUPS,
    OPTIONS,
    OVERFLOW_OPTION,
    URL,
    any_text,
    plain_text,
)
from incident_bot.sandbox.block_kit.rules import (
    Rule,
    boolean,
    both,
    exactly_one_of,
    integer,
    items,
    matching,
    one_of,
    problem,
    shape,
    string,
)

LONGEST_INPUT = 3000
MANY = 10_000


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return len(value) == len("2026-11-22")


DATE = matching(_is_date, "must be a valid date")
NUMBER = matching(
    lambda value: re.fullmatch(r"-?\d+(\.\d+)?", value) is not None, "must be a number as a string"
)
SECONDS = integer(10**9, 10**10 - 1)  # Slack, "Datetime picker": ten digits
STYLE = one_of("primary", "danger")


def _element(kind: str, required: dict[str, Rule], optional: dict[str, Rule]) -> Rule:
    return shape({"type": one_of(kind), **required}, {"action_id": ID, **optional})


def _menu(kind: str, required: dict[str, Rule], optional: dict[str, Rule]) -> Rule:
    common: dict[str, Rule] = {
        "placeholder": plain_text(150),
        "confirm": CONFIRM,
        "focus_on_load": boolean,
    }
    if kind.startswith("multi_"):
        common["max_selected_items"] = integer(1, MANY)
    return _element(kind, required, {**common, **optional})


def _options_of(element: dict[str, list[object]]) -> list[object]:
    options = list(element.get("options", []))
    for group in element.get("option_groups", []):
        if isinstance(group, dict):
            options.extend(group.get("options", []))
    return options


def _initial_is_an_option(value: object, pointer: str) -> Iterator[str]:
    if not isinstance(value, dict):
        return
    options = _options_of(value)
    if "initial_option" in value and value["initial_option"] not in options:
        yield problem("must match one of the options", f"{pointer}/initial_option")
    for number, option in enumerate(value.get("initial_options", [])):
        if option not in options:
            yield problem("must match one of the options", f"{pointer}/initial_options/{number}")


def _static(kind: str, initial: dict[str, Rule]) -> Rule:
    menu = _menu(kind, {}, {"options": OPTIONS, "option_groups": OPTION_GROUPS, **initial})
    return both(menu, exactly_one_of("options", "option_groups"), _initial_is_an_option)


def _choice(kind: str, initial: dict[str, Rule]) -> Rule:
    menu = _element(
        kind,
        {"options": items(MARKED_OPTION, 10)},
        {"confirm": CONFIRM, "focus_on_load": boolean, **initial},
    )
    return both(menu, _initial_is_an_option)


def _lengths_fit(value: object, pointer: str) -> Iterator[str]:
    if not isinstance(value, dict):
        return
    least, most = value.get("min_length", 0), value.get("max_length", LONGEST_INPUT)
    if least > most:
        yield problem("must be less than or equal to max_length", f"{pointer}/min_length")
    if len(value.get("initial_value", "")) > most:
        yield problem(f"must be less than {most + 1} characters", f"{pointer}/initial_value")


_INPUT: dict[str, Rule] = {
    "placeholder": plain_text(150),
    "dispatch_action_config": DISPATCH_CONFIG,
    "focus_on_load": boolean,
}
_PICKER: dict[str, Rule] = {"confirm": CONFIRM, "focus_on_load": boolean}

BUTTON = _element(
    "button",
    {"text": plain_text(75)},
    {
        "url": URL,
        "value": string(2000),
        "style": STYLE,
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
)
OVERFLOW = _element("overflow", {"options": items(OVERFLOW_OPTION, 5)}, {"confirm": CONFIRM})
CHECKBOXES = _choice("checkboxes", {"initial_options": items(MARKED_OPTION, 10)})
RADIO_BUTTONS = _choice("radio_buttons", {"initial_option": MARKED_OPTION})

DATE_PICKER = _element(
    "datepicker", {}, {**_PICKER, "initial_date": DATE, "placeholder": plain_text(150)}
)
DATETIME_PICKER = _element("datetimepicker", {}, {**_PICKER, "initial_date_time": SECONDS})

SELECTS = {
    "static_select": _static("static_select", {"initial_option": OPTION}),
    "users_select": _menu("users_select", {}, {"initial_user": ID}),
}
MULTI_SELECTS = {
    "multi_static_select": _static(
        "multi_static_select", {"initial_options": items(OPTION, 100, least=0)}
    ),
    "multi_users_select": _menu(
        "multi_users_select", {}, {"initial_users": items(ID, MANY, least=0)}
    ),
}

INPUTS = {
    "plain_text_input": both(
        _element(
            "plain_text_input",
            {},
            {
                **_INPUT,
                "initial_value": string(LONGEST_INPUT, least=0),
                "multiline": boolean,
                "min_length": integer(0, LONGEST_INPUT),
                "max_length": integer(1, LONGEST_INPUT),
            },
        ),
        _lengths_fit,
    ),
    "number_input": _element(
        "number_input",
        {"is_decimal_allowed": boolean},
        {**_INPUT, "initial_value": NUMBER, "min_value": NUMBER, "max_value": NUMBER},
    ),
    "email_text_input": _element(
        "email_text_input", {}, {**_INPUT, "initial_value": string(LONGEST_INPUT)}
    ),
    "url_text_input": _element(
        "url_text_input", {}, {**_INPUT, "initial_value": string(LONGEST_INPUT)}
    ),
    "file_input": _element(
        "file_input",
        {},
        {"filetypes": items(string(100), MANY), "max_files": integer(1, 10)},
    ),
}

_PRESSED = {
    "button": BUTTON,
    "overflow": OVERFLOW,
    "checkboxes": CHECKBOXES,
    "radio_buttons": RADIO_BUTTONS,
    "datepicker": DATE_PICKER,
    **SELECTS,
}
# Slack, "Block elements": each names the blocks that it works in.
IN_ACTIONS = {**_PRESSED, "datetimepicker": DATETIME_PICKER}
IN_SECTION = {**_PRESSED, **MULTI_SELECTS}
IN_INPUT = {
    "datepicker": DATE_PICKER,
    **SELECTS,
    **MULTI_SELECTS,
    **INPUTS,
    "datetimepicker": DATETIME_PICKER,
    "checkboxes": CHECKBOXES,
    "radio_buttons": RADIO_BUTTONS,
}
IN_CONTEXT = {
    "plain_text": any_text(3000),
    "mrkdwn": any_text(3000),
}
