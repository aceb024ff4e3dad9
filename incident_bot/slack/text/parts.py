"""What a message says, written once: as parts, of which its blocks and its text are both made.

Notifications and screen readers give the text alone (Slack, chat.postMessage, "Accessibility").
"""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, Final, NamedTuple

from incident_bot.slack.text.mrkdwn import (
    MESSAGE_LIMIT,
    Block,
    actions,
    context,
    cut,
    escape,
    mention,
    mrkdwn,
    plain,
    quoted,
    rich,
    section,
    typed,
)

_HEADER_LIMIT: Final = 150

Theirs = Callable[[int], str]
"""People's words in mrkdwn, cut to as many characters as there is room for."""

Words = str | Theirs
"""Ours, in mrkdwn, which are never cut, or people's."""


class Message(NamedTuple):
    """`text` says all that `blocks` say."""

    text: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Part:
    """Blocks, and what they say in words; buttons have none."""

    blocks: tuple[Block, ...]
    words: tuple[Words, ...] = ()


def rendered(parts: Iterable[Part]) -> Message:
    """The message. Its text has a line for each part, and is as long as Slack takes at most."""
    whole = joined("\n", *parts)
    return Message(_fitted(whole.words, MESSAGE_LIMIT), whole.blocks)


def joined(separator: str, *parts: Part) -> Part:
    """Several parts as one, whose words are on one line."""
    said = (part.words for part in parts if part.words)
    words = tuple(chain.from_iterable((separator, *words) for words in said))[1:]
    return Part(tuple(chain.from_iterable(part.blocks for part in parts)), words)


def header(before: str, title: str) -> Part:
    """A title, `before` which something of ours stands; one too long for a header is repeated."""
    words = f"{before} · {title}"
    blocks: tuple[Block, ...] = ({"type": "header", "text": plain(cut(words, _HEADER_LIMIT))},)
    if len(words) > _HEADER_LIMIT:
        blocks = (*blocks, typed(title))
    return Part(blocks, (f"{before} ", partial(escape, title)))


def sentence(text: str) -> Part:
    """Our words, in mrkdwn."""
    return Part((section(text),), (text,))


def aside(text: str) -> Part:
    """Our words, in mrkdwn, shown small."""
    return Part((context(text),), (text,))


def as_typed(text: str) -> Part:
    """A person's words."""
    return Part((typed(text),), (partial(escape, text),))


def quotation(text: str) -> Part:
    """A person's words, shown as a quotation."""
    return Part((quoted(text),), (partial(escape, text),))


def facts(by_name: Mapping[str, str]) -> Part:
    """Up to ten facts, in mrkdwn."""
    fields = [mrkdwn(f"*{name}*\n{fact}") for name, fact in by_name.items()]
    words = " ".join(f"{name}: {fact}." for name, fact in by_name.items())
    return Part(({"type": "section", "fields": fields},), (words,))


def buttons(*elements: dict[str, Any]) -> Part:
    return Part((actions(*elements),))


def lines(parts: Iterable[Part]) -> Part:
    """Parts with a line each; the text says how many there are for which it has no room."""
    parts = tuple(parts)
    whole = [_fitted(part.words, sys.maxsize) for part in parts]
    return Part(joined("", *parts).blocks, (partial(_as_many_as_fit, whole),))


def bullets(sections: Sequence[dict[str, Any]]) -> Part:
    """Sections of rich text as a list, with a line each; the text leaves out where links lead."""
    shown = rich({"type": "rich_text_list", "style": "bullet", "elements": sections})
    whole = ["".join(map(_in_mrkdwn, section["elements"])) for section in sections]
    return Part((shown,), (partial(_as_many_as_fit, whole),))


def _in_mrkdwn(element: Mapping[str, Any]) -> str:
    """An element of rich text."""
    match element["type"]:
        case "user":
            return mention(element["user_id"])
        case "date":
            return "<!date^{timestamp}^{format}|{fallback}>".format_map(element)
        case _:
            return escape(element["text"])


def _fitted(words: Sequence[Words], limit: int) -> str:
    room = limit - sum(len(ours) for ours in words if isinstance(ours, str))
    theirs = iter(_together([one for one in words if not isinstance(one, str)], room))
    return "".join(one if isinstance(one, str) else next(theirs) for one in words)


def _together(theirs: Sequence[Theirs], limit: int) -> list[str]:
    """Several texts in `limit` characters: short ones whole, long ones share the rest."""
    fitted = [one(sys.maxsize) for one in theirs]
    by_length = sorted(range(len(fitted)), key=lambda number: len(fitted[number]))
    for left, number in zip(range(len(fitted), 0, -1), by_length, strict=True):
        if len(fitted[number]) > limit // left:
            fitted[number] = theirs[number](limit // left)
        limit -= len(fitted[number])
    return fitted


def _as_many_as_fit(whole: Sequence[str], limit: int) -> str:
    room = limit - len(f"… and {len(whole)} more")
    shown = 0
    while shown < len(whole) and len(whole[shown]) < room:
        room -= len(whole[shown]) + 1
        shown += 1
    left = len(whole) - shown
    return "\n".join([*whole[:shown], *([f"… and {left} more"] if left else [])])
