"""Blocks as Slack keeps them: with the identifiers that the sender left out."""

from copy import deepcopy

from incident_bot.sandbox.block_kit.surfaces import elements_in
from incident_bot.sandbox.ids import Ids
from incident_bot.sandbox.jsontypes import JsonList, JsonObject


def with_block_ids(blocks: JsonList, ids: Ids) -> JsonList:
    """Slack names each block and each interactive element that has no name of its own."""
    kept = deepcopy(blocks)
    for block in kept:
        block.setdefault("block_id", ids.new("b"))
        for element in elements_in(block):
            if element["type"] not in {"image", "rich_text"}:
                element.setdefault("action_id", ids.new("a"))
    return kept


def find_element(blocks: JsonList, block_id: str, action_id: str) -> JsonObject | None:
    for block in blocks:
        if block["block_id"] == block_id:
            found = (e for e in elements_in(block) if e.get("action_id") == action_id)
            return next(found, None)
    return None
