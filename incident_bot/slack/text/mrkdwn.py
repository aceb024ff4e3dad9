"""How text gets into messages: the one place that escapes it, cuts it and writes times.

People's words go into `plain_text` and `rich_text`, which show them as typed, or through `escape`.
"""

import re
from datetime import datetime, timedelta
from typing import Any, Final

from incident_bot.domain.actors import is_user_id
from incident_bot.slack.api.channels import is_channel_id

Block = dict[str, Any]

MESSAGE_LIMIT: Final = 4000
"""Slack refuses to update a message with a longer `text` (chat.update, msg_too_long)."""

_FORMATTING: Final = str.maketrans({mark: f"\u200b{mark}\u200b" for mark in "*_~`:"})
_STYLES: Final = str.maketrans({mark: f"\u200b{mark}\u200b" for mark in "*_~"})
_LINK: Final = re.compile(r"<(?P<target>[^<>|]+)(?:\|(?P<label>[^<>]*))?>")
# Only what Slack surely takes for one: it refuses all of a message for an address that is none.
_ADDRESS: Final = re.compile(
    r"^https?://[\w-]+(?:\.[\w-]+)+(?::\d{1,5})?(?:[/?#][\w./?#@!$&'()*+,;=:%~-]*)?$",
    re.MULTILINE | re.ASCII,
)
_SCHEME: Final = re.compile("^(?:https?://|mailto:|tel:)")
# In the order in which they can be replaced.
_ESCAPES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escape(text: str, limit: int = MESSAGE_LIMIT) -> str:
    """Make `text` harmless in mrkdwn and cut it to `limit`, counted as Slack does: escaped.

    Slack's three characters only (Formatting text, "Escaping text").
    """
    escaped = text
    for mark, entity in _ESCAPES.items():
        escaped = escaped.replace(mark, entity)
    if len(escaped) <= limit:
        return escaped
    room = limit - 1
    kept = []
    for character in text:
        piece = _ESCAPES.get(character, character)
        room -= len(piece)
        if room < 0:
            break
        kept.append(piece)
    return "".join(kept) + "…"


def unescape(text: str) -> str:
    """Undo Slack's escaping of what was typed, and of the mentions that it made of names.

    With `should_escape` a typed "@ana" comes as `<@U0ANA|ana>` (Slack, Slash commands).
    """
    text = _LINK.sub(_as_typed, text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _as_typed(match: re.Match[str]) -> str:
    target, label = match["target"], match["label"]
    if target[0] == "#":
        return f"#{label or 'a channel'}"
    if target[0] == "@":
        return f"@{label}" if label else target
    if target.startswith("!"):
        return _special(target, label)
    # A typed "example.com" comes as `<http://example.com|example.com>`.
    is_address = not label or _SCHEME.sub("", target).rstrip("/") == label.rstrip("/")
    return (label or target) if is_address or label == target else f"{label} ({target})"


def _special(target: str, label: str | None) -> str:
    """Of "@channel", a group of users, a date (Slack, Formatting text, "Special mentions")."""
    if target.startswith("!subteam^"):
        return f"@{label.removeprefix('@')}" if label else "@a user group"
    return label or re.sub("^!", "@", target)


def cut(text: str, limit: int) -> str:
    """Cut plain text to `limit` characters, an ellipsis at its end."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def unformatted(text: str) -> str:
    """Escape a sentence of ours in which somebody's words are quoted: they show as typed.

    Code spans stay, which our sentences have.
    """
    return escape(text).translate(_STYLES)


def channel_mention(destination: str) -> str:
    """A channel, given by ID or name, in mrkdwn."""
    return f"<#{destination}>" if is_channel_id(destination) else f"#{escape(destination)}"


def mention(actor: str | None) -> str:
    """A person in mrkdwn: a mention for a Slack user ID, else the name."""
    if actor is None:
        return "nobody"
    return f"<@{actor}>" if is_user_id(actor) else named(actor)


def named(name: str) -> str:
    """A name in mrkdwn: as it is written, whatever it looks like."""
    return escape(name).translate(_FORMATTING)


def link_to_announcement(permalink: str) -> str:
    """A link in mrkdwn."""
    return f"<{permalink}|Open the announcement>"


def moment(at: datetime) -> str:
    """A time in mrkdwn, shown in each reader's own time zone; UTC where that fails."""
    utc = at.strftime("%Y-%m-%d %H:%M UTC")
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}}|{utc}>"


def duration(time: timedelta) -> str:
    """A length of time in its two largest units, such as "2 h 5 min"."""
    minutes = max(int(time.total_seconds()), 0) // 60
    if minutes == 0:
        return "less than a minute"
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = [
        f"{number} {unit}"
        for number, unit in ((days, "d"), (hours, "h"), (minutes, "min"))
        if number
    ]
    return " ".join(parts[:2])


def mrkdwn(text: str) -> dict[str, Any]:
    """Text whose markup is read, but in which Slack finds no mentions, channels or links itself.

    Without `verbatim` a typed "@channel" or "#general" may become one (Slack, "Text object").
    """
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def section(text: str) -> Block:
    """`text` is mrkdwn."""
    return {"type": "section", "text": mrkdwn(text)}


def context(text: str) -> Block:
    """`text` is mrkdwn."""
    return {"type": "context", "elements": [mrkdwn(text)]}


def plain(text: str) -> dict[str, Any]:
    # Without emoji a typed ":fire:" shows as typed.
    return {"type": "plain_text", "text": text, "emoji": False}


def actions(*buttons: dict[str, Any]) -> Block:
    return {"type": "actions", "elements": list(buttons)}


def button(
    action_id: str, label: str, value: str | None = None, style: str | None = None
) -> dict[str, Any]:
    """`style` is "primary" or "danger"; what it says must be plain without the colour."""
    given = {"value": value, "style": style}
    return {
        "type": "button",
        "action_id": action_id,
        "text": plain(label),
        **{name: text for name, text in given.items() if text is not None},
    }


def typed(text: str) -> Block:
    """What a person wrote, as a block that shows it as typed."""
    return rich({"type": "rich_text_section", "elements": _with_links(text)})


def quoted(text: str) -> Block:
    """The same, as a quotation."""
    return rich({"type": "rich_text_quote", "elements": _with_links(text)})


def _with_links(text: str) -> list[dict[str, Any]]:
    """An address that has a line to itself can be followed: it leads where it says."""
    elements: list[dict[str, Any]] = []
    end = 0
    for match in _ADDRESS.finditer(text):
        elements.append({"type": "text", "text": text[end : match.start()]})
        elements.append({"type": "link", "url": match[0]})
        end = match.end()
    elements.append({"type": "text", "text": text[end:]})
    return [part for part in elements if part.get("text") != ""] or elements


def rich(*elements: dict[str, Any]) -> Block:
    return {"type": "rich_text", "elements": list(elements)}
