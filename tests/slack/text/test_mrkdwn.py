"""How text gets into messages."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_bot.slack.text.mrkdwn import (
    Block,
    cut,
    duration,
    escape,
    mention,
    moment,
    quoted,
    typed,
    unescape,
)
from tests.factories import ANA, HOSTILE_TITLE, NOON

HOSTILE = st.text("<>&|!@#abc *_~`:/\n🔥\u200d", max_size=300)


def test_slacks_three_characters_are_escaped_and_no_other() -> None:
    assert escape("<!channel> & *x* \"'") == "&lt;!channel&gt; &amp; *x* \"'"


def test_what_was_escaped_already_is_shown_as_it_was_typed() -> None:
    assert escape("&lt;") == "&amp;lt;"


def test_length_is_counted_as_slack_does() -> None:
    assert escape("&&&&", 20) == "&amp;&amp;&amp;&amp;"
    assert escape("&&&&", 19) == "&amp;&amp;&amp;…"


@settings(deadline=None, max_examples=100)
@given(HOSTILE, st.integers(min_value=1, max_value=400))
def test_cut_text_fits_and_is_harmless(text: str, limit: int) -> None:
    escaped = escape(text, limit)

    assert len(escaped) <= limit
    assert "<" not in escaped
    assert ">" not in escaped


@settings(deadline=None, max_examples=100)
@given(HOSTILE, st.integers(min_value=1, max_value=400))
def test_no_escape_is_cut_in_the_middle(text: str, limit: int) -> None:
    kept = escape(text, limit).removesuffix("…")

    assert text.startswith(kept.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


@settings(deadline=None, max_examples=100)
@given(HOSTILE)
def test_escaping_can_be_undone(text: str) -> None:
    assert unescape(escape(text, 5000)) == text


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("<@U0ANA|ana>", "@ana"),
        ("<@U0ANA>", "@U0ANA"),
        ("<#C0INC|incidents>", "#incidents"),
        ("<#C0INC>", "#a channel"),
        ("<#C0INC|>", "#a channel"),
        ("<http://example.com|example.com>", "example.com"),
        ("<https://example.com/a?b=1&amp;c=2>", "https://example.com/a?b=1&c=2"),
        ("<!here|@here>", "@here"),
        ("<!channel>", "@channel"),
        ("<!subteam^S0OPS|@ops>", "@ops"),
        ("<!subteam^S0OPS>", "@a user group"),
        ("<!date^1^{date}|noon>", "noon"),
        ("<https://a.example/?x=1&amp;y=2|the graph>", "the graph (https://a.example/?x=1&y=2)"),
        ("<https://example.com/|example.com>", "example.com"),
        ("<mailto:ana@example.com|ana@example.com>", "ana@example.com"),
        ("<mailto:ana@example.com|Ana>", "Ana (mailto:ana@example.com)"),
        ("&lt;!channel&gt; &amp;lt;", "<!channel> &lt;"),
        ("a < b", "a < b"),
        ("<>", "<>"),
    ],
)
def test_what_slack_made_of_typed_text_is_undone(sent: str, typed: str) -> None:
    assert unescape(sent) == typed


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("ab cd", 4, "ab…"), ("🔥🔥🔥", 2, "🔥…")],
)
def test_plain_text_is_cut_with_an_ellipsis(text: str, limit: int, shown: str) -> None:
    assert cut(text, limit) == shown


def test_a_user_is_mentioned() -> None:
    assert mention(ANA) == "<@U0ANA>"


def test_nobody_is_nobody() -> None:
    assert mention(None) == "nobody"


@settings(deadline=None, max_examples=100)
@given(HOSTILE)
def test_another_name_pings_nobody_and_is_not_formatted(name: str) -> None:
    shown = mention(name)

    assert "<" not in shown
    assert shown.replace("\u200b", "") == escape(name).replace("\u200b", "")


def test_a_hostile_name_shows_as_typed() -> None:
    assert unescape(mention(HOSTILE_TITLE)).replace("\u200b", "") == HOSTILE_TITLE


@pytest.mark.parametrize("shows", [typed, quoted])
def test_an_address_on_a_line_of_its_own_can_be_followed(shows: Callable[[str], Block]) -> None:
    address = "https://wiki.example.com:8443/run/book?step=1#top"

    [[before, link, after]] = [part["elements"] for part in shows(f"See\n{address}\nx")["elements"]]

    assert link == {"type": "link", "url": address}
    assert (before["text"], after["text"]) == ("See\n", "\nx")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "see https://a.example",
        "https://a.example is down",
        "https://a",
        "https://a.example/<b>",
        "https://a.example|b",
        "https://user@a.example",
        "https://ä.example",
        "javascript://a.example",
    ],
)
def test_what_is_no_address_alone_stays_text(text: str) -> None:
    [section] = typed(text)["elements"]

    assert section["elements"] == [{"type": "text", "text": text}]


def test_a_moment_is_shown_in_the_readers_zone_and_in_utc_where_that_fails() -> None:
    assert moment(NOON) == ("<!date^1795348800^{date_short_pretty} at {time}|2026-11-22 12:00 UTC>")


def test_a_moment_in_a_leap_day_is_right() -> None:
    leap = datetime(2028, 2, 29, 23, 59, tzinfo=UTC)

    assert "|2028-02-29 23:59 UTC>" in moment(leap)


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (timedelta(seconds=-5), "less than a minute"),
        (timedelta(), "less than a minute"),
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=2, minutes=5), "2 h 5 min"),
        (timedelta(days=1, minutes=5), "1 d 5 min"),
        (timedelta(days=3, hours=4, minutes=5), "3 d 4 h"),
        (timedelta(days=400), "400 d"),
    ],
)
def test_a_duration_is_told_in_its_two_largest_units(time: timedelta, words: str) -> None:
    assert duration(time) == words
