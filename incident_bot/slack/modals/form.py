"""The parts that modals are made of, and the errors below their fields."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from incident_bot.slack.payloads import PressedForm
from incident_bot.slack.reply import FieldErrors
from incident_bot.slack.text.mrkdwn import Block, cut, plain, section

NOTE: Final = "note"
"""The block with what was said to somebody who pressed a button in a form."""

_TITLE_LIMIT: Final = 24
_OPTION_LIMIT: Final = 75
_VALUE: Final = "value"


def modal(
    callback_id: str, title: str, submit: str, blocks: Iterable[Block], private_metadata: str
) -> dict[str, Any]:
    """A modal view. Slack allows 24 characters: `title` is cut, `submit` has to fit."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title[:_TITLE_LIMIT]),
        "submit": plain(submit),
        "close": plain("Cancel"),
        "private_metadata": private_metadata,
        "blocks": list(blocks),
    }


def notice(title: str, *blocks: Block) -> dict[str, Any]:
    """A modal view that only says something."""
    shown = {"title": plain(title[:_TITLE_LIMIT]), "close": plain("Close")}
    return {"type": "modal", **shown, "blocks": list(blocks)}


def with_note(form: PressedForm, words: str) -> dict[str, Any]:
    """The form with a note on top, in mrkdwn, in the place of an earlier one."""
    note = {**section(words), "block_id": NOTE}
    return form.with_blocks([note, *(b for b in form.blocks if b["block_id"] != NOTE)])


def text_input(
    name: str,
    limit: int,
    initial: str | None = None,
    *,
    is_multiline: bool = False,
    placeholder: str | None = None,
    hint: str | None = None,
    told_as: str | None = None,
) -> Block:
    """An input for text of 1 to `limit` characters, labelled with its name.

    `told_as` is the action ID with which the bot is told of what is typed while it is typed.
    """
    element: dict[str, Any] = {
        "type": "plain_text_input",
        "action_id": _VALUE,
        "multiline": is_multiline,
        "max_length": limit,
    }
    if initial:
        element["initial_value"] = initial[:limit]
    if placeholder:
        element["placeholder"] = plain(placeholder)
    block = _input(name, element, hint)
    if told_as is not None:
        element["action_id"] = told_as
        element["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
        block["dispatch_action"] = True
    return block


def moment_input(name: str, initial: datetime, *, hint: str) -> Block:
    """An input for a day and a time, shown in the person's own time zone, labelled with its name.

    It shows minutes, so the seconds of `initial` are left out.
    """
    element: dict[str, Any] = {
        "type": "datetimepicker",
        "action_id": _VALUE,
        "initial_date_time": int(initial.replace(second=0).timestamp()),
    }
    return _input(name, element, hint)


def choice(
    name: str, options: Iterable[str], initial: str | None = None, placeholder: str | None = None
) -> Block:
    """An input for one of `options`, labelled with its name, in which "_" stands for a space."""
    element: dict[str, Any] = {
        "type": "static_select",
        "action_id": _VALUE,
        "options": [_option(option) for option in options],
    }
    if initial is not None:
        element["initial_option"] = _option(initial)
    if placeholder:
        element["placeholder"] = plain(placeholder)
    return _input(name, element, None)


@dataclass(frozen=True)
class Box:
    """A box to tick: its value, and what it says."""

    value: str
    label: str
    description: str


def boxes(name: str, offered: Iterable[Box]) -> Block:
    """An input with boxes to tick, any of them or none, labelled with its name."""
    options = [
        {"text": plain(box.label), "value": box.value, "description": plain(box.description)}
        for box in offered
    ]
    element = {"type": "checkboxes", "action_id": _VALUE, "options": options}
    return {**_input(name, element, None), "optional": True}


def field_errors(error: ValidationError) -> FieldErrors:
    """What Pydantic found, in words below the fields it concerns."""
    return FieldErrors(
        {
            str(detail["loc"][0]): _in_words(str(detail["loc"][0]).capitalize(), detail)
            for detail in error.errors(include_url=False)
        }
    )


def _in_words(name: str, detail: ErrorDetails) -> str:
    if detail["type"] == "too_long":
        limit, length = detail["ctx"]["max_length"], detail["ctx"]["actual_length"]
        return f"{name} may have {limit} characters; this has {length}. Shorten it."
    if detail["type"] == "enum":
        return f"{name} has no such choice. Choose another."
    if detail["type"].startswith(("datetime", "timezone")):
        return f"{name} needs a day and a time. Choose them."
    return f"{name} needs some text."


def _input(name: str, element: dict[str, Any], hint: str | None) -> Block:
    block = {
        "type": "input",
        "block_id": name,
        "label": plain(name.replace("_", " ").capitalize()),
        "element": element,
    }
    if hint:
        block["hint"] = plain(hint)
    return block


def _option(value: str) -> dict[str, Any]:
    return {"text": plain(cut(value, _OPTION_LIMIT)), "value": value}
