"""What the stand-in makes of what people type."""

import pytest

from incident_bot.sandbox.text import rich_text_of


@pytest.mark.parametrize(
    ("text", "elements"),
    [
        ("a &lt; b", [{"type": "text", "text": "a < b"}]),
        (
            "<@U0BEN> see <#C0OPS|ops>",
            [
                {"type": "user", "user_id": "U0BEN"},
                {"type": "text", "text": " see "},
                {"type": "channel", "channel_id": "C0OPS"},
            ],
        ),
        (
            "<https://a.example/?a=1&amp;b=2>",
            [{"type": "link", "url": "https://a.example/?a=1&b=2"}],
        ),
    ],
)
def test_a_typed_message_has_a_block_as_well(text: str, elements: list[dict[str, str]]) -> None:
    [block] = rich_text_of(text)

    assert block == {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": elements}],
    }
