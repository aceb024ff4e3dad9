"""What is asked of every message and view, whoever builds it."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from incident_bot.sandbox.block_kit import validate_message, validate_view
from tests.factories import ANA, BEN, CARA

TEXT_LIMIT = 4000
LINK = "https://example.slack.com/archives/C0INC/p1001"

# What our own builders may put in angle brackets, and nothing else.
_OURS = re.compile(
    rf"<@(?:{ANA}|{BEN}|{CARA}|U0{{9}}\d)>"
    r"|<#C[A-Z0-9]{1,40}>"
    r"|<!date\^\d+\^(since )?\{date_short_pretty\} at \{time\}"
    r"\|(since )?\d{4}-\d\d-\d\d \d\d:\d\d UTC>"
    rf"|<{re.escape(LINK)}\|(?:Open the announcement|message)>"
)


def as_sent(blocks: object) -> Any:  # noqa: ANN401 - JSON
    """The blocks as Slack gets them."""
    return json.loads(json.dumps(blocks))


def check_message(text: str, blocks: object) -> None:
    """Slack takes it, and it says something to those who do not see the blocks."""
    assert validate_message(as_sent(blocks)) == []
    assert 0 < len(text) <= TEXT_LIMIT
    check_marked(blocks)
    check_harmless(text, blocks)


def check_view(view: dict[str, Any]) -> None:
    assert validate_view(as_sent(view)) == []
    check_marked(view)
    check_harmless("", view["blocks"])


def check_marked(blocks: object) -> None:
    """Whatever a button or form says of an incident, it says when that was made."""
    for value in values_of(blocks):
        if "incident_id" in value:
            assert "made_at" in json.loads(value), value


def values_of(part: object) -> Iterator[str]:
    """What buttons carry, and what a form does."""
    if isinstance(part, dict):
        for name in ("value", "private_metadata"):
            if isinstance(part.get(name), str):
                yield part[name]
        part = list(part.values())
    if isinstance(part, list | tuple):
        for inner in part:
            yield from values_of(inner)


def check_harmless(text: str, blocks: object) -> None:
    """Nobody is mentioned and nothing linked but by our own builders, nor by Slack."""
    assert mrkdwn_that_slack_parses(blocks) == []
    for mrkdwn in (text, *texts_of(blocks, "mrkdwn")):
        assert "<" not in _OURS.sub("", mrkdwn), mrkdwn
        assert ">" not in _OURS.sub("", mrkdwn), mrkdwn


def mrkdwn_that_slack_parses(blocks: object) -> list[str]:
    """In which Slack looks for "@channel", "#general" and addresses (Text object, "verbatim")."""
    return [one["text"] for one in _objects_in(blocks, "mrkdwn") if not one.get("verbatim")]


def _objects_in(part: object, kind: str) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if part.get("type") == kind:
            yield part
        part = list(part.values())
    if isinstance(part, list | tuple):
        for inner in part:
            yield from _objects_in(inner, kind)


def texts_of(part: object, kind: str) -> Iterator[str]:
    """All texts of a kind (mrkdwn, plain_text, or text: rich text) in blocks, in order."""
    return (one["text"] for one in _objects_in(part, kind) if isinstance(one.get("text"), str))


def shown(blocks: object) -> str:
    """All that a person sees as typed."""
    return "\n".join([*texts_of(blocks, "plain_text"), *texts_of(blocks, "text")])


def actions_of(blocks: Iterable[dict[str, Any]]) -> list[str]:
    return [
        element["action_id"]
        for block in blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]
