"""The words of blocks, as Slack would send them in a message's text."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_bot.slack.text.said_blocks import words_in

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "text", "elements", "fields", "rows", "title"]), inner
        )
    ),
    max_leaves=10,
)
_KINDS = ["header", "section", "context", "rich_text", "markdown", "divider", "image", "table"]


def rich(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": list(elements)}],
        }
    ]


def plain(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words}


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words, "style": {"bold": True}}


def an_item(words: str) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": [text(words)]}


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        (rich(text("Ask "), {"type": "user", "user_id": "U0BEN"}), "Ask <@U0BEN>"),
        (rich({"type": "usergroup", "usergroup_id": "S0OPS"}), "<!subteam^S0OPS>"),
        (rich({"type": "broadcast", "range": "here"}), "<!here>"),
        (rich({"type": "channel", "channel_id": "C0OPS"}), "<#C0OPS>"),
        (rich({"type": "emoji", "name": "fire"}), ":fire:"),
        (rich({"type": "date", "timestamp": 1, "fallback": "noon"}), "noon"),
        (rich({"type": "link", "url": "https://a.example"}), "<https://a.example>"),
        (
            rich({"type": "link", "url": "https://a.example", "text": "here"}),
            "<https://a.example|here>",
        ),
        (
            [
                {
                    "type": "rich_text",
                    "elements": [
                        {"type": "rich_text_section", "elements": [text("Two:\n")]},
                        {"type": "rich_text_list", "elements": [an_item("one"), an_item("two")]},
                        {"type": "rich_text_preformatted", "elements": [text("x = 1")]},
                    ],
                }
            ],
            "Two:\n• one\n• two\nx = 1",
        ),
        ([{"type": "markdown", "text": "# Down"}], "# Down"),
        ([{"type": "divider"}, {"type": "image", "alt_text": "a graph"}], ""),
        (
            [{"type": "image", "alt_text": "a graph", "title": plain("CPU of web-1")}],
            "CPU of web-1",
        ),
        (
            [{"type": "video", "title": plain("Replay"), "description": plain("How it broke")}],
            "Replay\nHow it broke",
        ),
        (
            [
                {
                    "type": "table",
                    "rows": [
                        [{"type": "raw_text", "text": "Host"}, {"type": "raw_text", "text": "Is"}],
                        [{"type": "raw_text", "text": "a < b"}, *rich(text("down"))],
                    ],
                }
            ],
            "Host | Is\na &lt; b | down",
        ),
    ],
)
def test_what_people_see_in_blocks_is_what_they_say(
    blocks: list[dict[str, Any]], words: str
) -> None:
    assert words_in(blocks) == words


@pytest.mark.parametrize(
    ("mrkdwn", "words"),
    [
        ("*bold* _italic_ ~struck~ `code`", "bold italic struck code"),
        ("*_both_*", "both"),
        ("```\nx *= 1\n```", "x *= 1"),
        ("a_b_c 2*3*4 `*x*`", "a_b_c 2*3*4 *x*"),
        (
            "*<https://a.example/_x_|the dashboard>* fires",
            "<https://a.example/_x_|the dashboard> fires",
        ),
    ],
)
def test_formatting_is_taken_out_of_mrkdwn(mrkdwn: str, words: str) -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn}}

    assert words_in([section]) == words


@settings(deadline=None)
@given(
    kind=st.sampled_from(_KINDS),
    block=st.dictionaries(st.sampled_from(["text", "elements", "fields"]), _JSON),
)
def test_odd_blocks_are_no_fault(kind: str, block: dict[str, Any]) -> None:
    assert isinstance(words_in([{"type": kind, **block}]), str)
