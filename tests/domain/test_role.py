"""Roles as a team names them."""

import pytest

from incident_bot.domain.errors import UnknownRole
from incident_bot.domain.role import Roles


@pytest.mark.parametrize("text", ["Scribe", "scribe", " SCRIBE "])
def test_a_role_is_read_in_any_case(text: str) -> None:
    assert Roles().parse(text) == "Scribe"


def test_an_unknown_role_is_answered_with_the_nearest_and_all() -> None:
    with pytest.raises(UnknownRole) as refusal:
        Roles().parse("coms")

    assert str(refusal.value) == ("“coms” is not a role. Roles are Lead, Communications, Scribe.")
    with pytest.raises(UnknownRole, match=r"Did you mean Scribe\?"):
        Roles().parse("scirbe")


def test_a_long_wrong_role_is_cut_in_the_answer() -> None:
    with pytest.raises(UnknownRole) as refusal:
        Roles().parse("x" * 5000)

    assert len(str(refusal.value)) < 150


def test_the_first_role_is_the_leads() -> None:
    roles = Roles(("Commander", "Eyes"))

    assert (roles.lead, roles.others) == ("Commander", ("Eyes",))
