"""Refusals as facts: what they say is one plain text that is fit for every surface."""

import pytest

from incident_bot.domain.errors import IncidentError
from tests.refusals import REFUSALS, kinds


def test_each_kind_of_refusal_is_looked_at_here_and_on_every_surface() -> None:
    assert set(kinds()) - set(map(type, REFUSALS)) == set()


@pytest.mark.parametrize("error", REFUSALS, ids=lambda error: type(error).__name__)
def test_a_refusal_is_a_plain_sentence_for_whoever_reads_it(error: IncidentError) -> None:
    said = str(error)

    assert said.endswith((".", "?"))
    assert said != IncidentError.sentence
    for only_for_slack in ("`", "/incident", "<@", "<!date"):
        assert only_for_slack not in said
