"""Layout blocks, each with Slack's limits; what may stand on which surface is in `surfaces`."""

from collections.abc import Iterator

from incident_bot.sandbox.block_kit.elements import (
    BUTTON,
    CONTEXT_ACTIONS,
    IMAGE,
    IN_ACTIONS,
    IN_CONTEXT,
    IN_INPUT,
    IN_SECTION,
    MANY,
)
from incident_bot.sandbox.block_kit.objects import ID, URL, any_text, image, plain_text
from incident_bot.sandbox.block_kit.rich_text import RICH_TEXT
from incident_bot.sandbox.block_kit.rules import (
    Rule,
    anything,
    boolean,
    both,
    integer,
    items,
    one_of,
    problem,
    shape,
    string,
    typed,
)

TABLE_ROWS = 100
TABLE_CELLS = 20


def _block(kind: str, required: dict[str, Rule], optional: dict[str, Rule] | None = None) -> Rule:
    return shape({"type": one_of(kind), **required}, {"block_id": ID, **(optional or {})})


def _has_text_or_fields(value: object, pointer: str) -> Iterator[str]:
    if isinstance(value, dict) and "text" not in value and "fields" not in value:
        yield problem("missing required field: text or fields", pointer)


_CELL = typed(
    {
        "raw_text": shape({"type": one_of("raw_text"), "text": string(MANY, least=0)}),
        "raw_number": shape({"type": one_of("raw_number"), "value": anything}, {"text": anything}),
        "rich_text": RICH_TEXT,
    }
)
_SECTION = both(
    _block(
        "section",
        {},
        {
            "text": any_text(3000),
            "fields": items(any_text(2000), 10),
            "accessory": typed(IN_SECTION),
            "expand": boolean,
        },
    ),
    _has_text_or_fields,
)
_CARD = _block(
    "card",
    {},
    {
        "title": any_text(150),
        "subtitle": any_text(150),
        "body": any_text(200),
        "hero_image": IMAGE,
        "icon": IMAGE,
        "actions": items(typed({"button": BUTTON}), 3),
    },
)
_TASK_CARD = _block(
    "task_card",
    {"task_id": ID, "title": string(3000)},
    {
        "details": RICH_TEXT,
        "output": RICH_TEXT,
        "sources": items(anything, MANY),
        "status": one_of("pending", "in_progress", "complete", "error"),
    },
)

BLOCKS: dict[str, Rule] = {
    "section": _SECTION,
    "divider": _block("divider", {}),
    "header": _block("header", {"text": plain_text(150)}, {"level": integer(1, 4)}),
    "image": image({"title": plain_text(2000), "block_id": ID}),
    "context": _block("context", {"elements": items(typed(IN_CONTEXT), 10)}),
    "actions": _block("actions", {"elements": items(typed(IN_ACTIONS), 25)}),
    "context_actions": _block("context_actions", {"elements": items(typed(CONTEXT_ACTIONS), 5)}),
    "input": _block(
        "input",
        {"label": plain_text(2000), "element": typed(IN_INPUT)},
        {"hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": RICH_TEXT,
    "markdown": _block("markdown", {"text": string(12_000)}),
    "table": _block(
        "table",
        {"rows": items(items(_CELL, TABLE_CELLS), TABLE_ROWS)},
        {
            "column_settings": items(
                shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean}),
                TABLE_CELLS,
            )
        },
    ),
    "video": _block(
        "video",
        {
            "alt_text": string(2000),
            "title": plain_text(200),
            "thumbnail_url": URL,
            "video_url": URL,
        },
        {
            "author_name": string(50),
            "description": plain_text(200),
            "provider_icon_url": URL,
            "provider_name": string(50),
            "title_url": URL,
        },
    ),
    "alert": _block(
        "alert",
        {"text": any_text(200)},
        {"level": one_of("default", "info", "warning", "error", "success")},
    ),
    "card": _CARD,
    "carousel": _block("carousel", {"elements": items(typed({"card": _CARD}), 10)}),
    "task_card": _TASK_CARD,
    "plan": _block(
        "plan", {"title": string(3000)}, {"tasks": items(typed({"task_card": _TASK_CARD}), 50)}
    ),
}
# A container holds other blocks, but no container.
BLOCKS["container"] = _block(
    "container",
    {"child_blocks": items(typed(dict(BLOCKS)), 10)},
    {
        "title": plain_text(150),
        "rich_text_title": RICH_TEXT,
        "subtitle": plain_text(150),
        "width": one_of("narrow", "standard", "wide", "full"),
        "icon": IMAGE,
        "is_collapsible": boolean,
        "default_collapsed": boolean,
        "has_header_divider": boolean,
    },
)
