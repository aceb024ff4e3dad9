"""The words that people see in the blocks of a message, as Slack would send them as text."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Final

from pydantic import BeforeValidator

_Json = Mapping[str, Any]

# Escaped as Slack's three characters are, unless they came so.
_AMPERSAND: Final = re.compile("&(?!(?:amp|lt|gt);)")
_WHOLE: Final = re.compile(r"```.+?```|`[^`\n]+`|<[^<>]*>", re.DOTALL)
_PLACE: Final = "\0"
_STYLED: Final = re.compile(r"(?<![\w*_~])([*_~])(?=\S)(.*?\S)\1(?![\w*_~])")
_MOST_NESTED: Final = 8
_LEAVES: Final = {
    "text": "{text}",
    "link": "<{url}>",
    "user": "<@{user_id}>",
    "usergroup": "<!subteam^{usergroup_id}>",
    "channel": "<#{channel_id}>",
    "broadcast": "<!{range}>",
    "emoji": ":{name}:",
    "date": "{fallback}",
}


def _only_blocks(value: object) -> tuple[_Json, ...]:
    """Whatever else comes is no reason to refuse a message."""
    parts = value if isinstance(value, list | tuple) else ()
    return tuple(part for part in parts if isinstance(part, Mapping))


SaidBlocks = Annotated[tuple[_Json, ...], BeforeValidator(_only_blocks)]


def words_in(blocks: Iterable[_Json]) -> str:
    """A line for each block that has words, without formatting; mentions and links stay."""
    return _lines(_words_of_block(block).strip() for block in blocks)


def _words_of_block(block: _Json) -> str:
    read = _READERS.get(str(block.get("type")))
    return read(block) if read else ""


def _titles(block: _Json) -> str:
    return _lines(_text(block.get(name)) for name in ("text", "title", "description"))


def _section(block: _Json) -> str:
    fields = (" ".join(_text(field).split()) for field in _list(block, "fields"))
    return _lines((_text(block.get("text")), *fields))


def _context(block: _Json) -> str:
    return " ".join(filter(None, map(_text, _list(block, "elements"))))


def _rich_text(block: _Json) -> str:
    return "\n".join(_rich(part).rstrip("\n") for part in _list(block, "elements"))


def _markdown(block: _Json) -> str:
    return str(block.get("text") or "")


def _table(block: _Json) -> str:
    return _lines(map(_row, _lists(block, "rows")))


def _row(cells: Iterable[_Json]) -> str:
    """A table's row; its cells are bare text or rich text."""
    words = (_words_of_block(cell) or _text(cell) for cell in cells)
    return " | ".join(" ".join(word.split()) for word in words)


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(filter(None, texts))


def _text(part: object) -> str:
    """Of a text object; anything else has no words."""
    if not isinstance(part, Mapping) or not isinstance(text := part.get("text"), str):
        return ""
    return _without_formatting(text) if part.get("type") == "mrkdwn" else _escaped(text)


def _without_formatting(mrkdwn: str) -> str:
    """Code spans, mentions and links are no place for formatting, but may be formatted whole."""
    text = mrkdwn.replace(_PLACE, "")
    wholes = iter(_WHOLE.findall(text))
    text = _WHOLE.sub(_PLACE, text)
    for _ in range(3):  # bold, italic and struck through, in one another
        text = _STYLED.sub(r"\2", text)
    return re.sub(_PLACE, lambda _: next(wholes).strip("`").strip("\n"), text)


def _rich(element: _Json, depth: int = 0) -> str:
    """The words of a rich text element and of everything inside it."""
    parts = _list(element, "elements") if depth < _MOST_NESTED else ()
    if element.get("type") == "rich_text_list":
        return "\n".join(f"• {_rich(part, depth + 1)}" for part in parts)
    return "".join(_rich(part, depth + 1) for part in parts) or _leaf(element)


def _leaf(element: _Json) -> str:
    """Nothing for what has no words, such as a color."""
    if element.get("type") == "link" and element.get("text"):
        form = "<{url}|{text}>"
    else:
        form = _LEAVES.get(str(element.get("type")), "")
    return form.format_map(_Escaped(element))


class _Escaped(dict[str, Any]):
    """What an element has, escaped; what it lacks is empty."""

    def __getitem__(self, name: str) -> str:
        return _escaped(str(self.get(name) or ""))


def _escaped(text: str) -> str:
    return _AMPERSAND.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")


def _lists(part: _Json, name: str) -> tuple[tuple[_Json, ...], ...]:
    given = part.get(name)
    return tuple(map(_only_blocks, given)) if isinstance(given, list | tuple) else ()


def _list(part: _Json, name: str) -> tuple[_Json, ...]:
    return _only_blocks(part.get(name))


_READERS: Final[Mapping[str, Callable[[_Json], str]]] = {
    "header": _titles,
    "section": _section,
    "context": _context,
    "rich_text": _rich_text,
    "markdown": _markdown,
    "table": _table,
    "image": _titles,
    "video": _titles,
}
