"""What people fill in: the values of inputs, and the checks that Slack's client makes of them."""

import re
from collections.abc import Callable
from datetime import date

from incident_bot.sandbox.block_kit import elements_in
from incident_bot.sandbox.directory import Directory
from incident_bot.sandbox.errors import RefusedError
from incident_bot.sandbox.jsontypes import JsonList, JsonObject

LONGEST = 3000
# Where each element keeps its value: in a view's state, and in an action.
VALUE_KEYS = {
    "plain_text_input": "value",
    "number_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "static_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "multi_static_select": "selected_options",
    "checkboxes": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "datepicker": "selected_date",
    "datetimepicker": "selected_date_time",
    "file_input": "files",
}
TYPED = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}
_NOT_KEPT = {"overflow"}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"https?://[^\s/]+\S*")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


class WrongValueError(Exception):
    """Words for the person, shown under the input."""


def state_of(blocks: JsonList, given: JsonObject, directory: Directory) -> JsonObject:
    """The values of all inputs in Slack's form; what was not touched has its initial value."""
    values, _errors = fill(blocks, given, directory)
    return values


def fill(
    blocks: JsonList, given: JsonObject, directory: Directory
) -> tuple[JsonObject, dict[str, str]]:
    """The values, and what is wrong with them by block."""
    values: JsonObject = {}
    errors: dict[str, str] = {}
    for block in blocks:
        for element in elements_in(block):
            if element["type"] not in VALUE_KEYS.keys() - _NOT_KEPT:
                continue
            block_id, action_id = block["block_id"], element["action_id"]
            value = _given_or_initial(element, _inner(given, block_id, action_id))
            try:
                value = checked(element, value, directory)
                _check_required(block, value)
            except WrongValueError as wrong:
                errors[block_id] = str(wrong)
            key = VALUE_KEYS[element["type"]]
            values.setdefault(block_id, {})[action_id] = {"type": element["type"], key: value}
    return values, errors


def _inner(given: JsonObject, block_id: str, action_id: str) -> object:
    block = given.get(block_id)
    return block.get(action_id) if isinstance(block, dict) else None


def _given_or_initial(element: JsonObject, given: object) -> object:
    key = VALUE_KEYS[element["type"]]
    if isinstance(given, dict) and key in given:
        return given[key]
    initial = "initial_" + key.removeprefix("selected_")
    return element.get(initial)


def _check_required(block: JsonObject, value: object) -> None:
    is_required = block["type"] == "input" and not block.get("optional")
    if is_required and value in (None, "", []):
        raise WrongValueError("This field is required.")


def checked(element: JsonObject, value: object, directory: Directory) -> object:
    """The value as Slack would send it; nothing filled in is None, or an empty list."""
    kind = element["type"]
    if VALUE_KEYS[kind].endswith("s"):
        chosen = value if isinstance(value, list) else []
        return [_one(kind.removeprefix("multi_"), element, item, directory) for item in chosen]
    if value in (None, ""):
        return None
    return _one(kind, element, value, directory)


def as_typed(value: object) -> str | None:
    """What is told while somebody types need not be right yet."""
    return None if value in (None, "") else _text(value)


def _one(kind: str, element: JsonObject, value: object, directory: Directory) -> object:
    if kind in {"static_select", "radio_buttons", "checkboxes", "overflow"}:
        return _option(element, value)
    if kind == "users_select" and value not in directory.users:
        raise WrongValueError("Choose one from the list.")
    check = _CHECKS.get(kind)
    if check:
        check(element, value)
    return value


def _option(element: JsonObject, value: object) -> JsonObject:
    """The stored option: a page cannot make one up."""
    wanted = value.get("value") if isinstance(value, dict) else None
    groups = [element, *element.get("option_groups", [])]
    for group in groups:
        for option in group.get("options", []):
            if option.get("value") == wanted:
                return dict(option)
    raise WrongValueError("This is not one of the options.")


def _plain_text(element: JsonObject, value: object) -> None:
    length = len(_text(value))
    least, most = element.get("min_length", 0), element.get("max_length", LONGEST)
    if length < least:
        raise WrongValueError(f"Use at least {least} characters; there are {length}.")
    if length > most:
        raise WrongValueError(f"Use at most {most} characters; there are {length}.")


def _number(element: JsonObject, value: object) -> None:
    text = _text(value)
    if not _NUMBER.fullmatch(text) or ("." in text and not element["is_decimal_allowed"]):
        raise WrongValueError("Enter a number.")
    if "min_value" in element and float(text) < float(element["min_value"]):
        raise WrongValueError(f"Enter {element['min_value']} or more.")
    if "max_value" in element and float(text) > float(element["max_value"]):
        raise WrongValueError(f"Enter {element['max_value']} or less.")


def _email(_element: JsonObject, value: object) -> None:
    if not _EMAIL.fullmatch(_text(value)):
        raise WrongValueError("Enter an e-mail address.")


def _url(_element: JsonObject, value: object) -> None:
    if not _URL.fullmatch(_text(value)):
        raise WrongValueError("Enter an address that begins with http:// or https://.")


def _date(_element: JsonObject, value: object) -> None:
    try:
        date.fromisoformat(_text(value))
    except ValueError as error:
        raise WrongValueError("Enter a date.") from error


def _moment(_element: JsonObject, value: object) -> None:
    if not isinstance(value, int):
        raise WrongValueError("Enter a date and a time.")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise RefusedError("This value should be text.")
    return value


_CHECKS: dict[str, Callable[[JsonObject, object], None]] = {
    "plain_text_input": _plain_text,
    "number_input": _number,
    "email_text_input": _email,
    "url_text_input": _url,
    "datepicker": _date,
    "datetimepicker": _moment,
}
