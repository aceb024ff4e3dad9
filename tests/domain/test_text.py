"""What people typed, made safe to store."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from incident_bot.domain.text import many_lines, one_line
from tests.factories import a_declaration

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=200)
INVISIBLE = [
    "\u00ad",  # soft hyphen
    "\u034f",  # combining grapheme joiner
    "\u061c",  # arabic letter mark
    "\u115f",  # hangul choseong filler
    "\u1160",  # hangul jungseong filler
    "\u17b4",  # khmer inherent vowel
    "\u180e",  # mongolian vowel separator
    "\u200b",  # zero-width space
    "\u200c",  # zero-width non-joiner
    "\u200d",  # zero-width joiner
    "\u2060",  # word joiner
    "\u206a",  # inhibit symmetric swapping
    "\u2800",  # braille blank
    "\u3164",  # hangul filler
    "\ufe0f",  # variation selector
    "\ufeff",  # byte order mark
    "\uffa0",  # halfwidth hangul filler
    "\ufff9",  # interlinear annotation anchor
    "\U000e0001",  # language tag
    "\U000e0061",  # tag letter
    "\U000e0100",  # variation selector supplement
]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Checkout   down ", "Checkout down"),
        ("Checkout\ndown", "Checkout down"),
        ("Checkout\r\n\r\ndown", "Checkout down"),
        ("Checkout\u2028down\u2029now\x85!", "Checkout down now !"),
        ("Checkout\tdown", "Checkout down"),
        ("Checkout\x00down\x07now", "Checkout down now"),
        ("Checkout\u00a0down", "Checkout down"),
    ],
)
def test_a_title_is_one_line_with_single_spaces(typed: str, stored: str) -> None:
    assert one_line(typed) == stored


def test_a_description_keeps_its_lines() -> None:
    assert many_lines("\n First\r\n\r\nSecond\x0bThird\n") == "First\n\nSecond\nThird"


def test_a_description_loses_its_control_characters() -> None:
    assert many_lines("Pay\x00ments\x1b[31m\x7f") == "Payments[31m"


@pytest.mark.parametrize("mark", [*"\u202a\u202b\u202c\u202d\u202e", *"\u2066\u2067\u2068\u2069"])
def test_direction_marks_are_dropped(mark: str) -> None:
    assert one_line(f"pay{mark}ments") == "payments"


@pytest.mark.parametrize("mark", ["\u200b", "\u200e", "\u200f", "\u2060", "\ufeff", "\u206f"])
def test_zero_width_marks_are_dropped(mark: str) -> None:
    assert one_line(f"pay{mark}ments") == "payments"


def test_text_is_composed() -> None:
    assert one_line("Cafe\u0301") == "Caf\u00e9"


def test_letters_that_a_mark_had_parted_are_composed() -> None:
    assert one_line("Cafe\u200b\u0301") == "Caf\u00e9"


def test_lone_surrogates_are_dropped() -> None:
    assert one_line("pay\ud83dments\udc00") == "payments"


@pytest.mark.parametrize(
    "emoji",
    [
        "👩\u200d🚒",  # joined
        "❤\ufe0f",  # with a variation selector
        "👍🏽",  # with a skin tone
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # a flag made of tags
    ],
)
def test_emoji_are_kept_whole(emoji: str) -> None:
    assert one_line(f"{emoji} down") == f"{emoji} down"


def test_letters_that_need_a_joiner_keep_it() -> None:
    persian = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"

    assert one_line(persian) == persian


@pytest.mark.parametrize("character", INVISIBLE)
def test_text_of_only_invisible_characters_is_empty(character: str) -> None:
    assert many_lines(f" {character}{character} {character}") == ""


@pytest.mark.parametrize("title", ["", "   ", "\n\t", "\u200b\u200d", "\u202e", "\u3164"])
def test_a_blank_title_is_refused(title: str) -> None:
    with pytest.raises(ValidationError):
        a_declaration(title=title)


def test_a_title_has_200_characters_at_most() -> None:
    assert a_declaration(title="x" * 200).title == "x" * 200

    with pytest.raises(ValidationError):
        a_declaration(title="x" * 201)


def test_length_counts_after_cleaning() -> None:
    declaration = a_declaration(title="x" * 200 + "\u200b" * 50 + " " * 50)

    assert declaration.title == "x" * 200


def test_a_description_has_3000_characters_at_most() -> None:
    assert len(a_declaration(description="🔥" * 3000).description) == 3000

    with pytest.raises(ValidationError):
        a_declaration(description="🔥" * 3001)


def test_a_reporter_has_100_characters_at_most() -> None:
    with pytest.raises(ValidationError):
        a_declaration(reported_by="x" * 101)


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(ValidationError):
        a_declaration(title=12)


@settings(deadline=None, max_examples=100)
@given(ANY_TEXT)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = many_lines(text)

    assert many_lines(once) == once
    assert one_line(one_line(text)) == one_line(text)


@settings(deadline=None, max_examples=100)
@given(ANY_TEXT)
def test_clean_text_is_one_line_that_can_be_stored(text: str) -> None:
    line = one_line(text)

    assert line.encode("utf-8").decode("utf-8") == line
    assert not any(unicodedata.category(character) in {"Cc", "Cs"} for character in line)
    assert len(line.splitlines()) <= 1
