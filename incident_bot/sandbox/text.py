"""What Slack does to the text that people type: escapes it, and turns names into mentions."""

import re
from collections.abc import Iterable
from typing import Any

from incident_bot.sandbox.cast import User
from incident_bot.sandbox.directory import Directory
from incident_bot.sandbox.jsontypes import JsonList, JsonObject

_CHANNEL = re.compile(r"(?<![\w<&])#([a-z0-9_-]+)")
_EVERYBODY = re.compile(r"(?<![\w<])@(here|channel|everyone)\b")
_MARKUP = re.compile(r"(<[^>]*>)")
_LEFT_ALONE = re.compile(r"(```.*?```|`[^`\n]+`|<[^>]*>)", re.DOTALL)
_LINK = re.compile(r"(?<![\w<|])https?://[^\s<>|]+")


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escaped_command(text: str, directory: Directory, user_id: str) -> str:
    """A command's text with `should_escape`: `<@U…|name>`, `<#C…|name>`, `<https://…>`."""
    return _mark_up(escape(text), directory, user_id, has_labels=True)


def typed_message(text: str, directory: Directory, user_id: str) -> str:
    """A message as Slack stores it: `<@U…>`, `<#C…|name>`, `<https://…>`."""
    return _mark_up(escape(text), directory, user_id, has_labels=False)


def parsed_blocks(blocks: JsonList, directory: Directory) -> JsonList:
    """Blocks with the mentions, channels and links that Slack finds in mrkdwn (Text object).

    It looks for none where `verbatim` is true.
    """
    parsed: JsonList = _parsed(blocks, directory)
    return parsed


def _parsed(part: Any, directory: Directory) -> Any:  # noqa: ANN401 - JSON
    if isinstance(part, list):
        return [_parsed(inner, directory) for inner in part]
    if not isinstance(part, dict):
        return part
    if part.get("type") == "mrkdwn" and not part.get("verbatim"):
        return {**part, "text": _parsed_text(part["text"], directory), "verbatim": False}
    return {name: _parsed(inner, directory) for name, inner in part.items()}


def _parsed_text(mrkdwn: str, directory: Directory) -> str:

    def channel(match: re.Match[str]) -> str:
        found = directory.named(match[1])
        return f"<#{found.id}|{found.name}>" if found and found.kind == "channel" else match[0]

    def parse(words: str) -> str:
        linked = _LINK.sub(lambda match: f"<{match[0]}>", words)
        parts = _MARKUP.split(_CHANNEL.sub(channel, linked))
        return "".join(p if p.startswith("<") else _EVERYBODY.sub(r"<!\1>", p) for p in parts)

    pieces = _LEFT_ALONE.split(mrkdwn)
    return "".join(p if _LEFT_ALONE.fullmatch(p) else parse(p) for p in pieces)


def rich_text_of(message: str) -> JsonList:
    """The block in which Slack keeps what a person typed, beside its text; here without styles."""
    elements = [_element(piece) for piece in _MARKUP.split(message) if piece]
    section = {"type": "rich_text_section", "elements": elements}
    return [{"type": "rich_text", "elements": [section]}]


def _element(piece: str) -> JsonObject:
    target = piece[1:-1].split("|", maxsplit=1)[0] if _MARKUP.fullmatch(piece) else ""
    match target[:1]:
        case "@":
            return {"type": "user", "user_id": target[1:]}
        case "#":
            return {"type": "channel", "channel_id": target[1:]}
        case "":
            return {"type": "text", "text": _unescaped(piece)}
        case _:
            return {"type": "link", "url": _unescaped(target)}


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _mark_up(text: str, directory: Directory, user_id: str, *, has_labels: bool) -> str:
    """A channel that the person who types does not see stays text."""
    by_name = _names(directory)

    def mention(match: re.Match[str]) -> str:
        user = by_name[match[1].lower()]
        return f"<@{user.id}|{user.name}>" if has_labels else f"<@{user.id}>"

    def channel(match: re.Match[str]) -> str:
        found = directory.named(match[1])
        is_seen = found is not None and directory.may_see(user_id, found)
        return f"<#{found.id}|{found.name}>" if found and is_seen else match[0]

    linked = _LINK.sub(lambda match: f"<{match[0]}>", text)
    # Only what is outside the links: an address may hold an @ or a #.
    parts = re.split(r"(<[^>]*>)", linked)
    marked = [p if p.startswith("<") else _CHANNEL.sub(channel, p) for p in parts]
    parts = re.split(r"(<[^>]*>)", "".join(marked))
    mentions = _mentions_of(by_name)
    return "".join(p if p.startswith("<") else mentions.sub(mention, p) for p in parts)


def _names(directory: Directory) -> dict[str, User]:
    """People by what they may be called: `ben`, `ben okafor`."""
    users = directory.users.values()
    full = {escape(user.real_name).lower(): user for user in users}
    return full | {user.name: user for user in users}


def _mentions_of(names: Iterable[str]) -> re.Pattern[str]:
    """An @ and one of these names, the longest that fits, and not the beginning of another."""
    longest_first = sorted(names, key=len, reverse=True)
    either = "|".join(re.escape(name) for name in longest_first)
    return re.compile(rf"(?<![\w<])@({either})(?![._-]*\w)", re.IGNORECASE)
