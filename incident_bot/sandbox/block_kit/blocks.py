"""Layout blocks, each with Slack's limits; what may stand on which surface is in `surfaces`."""

from collections.abc import Iterator

from incident_bot.sandbox.block_kit.elements import (
    IN_ACTIONS,
    IN_CONTEXT,
    IN_INPUT,
    IN_SECTION,
    MANY,
)
from incident_bot.sandbox.block_kit.objects import ID, any_text, plain_text
from incident_bot.sandbox.block_kit.rich_text import RICH_TEXT
from incident_bot.sandbox.block_kit.rules import (
    Rule,
    anything,
    boolean,
    both,
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

BLOCKS: dict[str, Rule] = {
    "section": _SECTION,
    "divider": _block("divider", {}),
    "header": _block("header", {"text": plain_text(150)}),
    "context": _block("context", {"elements": items(typed(IN_CONTEXT), 10)}),
    "actions": _block("actions", {"elements": items(typed(IN_ACTIONS), 25)}),
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
}
