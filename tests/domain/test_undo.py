"""Undoing: who may, until when, and what it sets back."""

from datetime import timedelta

import pytest

from incident_bot.domain.audience import heard_in_channels
from incident_bot.domain.edits import ProgressUpdate
from incident_bot.domain.errors import NotAllowed
from incident_bot.domain.incident import Incident
from incident_bot.domain.responders import NOBODY
from incident_bot.domain.status import Status
from incident_bot.domain.timeline import EntryKind
from incident_bot.domain.undo import UNDOABLE, undo
from tests.factories import ANA, BEN, after, an_incident, in_progress, resolved


def looks_alike(one: Incident, other: Incident) -> bool:
    """But for what grows with every change."""
    return vars(one) | {"version": 0, "updated_at": 0} == vars(other) | {
        "version": 0,
        "updated_at": 0,
    }


@pytest.mark.parametrize(
    ("before", "status", "more"),
    [
        (an_incident(), Status.IN_PROGRESS, {"has_taken_lead": True}),
        (an_incident(lead=BEN), Status.IN_PROGRESS, {}),
        (an_incident(), Status.RESOLVED, {}),
        (in_progress(), Status.RESOLVED, {}),
        (resolved(), Status.IN_PROGRESS, {"resolved_at": after(125)}),
    ],
)
def test_a_status_is_as_it_was(before: Incident, status: Status, more: dict[str, object]) -> None:
    change = before.move_to(status, ANA, after(130))

    undone = undo(change.incident, change.entries[0], ANA, after(134.9), **more)  # type: ignore[arg-type]

    assert looks_alike(undone.incident, before)
    assert undone.incident.version == change.incident.version + 1
    [entry] = undone.entries
    assert (entry.kind, entry.text) == (EntryKind.UNDONE, change.entries[0].kind)
    assert heard_in_channels(undone) == ()


def test_severity_and_lead_are_as_they_were() -> None:
    before = in_progress(severity="High", lead=ANA)
    for change in (
        before.set_severity("Low", ANA, after(9)),
        before.hand_over(BEN, NOBODY, ANA, after(9)),
    ):
        undone = undo(change.incident, change.entries[0], ANA, after(10))
        assert looks_alike(undone.incident, before)


def test_who_led_what_is_private_for_a_moment_goes_on_seeing_it() -> None:
    change = in_progress(lead=ANA, is_private=True).hand_over(BEN, NOBODY, ANA, after(9))

    undone = undo(change.incident, change.entries[0], ANA, after(10), responders=NOBODY)

    assert undone.incident.lead == ANA
    assert undone.responders is not None
    assert undone.responders.find(BEN) is not None


def test_what_nobody_acknowledged_and_is_not_reopened_after_all_is_as_before() -> None:
    before = an_incident(status=Status.RESOLVED, resolved_at=after(5))
    change = before.move_to(Status.IN_PROGRESS, ANA, after(60))
    assert change.incident.acknowledged_at == after(60)

    undone = undo(
        change.incident,
        change.entries[0],
        ANA,
        after(61),
        has_taken_lead=True,
        resolved_at=after(5),
    )

    assert looks_alike(undone.incident, before)


def test_what_is_resolved_again_promises_no_update() -> None:
    promised = ProgressUpdate(
        message="It is back", status=Status.IN_PROGRESS, next_update_in=timedelta(minutes=30)
    )
    change = resolved().post_update(promised, ANA, after(130))
    [reopened] = [entry for entry in change.entries if entry.kind is EntryKind.REOPENED]

    undone = undo(change.incident, reopened, ANA, after(131), resolved_at=after(125))

    assert undone.incident.next_update_at is None


@pytest.mark.parametrize("is_kept", [False, True])
def test_a_promised_update_is_promised_again_unless_it_came_meanwhile(*, is_kept: bool) -> None:
    promised = after(150)
    change = in_progress(next_update_at=promised).move_to(Status.RESOLVED, ANA, after(130))
    resolution, incident = change.entries[0], change.incident
    if is_kept:
        incident = incident.post_update(
            ProgressUpdate(message="Mails, too"), BEN, after(131)
        ).incident

    undone = undo(incident, resolution, ANA, after(132), next_update_at=promised)

    assert undone.incident.next_update_at == (None if is_kept else promised)


@pytest.mark.parametrize(
    ("actor", "minutes", "words"),
    [(BEN, 1, "Only who did this"), (ANA, 5, "more than five minutes ago")],
)
def test_others_may_not_and_nobody_may_too_late(actor: str, minutes: int, words: str) -> None:
    change = in_progress().set_severity("Low", ANA, after(10))

    with pytest.raises(NotAllowed, match=words):
        undo(change.incident, change.entries[0], actor, after(10 + minutes))


def test_each_kind_that_can_be_undone_sets_something() -> None:
    assert all(kind.facts.sets for kind in UNDOABLE)
    assert EntryKind.DECLARED not in UNDOABLE


def test_undoing_that_nobody_leads_brings_nobody_in() -> None:
    change = in_progress(lead=ANA, is_private=True).set_lead(None, NOBODY, ANA, after(9))

    undone = undo(change.incident, change.entries[0], ANA, after(10))

    assert undone.incident.lead == ANA
    assert undone.responders is None
