"""Each kind of timeline entry has its sentences, wherever it is told."""

from incident_bot.domain.timeline import EntryKind
from incident_bot.slack.messages.entries import SENTENCES


def test_every_kind_has_its_sentences() -> None:
    assert SENTENCES.keys() == set(EntryKind)


def test_channels_hear_of_a_kind_just_where_there_are_words_for_them() -> None:
    told = {kind for kind, sentences in SENTENCES.items() if sentences.told}

    assert told == {kind for kind in EntryKind if kind.facts.is_told}


def test_whoever_is_told_in_person_has_words_of_their_own() -> None:
    for_person = {kind for kind in EntryKind if kind.facts.for_person}

    assert for_person <= {kind for kind, sentences in SENTENCES.items() if sentences.in_person}
