"""Severities as a team names them."""

import pytest

from incident_bot.domain.errors import UnknownSeverity
from incident_bot.domain.severity import Severities


@pytest.mark.parametrize("text", ["High", "high", " HIGH "])
def test_a_severity_is_read_in_any_case(text: str) -> None:
    assert Severities().parse(text) == "High"


def test_case_is_folded_as_languages_do() -> None:
    assert Severities(("Groß", "Klein")).parse("GROSS") == "Groß"


def test_an_unknown_severity_is_answered_with_the_nearest_and_all() -> None:
    with pytest.raises(UnknownSeverity) as refusal:
        Severities().parse("hihg")

    assert str(refusal.value) == (
        "“hihg” is not a severity. Did you mean High? Severities are Low, Medium, High."
    )


def test_nothing_is_guessed_where_nothing_is_near() -> None:
    with pytest.raises(UnknownSeverity, match=r"is not a severity\. Severities are"):
        Severities().parse("purple")


def test_a_long_wrong_severity_is_cut_in_the_answer() -> None:
    with pytest.raises(UnknownSeverity) as refusal:
        Severities().parse("x" * 5000)

    assert len(str(refusal.value)) < 150


def test_severities_are_ranked_from_least_to_most() -> None:
    assert [Severities().rank(name) for name in Severities()] == [1, 2, 3]


def test_a_removed_severity_has_no_rank_but_can_still_be_shown() -> None:
    severities = Severities()

    assert severities.rank("Critical") is None
    assert severities.including("Critical") == ("Low", "Medium", "High", "Critical")
    assert severities.including("Low") == ("Low", "Medium", "High")
