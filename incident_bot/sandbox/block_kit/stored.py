"""Blocks as Slack keeps them: with the identifiers that the sender left out."""

import json
from collections import defaultdict
from copy import deepcopy

from incident_bot.sandbox.block_kit.surfaces import elements_in
from incident_bot.sandbox.ids import Ids
from incident_bot.sandbox.jsontypes import JsonList, JsonObject


def with_block_ids(blocks: JsonList, ids: Ids, before: JsonList | None = None) -> JsonList:
    """Slack names each block and each interactive element that has no name of its own.

    A block that is as it was in `before` keeps the names it had there: a press on it counts, though
    what is around it was changed meanwhile.
    """
    kept, known = deepcopy(blocks), defaultdict[str, JsonList](list)
    own = {block["block_id"] for block in kept if "block_id" in block}
    for old in (old for old in before or () if old["block_id"] not in own):
        known[_without_names(old)].append(old)
    for block in kept:
        alike = known[_without_names(block)]
        if (same := next((old for old in alike if _is_same(block, old)), None)) is not None:
            alike.remove(same)
            _take_names(block, same)
        block.setdefault("block_id", ids.new("b"))
        for element in elements_in(block):
            element.setdefault("action_id", ids.new("a"))
    return kept


def _without_names(block: JsonObject) -> str:
    nameless = deepcopy(block)
    nameless.pop("block_id", None)
    for element in elements_in(nameless):
        element.pop("action_id", None)
    return json.dumps(nameless, sort_keys=True)


def _is_same(block: JsonObject, old: JsonObject) -> bool:
    """Whether it is the old one, but for names that it does not have."""
    named = deepcopy(block)
    _take_names(named, old)
    return named == old


def _take_names(block: JsonObject, old: JsonObject) -> None:
    block.setdefault("block_id", old["block_id"])
    for element, as_it_was in zip(elements_in(block), elements_in(old), strict=False):
        if "action_id" in as_it_was:
            element.setdefault("action_id", as_it_was["action_id"])


def find_element(blocks: JsonList, block_id: str, action_id: str) -> JsonObject | None:
    for block in blocks:
        if block["block_id"] == block_id:
            found = (e for e in elements_in(block) if e.get("action_id") == action_id)
            return next(found, None)
    return None
