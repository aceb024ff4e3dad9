"""Rich text: sections, lists, quotes and code, and the pieces of which they are made."""

from incident_bot.sandbox.block_kit.rules import (
    Rule,
    boolean,
    integer,
    items,
    one_of,
    shape,
    string,
    typed,
)

_MANY = 10_000
_STYLE = shape({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), boolean))
_ID = string(255)


def _piece(kind: str, required: dict[str, Rule], optional: dict[str, Rule] | None = None) -> Rule:
    return shape({"type": one_of(kind), **required}, {"style": _STYLE, **(optional or {})})


_TEXT = _piece("text", {"text": string(_MANY)})
_LINK = _piece("link", {"url": string(3000)}, {"text": string(_MANY), "unsafe": boolean})
_PIECES = {
    "text": _TEXT,
    "link": _LINK,
    "emoji": _piece(
        "emoji",
        {"name": string(255)},
        {"unicode": string(255), "skin_tone": integer(1, 6), "url": string(3000)},
    ),
    "user": _piece("user", {"user_id": _ID}),
    "channel": _piece("channel", {"channel_id": _ID}),
    "usergroup": _piece("usergroup", {"usergroup_id": _ID}),
    "broadcast": _piece("broadcast", {"range": one_of("here", "channel", "everyone")}),
    "date": _piece(
        "date",
        {"timestamp": integer(0, 10**11), "format": string(255)},
        {"url": string(3000), "fallback": string(_MANY)},
    ),
}
_SECTION = shape(
    {"type": one_of("rich_text_section"), "elements": items(typed(_PIECES), _MANY, least=0)}
)

RICH_TEXT = shape(
    {
        "type": one_of("rich_text"),
        "elements": items(
            typed(
                {
                    "rich_text_section": _SECTION,
                    "rich_text_list": shape(
                        {
                            "type": one_of("rich_text_list"),
                            "style": one_of("bullet", "ordered"),
                            "elements": items(typed({"rich_text_section": _SECTION}), _MANY),
                        },
                        {"indent": integer(0, 8), "offset": integer(0, _MANY)},
                    ),
                    "rich_text_preformatted": shape(
                        {
                            "type": one_of("rich_text_preformatted"),
                            "elements": items(typed({"text": _TEXT, "link": _LINK}), _MANY),
                        }
                    ),
                    "rich_text_quote": shape(
                        {
                            "type": one_of("rich_text_quote"),
                            "elements": items(typed(_PIECES), _MANY),
                        }
                    ),
                }
            ),
            _MANY,
        ),
    },
    {"block_id": _ID},
)
