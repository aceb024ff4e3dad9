"""Parts, of which a message's blocks and its text are both made."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_bot.slack.text.mrkdwn import MESSAGE_LIMIT, button, escape
from incident_bot.slack.text.parts import (
    Part,
    as_typed,
    aside,
    bullets,
    buttons,
    facts,
    header,
    joined,
    lines,
    quotation,
    rendered,
    sentence,
)
from tests.factories import ANA
from tests.slack.support import shown, texts_of

HOSTILE = st.text("<>&|!@#abc *_~`:/\n🔥\u200d", max_size=300)


def kinds_of(part: Part) -> list[str]:
    return [block["type"] for block in part.blocks]


def test_each_part_has_a_block_and_a_line() -> None:
    parts = (sentence("*Down*"), as_typed("<b>"), quotation("a & b"), aside("since noon"))

    text, blocks = rendered(parts)

    assert text == "*Down*\n&lt;b&gt;\na &amp; b\nsince noon"
    assert [block["type"] for block in blocks] == ["section", "rich_text", "rich_text", "context"]


def test_buttons_say_nothing() -> None:
    part = buttons(button("resolve", "Resolve"))

    assert rendered([sentence("Down"), part, aside("since noon")]).text == "Down\nsince noon"
    assert kinds_of(part) == ["actions"]


def test_what_is_joined_has_one_line() -> None:
    part = joined(": ", sentence("Ana noted"), quotation("Up"), buttons(button("edit", "Edit")))

    assert rendered([part]).text == "Ana noted: Up"
    assert kinds_of(part) == ["section", "rich_text", "actions"]


def test_facts_are_named_in_the_text_too() -> None:
    text, blocks = rendered([facts({"Status": "Open", "Lead": f"<@{ANA}>"})])

    assert text == "Status: Open. Lead: <@U0ANA>."
    assert list(texts_of(blocks, "mrkdwn")) == ["*Status*\nOpen", "*Lead*\n<@U0ANA>"]


def test_a_title_that_a_header_cuts_is_repeated_and_said_once() -> None:
    title = "x" * 200

    text, blocks = rendered([header("🔺 INC-12", title)])

    assert text == f"🔺 INC-12 {title}"
    assert [block["type"] for block in blocks] == ["header", "rich_text"]
    assert shown(blocks) == f"🔺 INC-12 · {'x' * 138}…\n{title}"


def test_short_texts_are_kept_whole_and_long_ones_share_the_rest() -> None:
    text, blocks = rendered([as_typed("&" * 2), as_typed("x" * 3000), quotation("y" * 5000)])

    short, long, longer = text.split("\n")
    assert short == "&amp;&amp;"
    assert (len(long), len(longer)) == (1994, 1994)
    assert "y" * 5000 in shown(blocks)


@settings(deadline=None, max_examples=100)
@given(st.lists(HOSTILE, max_size=4), st.integers(min_value=1, max_value=40))
def test_texts_that_share_a_message_fit_it(texts: list[str], times: int) -> None:
    long = [text * times for text in texts]

    said = rendered(map(as_typed, long)).text

    whole = "\n".join(escape(text, 10**6) for text in long)
    assert len(said) <= MESSAGE_LIMIT
    assert said == whole or len(whole) > MESSAGE_LIMIT


@pytest.mark.parametrize("is_list", [True, False])
def test_of_lines_for_which_there_is_no_room_it_says_how_many(*, is_list: bool) -> None:
    line = "x" * 999
    element = {"type": "rich_text_section", "elements": [{"type": "text", "text": line}]}
    part = bullets([element] * 9) if is_list else lines([sentence(line)] * 9)

    text, blocks = rendered([sentence("Nine"), part, aside("That is all.")])

    assert text == f"Nine\n{line}\n{line}\n{line}\n… and 6 more\nThat is all."
    assert str(blocks).count(line) == 9


def test_a_line_of_rich_text_is_said_without_its_links() -> None:
    elements = [
        {"type": "link", "url": "https://example.com", "text": "INC-12"},
        {"type": "text", "text": " <Down> "},
        {"type": "date", "timestamp": 1, "format": "since {time}", "fallback": "since then"},
        {"type": "text", "text": " · "},
        {"type": "user", "user_id": ANA},
    ]

    text, _ = rendered([bullets([{"type": "rich_text_section", "elements": elements}])])

    assert text == "INC-12 &lt;Down&gt; <!date^1^since {time}|since then> · <@U0ANA>"
