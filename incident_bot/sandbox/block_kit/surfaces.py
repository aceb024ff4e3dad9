"""Whole messages and whole views: how many blocks, which kinds, and what must be unique."""

from collections import Counter
from collections.abc import Iterator

from incident_bot.sandbox.block_kit.blocks import BLOCKS
from incident_bot.sandbox.block_kit.objects import plain_text
from incident_bot.sandbox.block_kit.rules import (
    Rule,
    items,
    one_of,
    problem,
    shape,
    string,
    typed,
)
from incident_bot.sandbox.jsontypes import JsonList, JsonObject

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MARKDOWN_TOTAL = 12_000

# Slack, "Blocks": these are for messages alone.
_IN_VIEW = {kind: rule for kind, rule in BLOCKS.items() if kind not in {"markdown", "table"}}

_COMMON: dict[str, Rule] = {
    "private_metadata": string(3000, least=0),
    "callback_id": string(255, least=0),
}
_VIEWS = typed(
    {
        "modal": shape(
            {
                "type": one_of("modal"),
                "title": plain_text(24),
                "blocks": items(typed(_IN_VIEW), VIEW_BLOCKS),
            },
            {
                **_COMMON,
                "submit": plain_text(24),
                "close": plain_text(24),
            },
        ),
        "home": shape(
            {
                "type": one_of("home"),
                "blocks": items(typed(_IN_VIEW), VIEW_BLOCKS, least=0),
            },
            _COMMON,
        ),
    }
)


def validate_message(blocks: JsonList) -> list[str]:
    """Slack's words for all that is wrong with a message's blocks; none: they are right."""
    found = list(items(typed(BLOCKS), MESSAGE_BLOCKS, least=0)(blocks, "/blocks"))
    return found or [
        *_repeated_ids(blocks, "/blocks"),
        *_file_inputs(blocks),
        *_sums(blocks),
    ]


def validate_view(view: JsonObject) -> list[str]:
    """The same for a modal or a Home tab."""
    found = list(_VIEWS(view, "/view"))
    return found or [
        *_repeated_ids(view["blocks"], "/view/blocks"),
        *_missing_submit(view),
        *_focus(view["blocks"]),
    ]


def _repeated_ids(blocks: JsonList, pointer: str) -> Iterator[str]:
    seen = set()
    for number, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id and block_id in seen:
            words = f"`block_id` `{block_id}` already exists"
            yield problem(words, f"{pointer}/{number}/block_id")
        seen.add(block_id)
        yield from _repeated_actions(block, f"{pointer}/{number}")


def _repeated_actions(block: JsonObject, pointer: str) -> Iterator[str]:
    seen = set()
    elements = block.get("elements", []) if block["type"] == "actions" else []
    for number, element in enumerate(elements):
        action_id = element.get("action_id")
        if action_id and action_id in seen:
            words = f"`action_id` `{action_id}` already exists"
            yield problem(words, f"{pointer}/elements/{number}/action_id")
        seen.add(action_id)


def _file_inputs(blocks: JsonList) -> Iterator[str]:
    for number, block in enumerate(blocks):
        if block.get("element", {}).get("type") == "file_input":
            yield problem("unsupported type: file_input", f"/blocks/{number}/element/type")


def _sums(blocks: JsonList) -> Iterator[str]:
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > MARKDOWN_TOTAL:
        yield problem(f"markdown must be less than {MARKDOWN_TOTAL + 1} characters", "/blocks")
    if Counter(block["type"] for block in blocks)["table"] > 1:
        yield problem("only one table is allowed", "/blocks")


def _missing_submit(view: JsonObject) -> Iterator[str]:
    has_input = any(block["type"] == "input" for block in view["blocks"])
    if view["type"] == "modal" and has_input and "submit" not in view:
        yield problem("missing required field: submit", "/view")


def _focus(blocks: JsonList) -> Iterator[str]:
    focused = [element for element in elements_of(blocks) if element.get("focus_on_load")]
    if len(focused) > 1:
        yield problem("only one element can have focus_on_load", "/view/blocks")


def elements_of(blocks: JsonList) -> Iterator[JsonObject]:
    for block in blocks:
        yield from elements_in(block)


def elements_in(block: JsonObject) -> Iterator[JsonObject]:
    """Every interactive element of a block, wherever in it Slack lets it stand."""
    for key in ("accessory", "element"):
        if key in block:
            yield block[key]
    if block["type"] == "actions":
        yield from block["elements"]
