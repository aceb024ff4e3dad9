"""Who hears of what happens to an incident."""

import pytest

from incident_bot.domain.audience import Audience, Hearer, Reason, hearers_of
from incident_bot.domain.timeline import EntryKind
from tests.factories import ANA, BEN, CARA, INCIDENTS, an_entry

OWN = "C0OWN"


@pytest.mark.parametrize(("owner", "hears"), [(BEN, True), (ANA, False), (None, False)])
def test_an_owner_hears_of_an_action_item_that_somebody_else_gave_them(
    owner: str | None, *, hears: bool
) -> None:
    entry = an_entry(EntryKind.ACTION_ITEM_ADDED, actor=ANA, after=owner)

    heard = hearers_of(entry, Audience((INCIDENTS,), followers=(CARA,)))

    assert heard == ((Hearer(BEN, Reason.ABOUT_THEM),) if hears else ())


def test_an_update_is_heard_where_it_is_announced_and_by_followers_but_its_author() -> None:
    entry = an_entry(EntryKind.UPDATE_POSTED, actor=ANA, text="Rolled back.")

    heard = hearers_of(entry, Audience((OWN, INCIDENTS), OWN, followers=(ANA, BEN)))

    assert heard == (
        Hearer(OWN, Reason.WORKED_ON_THERE),
        Hearer(INCIDENTS, Reason.ANNOUNCED_THERE),
        Hearer(BEN, Reason.FOLLOWS),
    )
