"""The terms under which text is found: the same on SQLite and on PostgreSQL.

Both databases get terms, never text: their own parsers disagree on what a word is.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

# Latin, Greek and Cyrillic accents. Marks of other scripts are vowels and tones, and stay.
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
# Invisible characters inside words, such as Persian's joiners.
_JOINERS: Final = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
# Thai, Lao, Tibetan, Burmese, Khmer and their neighbors, Chinese, Japanese, Yi; and Korean,
# which has spaces but appends particles to its nouns.
_UNSPACED_SCRIPTS: Final = (
    "\u0e00-\u109f\u1100-\u11ff\u1780-\u17ff\u1950-\u19ff\u1a20-\u1aaf\u1b00-\u1b7f"
    "\u3005-\u3007\u3021-\u30ff\u3100-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\ua4cf"
    "\ua960-\uaadf\uac00-\ud7ff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_UNSPACED: Final = re.compile(f"[{_UNSPACED_SCRIPTS}]")
_RUN: Final = re.compile(f"[{_UNSPACED_SCRIPTS}]+|[^{_UNSPACED_SCRIPTS}]+")
_ASCII_WORD: Final = re.compile("[0-9a-z]+")
# PostgreSQL refuses terms of more than 2,046 bytes.
_LONGEST: Final = 200

# No search asks for it: it is no letter. So no phrase goes from a title into a description.
_GAP: Final = "·"


@dataclass(frozen=True)
class Phrase:
    """Terms that have to follow one another; with `is_open` the last one may go on."""

    terms: tuple[str, ...]
    is_open: bool = False


def incident_terms(title: str, description: str) -> tuple[str, ...]:
    """What an incident is found by, in its order."""
    return (*_terms(title), _GAP, *_terms(description))


def phrase_of(word: str) -> Phrase:
    """What to look for when somebody searches for `word`; without terms for punctuation alone."""
    terms = list(_terms(word))
    if not terms or not _is_unspaced(terms[-1]):
        return Phrase(tuple(terms))
    if len(terms) > 1 and len(terms[-2]) > 1 and _is_unspaced(terms[-2]):
        # The pair before holds the last character, after which the text may go on.
        return Phrase(tuple(terms[:-1]))
    return Phrase(tuple(terms), is_open=True)


def telling_terms(text: str) -> Iterator[str]:
    """Terms that tell what `text` is about: words of three letters or more, and pairs."""
    for term in _terms(text):
        if len(term) > (1 if _is_unspaced(term) else 2):
            yield term


def _terms(text: str) -> Iterator[str]:
    """Words in lower case without accents; where no spaces part words, pairs of characters.

    A run of them ends with its last character alone: "東京都" is 東京, 京都, 都. So a search for
    any two characters or more is a search for pairs, and one for a single character for whatever
    begins with it.
    """
    if text.isascii():
        yield from (word[:_LONGEST] for word in _ASCII_WORD.findall(text.lower()))
        return
    for word in "".join(map(_letter_or_space, _folded(text))).split():
        for run in _RUN.findall(word):
            if _is_unspaced(run):
                yield from (run[place : place + 2] for place in range(len(run)))
            else:
                yield run[:_LONGEST]


def _folded(text: str) -> str:
    """Without case, accents, widths and other differences that people do not type."""
    text = _ACCENTS.sub("", unicodedata.normalize("NFKD", _JOINERS.sub("", text)))
    return unicodedata.normalize("NFC", text.casefold())


@lru_cache(maxsize=4096)
def _letter_or_space(character: str) -> str:
    # Letters, digits, marks of letters.
    return character if unicodedata.category(character)[0] in "LNM" else " "


def _is_unspaced(term: str) -> bool:
    return _UNSPACED.match(term) is not None
