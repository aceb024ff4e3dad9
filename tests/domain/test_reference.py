"""How people name an incident."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_bot.domain.errors import IncidentNotFound
from incident_bot.domain.reference import parse_reference, reference


@pytest.mark.parametrize("text", ["12", "INC-12", "inc-12", "Inc-12", "inc12", " INC-12 ", "0012"])
def test_an_incident_is_named_in_several_ways(text: str) -> None:
    assert parse_reference(text) == 12


@pytest.mark.parametrize(
    "text",
    ["", " ", "INC-", "INC", "-12", "INC--12", "+12", "1.5", "1e3", "12 13", "INC-12x", "١٢", "१२"],
)
def test_other_text_names_none(text: str) -> None:
    assert parse_reference(text) is None


@pytest.mark.parametrize("text", [str(10**30), f"INC-{10**30}", "9" * 19, "9" * 5000])
def test_a_number_too_large_is_nobodys(text: str) -> None:
    assert parse_reference(text) == 0


def test_leading_zeros_do_not_make_a_number_large() -> None:
    assert parse_reference("0" * 30 + "7") == 7


def test_zero_is_nobodys() -> None:
    assert parse_reference("INC-0") == 0


def test_what_is_not_there_is_named() -> None:
    assert str(IncidentNotFound(12)) == "There is no incident INC-12."


def test_a_number_that_is_nobodys_is_answered_in_a_sentence() -> None:
    assert str(IncidentNotFound(0)) == "There is no incident with that number."


@settings(deadline=None, max_examples=100)
@given(st.integers(min_value=1, max_value=10**18 - 1))
def test_every_reference_names_its_incident(incident_id: int) -> None:
    assert parse_reference(reference(incident_id)) == incident_id


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=40))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    incident_id = parse_reference(text)

    assert incident_id is None or 0 <= incident_id < 2**63
