"""Composition objects: texts, options, confirmation dialogs."""

from incident_bot.sandbox.block_kit.rules import (
    Rule,
    boolean,
    items,
    one_of,
    shape,
    string,
    typed,
)

ID = string(255)
URL = string(3000)


def plain_text(most: int) -> Rule:
    return typed({"plain_text": _plain(most)})


def any_text(most: int) -> Rule:
    return typed({"plain_text": _plain(most), "mrkdwn": _mrkdwn(most)})


def _plain(most: int) -> Rule:
    return shape({"type": one_of("plain_text"), "text": string(most)}, {"emoji": boolean})


def _mrkdwn(most: int) -> Rule:
    return shape({"type": one_of("mrkdwn"), "text": string(most)}, {"verbatim": boolean})


def _option(text: Rule, description: Rule, extra: dict[str, Rule] | None = None) -> Rule:
    return shape(
        {"text": text, "value": string(150)}, {"description": description, **(extra or {})}
    )


OPTION = _option(plain_text(75), plain_text(75))
# Slack, "Option object": mrkdwn only in checkboxes and radio buttons, url only in overflow menus.
MARKED_OPTION = _option(any_text(75), any_text(75))
OVERFLOW_OPTION = _option(plain_text(75), plain_text(75), {"url": URL})
OPTIONS = items(OPTION, 100)
OPTION_GROUPS = items(shape({"label": plain_text(75), "options": OPTIONS}), 100)

CONFIRM = shape(
    {
        "title": plain_text(100),
        "text": any_text(300),
        "confirm": plain_text(30),
        "deny": plain_text(30),
    },
    {"style": one_of("primary", "danger")},
)

DISPATCH_CONFIG = shape(
    {"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 2)}
)
