"""Undoing: who may, until when, and what it sets back."""

from datetime import datetime, timedelta

import pytest

from incident_bot.domain.audience import heard_in_channels
from incident_bot.domain.edits import ProgressUpdate
from incident_bot.domain.errors import NotAllowed
from incident_bot.domain.incident import Change, Incident
from incident_bot.domain.responders import NOBODY
from incident_bot.domain.status import Status
from incident_bot.domain.timeline import EntryKind
from incident_bot.domain.undo import former_of, undo
from tests.factories import ANA, BEN, after, an_incident, in_progress, resolved


def undone(
    change: Change, at: datetime, incident: Incident | None = None, actor: str = ANA
) -> Change:
    """The first entry of the change that can be undone, taken back; `incident` is it by then."""
    entry = next(one for one in change.entries if one.facts.is_undoable)
    entry_ids = {one.version: number for number, one in enumerate(change.entries)}
    former = former_of(entry, change, entry_ids)
    return undo(incident or change.incident, entry, former, actor, at)


def looks_alike(one: Incident, other: Incident) -> bool:
    """But for what grows with every change."""
    return vars(one) | {"version": 0, "updated_at": 0} == vars(other) | {
        "version": 0,
        "updated_at": 0,
    }


@pytest.mark.parametrize(
    ("before", "status"),
    [
        (an_incident(), Status.IN_PROGRESS),
        (an_incident(lead=BEN), Status.IN_PROGRESS),
        (an_incident(), Status.RESOLVED),
        (in_progress(), Status.RESOLVED),
        (resolved(), Status.IN_PROGRESS),
    ],
)
def test_a_status_is_as_it_was(before: Incident, status: Status) -> None:
    change = before.move_to(status, ANA, after(130))

    taken_back = undone(change, after(134.9))

    assert looks_alike(taken_back.incident, before)
    assert taken_back.incident.version == change.incident.version + 1
    [entry] = taken_back.entries
    assert (entry.kind, entry.text) == (EntryKind.UNDONE, change.entries[0].kind)
    assert heard_in_channels(taken_back) == ()


def test_severity_and_lead_are_as_they_were() -> None:
    before = in_progress(severity="High", lead=ANA)
    for change in (
        before.set_severity("Low", ANA, after(9)),
        before.hand_over(BEN, NOBODY, ANA, after(9)),
    ):
        assert looks_alike(undone(change, after(10)).incident, before)


def test_who_led_what_is_private_for_a_moment_goes_on_seeing_it() -> None:
    change = in_progress(lead=ANA, is_private=True).hand_over(BEN, NOBODY, ANA, after(9))

    taken_back = undone(change, after(10))

    assert taken_back.incident.lead == ANA
    assert taken_back.responders is not None
    assert taken_back.responders.find(BEN) is not None


def test_what_nobody_acknowledged_and_is_not_reopened_after_all_is_as_before() -> None:
    before = an_incident(status=Status.RESOLVED, resolved_at=after(5))
    change = before.move_to(Status.IN_PROGRESS, ANA, after(60))
    assert change.incident.acknowledged_at == after(60)

    assert looks_alike(undone(change, after(61)).incident, before)


def test_what_is_resolved_again_promises_no_update() -> None:
    promised = ProgressUpdate(
        message="It is back", status=Status.IN_PROGRESS, next_update_in=timedelta(minutes=30)
    )
    change = resolved().post_update(promised, ANA, after(130))

    taken_back = undone(change, after(131))

    assert taken_back.incident.status is Status.RESOLVED
    assert taken_back.incident.next_update_at is None


@pytest.mark.parametrize("is_kept", [False, True])
def test_a_promised_update_is_promised_again_unless_it_came_meanwhile(*, is_kept: bool) -> None:
    promised = after(150)
    change = in_progress(next_update_at=promised).move_to(Status.RESOLVED, ANA, after(130))
    incident = change.incident
    if is_kept:
        incident = incident.post_update(
            ProgressUpdate(message="Mails, too"), BEN, after(131)
        ).incident

    taken_back = undone(change, after(132), incident)

    assert taken_back.incident.next_update_at == (None if is_kept else promised)


def test_who_leads_by_now_goes_on_leading() -> None:
    change = an_incident().move_to(Status.IN_PROGRESS, ANA, after(10))
    handed_over = change.incident.hand_over(BEN, NOBODY, ANA, after(11)).incident

    taken_back = undone(change, after(12), handed_over)

    assert (taken_back.incident.status, taken_back.incident.lead) == (Status.OPEN, BEN)


def test_what_was_kept_no_more_cannot_be_undone() -> None:
    change = in_progress().set_severity("Low", ANA, after(10))

    with pytest.raises(NotAllowed, match="more than five minutes ago"):
        undo(change.incident, change.entries[0], None, ANA, after(11))


@pytest.mark.parametrize(
    ("actor", "minutes", "words"),
    [(BEN, 1, "Only who did this"), (ANA, 5, "more than five minutes ago")],
)
def test_others_may_not_and_nobody_may_too_late(actor: str, minutes: int, words: str) -> None:
    change = in_progress().set_severity("Low", ANA, after(10))

    with pytest.raises(NotAllowed, match=words):
        undone(change, after(10 + minutes), actor=actor)


def test_each_kind_that_can_be_undone_sets_something() -> None:
    assert all(kind.facts.sets for kind in EntryKind if kind.facts.is_undoable)
    assert not EntryKind.DECLARED.facts.is_undoable


def test_undoing_that_nobody_leads_brings_nobody_in() -> None:
    change = in_progress(lead=ANA, is_private=True).set_lead(None, NOBODY, ANA, after(9))

    taken_back = undone(change, after(10))

    assert taken_back.incident.lead == ANA
    assert taken_back.responders is None
