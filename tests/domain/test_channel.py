"""Channels of incidents: their names, and what becomes of them."""

from datetime import datetime
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as some

from incident_bot.domain.actors import BOT, EVERYTHING, Viewer
from incident_bot.domain.channel import channel_names
from incident_bot.domain.incident import SHARED
from incident_bot.domain.responders import NOBODY, Responder, Responders
from incident_bot.domain.timeline import EntryKind
from tests.factories import ANA, BEN, CARA, after, an_incident, in_progress


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Checkout is down", "inc-12-checkout-is-down"),
        ("  --Checkout__is: DOWN!! ", "inc-12-checkout-is-down"),
        ("Käse & Öl für Zürich", "inc-12-kase-ol-fur-zurich"),
        ("ﬁle ①", "inc-12-file-1"),
        ("決済が止まった", "inc-12"),
        ("🔥🔥🔥", "inc-12"),
        ("x" * 200, "inc-12-" + "x" * 73),
        ("x" * 72 + " y" * 20, "inc-12-" + "x" * 72),
    ],
)
def test_a_channel_is_named_after_the_words_of_the_title(title: str, name: str) -> None:
    assert next(channel_names(an_incident(title=title))) == name


def test_what_is_private_is_not_told_by_the_name() -> None:
    assert next(channel_names(an_incident(title="Payroll", is_private=True))) == "inc-12-private"


def test_a_name_that_is_taken_gets_a_number() -> None:
    names = list(islice(channel_names(an_incident(title="x" * 200)), 11))

    assert [name[-3:] for name in names[1:]] == [*(f"x-{n}" for n in range(2, 10)), "-10", "-11"]
    assert {len(name) for name in names} == {80}


@given(title=some.text(max_size=200), number=some.integers(1, 2**53))
def test_whatever_the_title_slack_takes_the_name(title: str, number: int) -> None:
    for name in islice(channel_names(an_incident(id=number, title=title)), 12):
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
        assert name.startswith(f"inc-{number}")
        assert len(name) <= 80
        assert not name.endswith("-")


def test_a_channel_is_made_renamed_closed_and_opened() -> None:
    made = an_incident().make_channel("C0OWN", "inc-12-checkout", after(1))
    renamed = made.incident.rename_channel("war-room", ANA, after(2))
    closed = renamed.incident.close_channel(BEN, after(3))
    opened = closed.incident.open_channel(CARA, after(4))

    assert (made.incident.open_channel_id, made.incident.channel_name) == (
        "C0OWN",
        "inc-12-checkout",
    )
    assert renamed.incident.channel_name == "war-room"
    assert (closed.incident.channel_id, closed.incident.open_channel_id) == ("C0OWN", None)
    assert opened.incident.open_channel_id == "C0OWN"
    assert [change.entries[0].kind for change in (made, renamed, closed, opened)] == [
        EntryKind.CHANNEL_MADE,
        EntryKind.CHANNEL_RENAMED,
        EntryKind.CHANNEL_CLOSED,
        EntryKind.CHANNEL_OPENED,
    ]
    assert [change.entries[0].actor for change in (made, renamed, closed, opened)] == [
        BOT,
        ANA,
        BEN,
        CARA,
    ]


def test_what_is_so_already_changes_nothing() -> None:
    incident = an_incident(channel_id="C0OWN", channel_name="war-room")
    closed = incident.close_channel(BEN, after(3)).incident

    assert incident.rename_channel("war-room", ANA, after(2)).entries == ()
    assert incident.open_channel(ANA, after(2)).entries == ()
    assert closed.close_channel(ANA, after(4)).entries == ()
    assert an_incident().close_channel(ANA, after(4)).entries == ()
    assert an_incident().open_channel(ANA, after(4)).entries == ()


def test_a_private_incident_is_seen_by_its_people_alone() -> None:
    incident = in_progress(is_private=True, reported_by=CARA, lead=ANA)
    responders = Responders((Responder(BEN, after(1)),))

    seeing = [
        who
        for who in (ANA, BEN, CARA, "U0DAN", "monitor")
        if incident.is_visible_to(Viewer(who), responders)
    ]

    assert seeing == [ANA, BEN, CARA]
    assert incident.is_visible_to(Viewer("admin", sees_private=True), responders)
    assert incident.is_visible_to(EVERYTHING, NOBODY)
    assert in_progress().is_visible_to(Viewer("U0DAN"), NOBODY)


def test_a_name_that_rest_gave_is_not_the_person_of_that_id() -> None:
    incident = an_incident(is_private=True, reported_by=CARA, has_named_reporter=True)

    assert not incident.is_visible_to(Viewer(CARA), NOBODY)


def test_who_comes_into_a_private_channel_responds_and_who_leaves_does_not() -> None:
    incident = an_incident(is_private=True)

    entered = incident.enter(BEN, NOBODY, ANA, after(1))
    assert entered.responders is not None
    left = entered.incident.leave(BEN, entered.responders, after(2))

    assert entered.responders.find(BEN) is not None
    assert (left.responders, left.entries[0].kind) == (NOBODY, EntryKind.LEFT)
    assert incident.enter(CARA, NOBODY, ANA, after(1)).entries == (), "she reported it"
    assert incident.leave(BEN, NOBODY, after(1)).entries == ()


def test_who_comes_into_a_public_channel_only_listens() -> None:
    responders = Responders((Responder(BEN, after(1)),))

    assert an_incident().enter(BEN, NOBODY, ANA, after(1)).entries == ()
    assert an_incident().leave(BEN, responders, after(1)).entries == ()


def test_who_led_what_is_private_responds_from_then_on() -> None:
    change = in_progress(is_private=True, lead=ANA).hand_over(BEN, NOBODY, ANA, after(9))

    assert change.responders is not None
    assert change.responders.find(ANA) == Responder(ANA, after(9))
    assert in_progress(lead=ANA).hand_over(BEN, NOBODY, ANA, after(9)).responders is None


def test_another_id_is_no_news_of_the_incident() -> None:
    incident = an_incident(channel_id="G0OLD")

    moved = incident.move_channel("C0NEW")

    assert (moved.open_channel_id, moved.version) == ("C0NEW", incident.version + 1)
    assert moved.updated_at == incident.updated_at


@pytest.mark.parametrize("closed_at", [None, after(1)])
def test_a_shared_channel_is_closed_whatever_had_closed_it(closed_at: datetime | None) -> None:
    incident = an_incident(channel_id="C0OWN", channel_closed_at=closed_at)

    change = incident.close_shared_channel(after(2))

    [entry] = change.entries
    assert change.incident.open_channel_id is None
    assert (entry.kind, entry.actor, entry.text) == (EntryKind.CHANNEL_CLOSED, BOT, SHARED)
