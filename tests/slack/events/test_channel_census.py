"""What has happened to a channel, told by how it is."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from incident_bot.domain.incident import SHARED
from incident_bot.domain.responders import Responder, Responders
from incident_bot.slack.events.channel_census import SeenChannel, missed_events
from incident_bot.store.channels import KnownChannel
from tests.factories import ANA, BEN, CARA, NOON, an_incident, in_progress

OWN = "C0OWN"
NAME = "inc-12-checkout"
OPEN = KnownChannel(OWN, an_incident(channel_id=OWN, channel_name=NAME), Responders())
CLOSED = KnownChannel(
    OWN, an_incident(channel_id=OWN, channel_name=NAME, channel_closed_at=NOON), Responders()
)
RESTRICTED = replace(CLOSED, closed_for="no posting there (restricted_action)")
FOR_BEING_SHARED = replace(CLOSED, closed_for=SHARED)
# Cara reported it, Ana leads it, Ben responds.
PRIVATE = KnownChannel(
    OWN,
    in_progress(channel_id=OWN, channel_name=NAME, is_private=True),
    Responders((Responder(BEN, NOON),)),
)


def seen(
    name: str = NAME,
    *members: str,
    is_archived: bool = False,
    has_bot: bool = True,
    is_shared: bool = False,
) -> SeenChannel:
    return SeenChannel(name, is_archived, has_bot, frozenset(members), is_shared)


@pytest.mark.parametrize(
    ("known", "shown", "kinds"),
    [
        (OPEN, seen(), []),
        (OPEN, seen("war-is-over"), ["channel_rename"]),
        (OPEN, seen(is_archived=True), ["channel_archive"]),
        (OPEN, seen("war-is-over", is_archived=True), ["channel_rename", "channel_archive"]),
        (OPEN, seen(has_bot=False), ["channel_left"]),
        (OPEN, None, ["channel_left"]),
        (CLOSED, None, []),
        (CLOSED, seen(has_bot=False), []),
        (CLOSED, seen(is_archived=True), []),
        (CLOSED, seen(), ["channel_unarchive"]),
        (CLOSED, seen("war-is-over"), ["channel_rename", "channel_unarchive"]),
        (RESTRICTED, seen(), []),
        (OPEN, seen(is_shared=True), []),
        (CLOSED, seen(is_shared=True), ["channel_unarchive"]),
        (FOR_BEING_SHARED, seen(is_shared=True), []),
        (FOR_BEING_SHARED, seen(), ["channel_unarchive"]),
        (FOR_BEING_SHARED, seen(is_archived=True), []),
    ],
)
def test_what_was_done_to_a_channel_is_told_by_how_it_is(
    known: KnownChannel, shown: SeenChannel | None, kinds: Sequence[str]
) -> None:
    events = list(missed_events(known, shown))

    assert [event.kind for event in events] == kinds
    assert {event.channel_id for event in events} <= {OWN}


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ((CARA, ANA, BEN), []),
        ((BEN,), []),
        ((CARA, ANA), [("member_left_channel", BEN)]),
        ((CARA, "U0GUS", BEN), [("member_joined_channel", "U0GUS")]),
        (
            ("U0GUS",),
            [("member_left_channel", BEN), ("member_joined_channel", "U0GUS")],
        ),
    ],
)
def test_who_came_to_a_private_channel_and_who_left_is_told_by_who_is_there(
    members: Sequence[str], expected: Sequence[tuple[str, str]]
) -> None:
    events = missed_events(PRIVATE, seen(NAME, *members))

    assert [(event.kind, event.user_id) for event in events] == expected


def test_who_is_in_a_public_channel_tells_nothing() -> None:
    assert list(missed_events(OPEN, seen(NAME, "U0GUS"))) == []


@pytest.mark.parametrize(
    "known",
    [
        replace(PRIVATE, uninvited=frozenset({"U0DAN"})),
        replace(PRIVATE, being_invited=frozenset({"U0DAN"})),
    ],
    ids=["refused", "being invited"],
)
def test_only_who_was_never_in_a_private_channel_has_not_left(known: KnownChannel) -> None:
    """One refused invitation says nothing about the others."""
    both = Responders((Responder(BEN, NOON), Responder("U0DAN", NOON)))
    known = replace(known, responders=both)

    events = list(missed_events(known, seen(NAME, CARA, ANA)))

    assert [(event.kind, event.user_id) for event in events] == [("member_left_channel", BEN)]


def test_who_is_in_the_channel_although_slack_did_not_let_them_in_has_come() -> None:
    known = replace(PRIVATE, uninvited=frozenset({BEN}))

    events = list(missed_events(known, seen(NAME, CARA, ANA, BEN)))

    assert [(event.kind, event.user_id) for event in events] == [("member_joined_channel", BEN)]


def test_who_came_to_a_private_channel_while_it_was_closed_is_invited_first() -> None:
    closed = replace(PRIVATE.incident, channel_closed_at=NOON)

    events = missed_events(replace(PRIVATE, incident=closed), seen(NAME, CARA, ANA))

    assert [event.kind for event in events] == ["channel_unarchive"]


def test_who_left_a_private_channel_that_is_closed_for_being_shared_is_noticed() -> None:
    closed = replace(PRIVATE.incident, channel_closed_at=NOON)
    known = replace(PRIVATE, incident=closed, closed_for=SHARED)

    events = missed_events(known, seen(NAME, CARA, ANA, is_shared=True))

    assert [(event.kind, event.user_id) for event in events] == [("member_left_channel", BEN)]
