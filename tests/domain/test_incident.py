"""What can be done with an incident, and what is refused."""

from contextlib import nullcontext
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from incident_bot.domain.actors import is_user_id
from incident_bot.domain.audience import heard_in_channels
from incident_bot.domain.edits import Edit, Patch, ProgressUpdate
from incident_bot.domain.errors import (
    IllegalTransition,
    NotAllowed,
    NothingToChange,
    WrongMoment,
)
from incident_bot.domain.incident import Change, Incident
from incident_bot.domain.note import Note
from incident_bot.domain.responders import NOBODY
from incident_bot.domain.status import TRANSITIONS, Status, Step
from incident_bot.domain.timeline import EntryKind
from tests.factories import (
    ANA,
    BEN,
    CARA,
    EVE,
    NOON,
    a_note,
    after,
    an_entry,
    an_incident,
    an_update,
    in_progress,
    resolved,
)
from tests.hearing import in_person

INCIDENTS = {
    Status.OPEN: an_incident(),
    Status.IN_PROGRESS: in_progress(),
    Status.RESOLVED: resolved(),
}
PAIRS = list(product(Status, repeat=2))


def kinds(change: Change) -> list[EntryKind | str]:
    return [entry.kind for entry in change.entries]


def check_record(before: Incident, change: Change) -> None:
    """Each entry leads to the next version, the last to the incident's."""
    versions = [entry.version for entry in change.entries]
    assert versions == list(range(before.version + 1, change.incident.version + 1))


@pytest.mark.parametrize(("before", "after_"), [pair for pair in PAIRS if pair in TRANSITIONS])
def test_every_way_of_the_life_cycle_can_be_gone(before: Status, after_: Status) -> None:
    incident = INCIDENTS[before]

    change = incident.move_to(after_, BEN, after(200))

    entry = change.entries[0]
    assert change.incident.status is after_
    assert (entry.actor, entry.at, entry.before, entry.after) == (BEN, after(200), before, after_)
    check_record(incident, change)


@pytest.mark.parametrize(("before", "after_"), [pair for pair in PAIRS if pair not in TRANSITIONS])
def test_every_other_way_is_refused(before: Status, after_: Status) -> None:
    with pytest.raises(IllegalTransition):
        INCIDENTS[before].move_to(after_, BEN, after(200))


@pytest.mark.parametrize(("way", "step"), TRANSITIONS.items())
def test_a_step_goes_its_way(way: tuple[Status, Status], step: Step) -> None:
    change = INCIDENTS[way[0]].take(step, BEN, after(200))

    assert change.incident.status is way[1]


@pytest.mark.parametrize(
    ("status", "step", "refusal"),
    [
        (Status.OPEN, Step.REOPEN, "INC-12 is Open. What can be done now: acknowledge or resolve."),
        (Status.IN_PROGRESS, Step.ACKNOWLEDGE, "INC-12 is In Progress. What can be done now: re"),
        (Status.IN_PROGRESS, Step.REOPEN, "INC-12 is In Progress. What can be done now: resolve."),
        (Status.RESOLVED, Step.ACKNOWLEDGE, "INC-12 is Resolved. What can be done now: reopen."),
        (Status.RESOLVED, Step.RESOLVE, "INC-12 is Resolved. What can be done now: reopen."),
    ],
)
def test_no_step_stands_in_for_another(status: Status, step: Step, refusal: str) -> None:
    with pytest.raises(IllegalTransition, match=refusal):
        INCIDENTS[status].take(step, BEN, after(200))


@pytest.mark.parametrize(("before", "after_"), PAIRS)
def test_any_status_may_be_set_from_outside(before: Status, after_: Status) -> None:
    change = INCIDENTS[before].set_status(after_, "importer", after(200))

    assert change.incident.status is after_
    assert (change.incident.resolved_at is not None) is after_.is_resolved


@pytest.mark.parametrize(
    ("before", "after_", "kind"),
    [
        (Status.OPEN, Status.IN_PROGRESS, EntryKind.ACKNOWLEDGED),
        (Status.OPEN, Status.RESOLVED, EntryKind.RESOLVED),
        (Status.IN_PROGRESS, Status.OPEN, EntryKind.SET_BACK),
        (Status.RESOLVED, Status.IN_PROGRESS, EntryKind.REOPENED),
        (Status.RESOLVED, Status.OPEN, EntryKind.REOPENED),
    ],
)
def test_a_change_of_status_is_named(before: Status, after_: Status, kind: EntryKind) -> None:
    change = INCIDENTS[before].set_status(after_, BEN, after(200))

    assert change.entries[0].kind is kind


def test_the_first_to_acknowledge_leads() -> None:
    change = an_incident().move_to(Status.IN_PROGRESS, ANA, after(5))

    assert change.incident.lead == ANA
    assert kinds(change) == [EntryKind.ACKNOWLEDGED, EntryKind.LEAD_CHANGED]


def test_a_lead_that_was_set_stays() -> None:
    change = an_incident(lead=BEN).move_to(Status.IN_PROGRESS, ANA, after(5))

    assert change.incident.lead == BEN
    assert kinds(change) == [EntryKind.ACKNOWLEDGED]


def test_a_program_does_not_lead() -> None:
    change = an_incident().move_to(Status.IN_PROGRESS, "pager", after(5))

    assert change.incident.lead is None


def test_acknowledging_is_told_once_though_it_makes_a_lead() -> None:
    change = an_incident().move_to(Status.IN_PROGRESS, ANA, after(5))

    assert [entry.kind for entry in heard_in_channels(change)] == [EntryKind.ACKNOWLEDGED]


def test_reopening_tells_of_a_new_lead() -> None:
    change = resolved(lead=None).move_to(Status.IN_PROGRESS, BEN, after(130))

    assert [entry.kind for entry in heard_in_channels(change)] == [
        EntryKind.REOPENED,
        EntryKind.LEAD_CHANGED,
    ]


def test_resolving_notes_when_and_how_long_it_took() -> None:
    incident = in_progress().move_to(Status.RESOLVED, BEN, after(125)).incident

    assert incident.resolved_at == after(125)
    assert incident.time_to_resolve == after(125) - after(0)


def test_what_is_not_resolved_took_no_time() -> None:
    assert in_progress().time_to_resolve is None


def test_reopening_clears_when_it_was_resolved_but_not_when_it_was_acknowledged() -> None:
    incident = resolved().move_to(Status.IN_PROGRESS, BEN, after(130)).incident

    assert incident.resolved_at is None
    assert incident.acknowledged_at == after(5)


def test_resolving_unacknowledged_leaves_it_unacknowledged() -> None:
    incident = an_incident().move_to(Status.RESOLVED, BEN, after(5)).incident

    assert incident.acknowledged_at is None


def test_reopening_what_nobody_acknowledged_acknowledges_it() -> None:
    incident = resolved(acknowledged_at=None).move_to(Status.IN_PROGRESS, BEN, after(130)).incident

    assert incident.acknowledged_at == after(130)


def test_nothing_is_resolved_before_it_was_declared() -> None:
    incident = an_incident().move_to(Status.RESOLVED, BEN, after(-30)).incident

    assert incident.resolved_at == incident.declared_at
    assert incident.updated_at == incident.declared_at


def test_the_severity_changes() -> None:
    change = an_incident().set_severity("Low", BEN, after(5))

    assert change.incident.severity == "Low"
    assert (change.entries[0].before, change.entries[0].after) == ("High", "Low")


def test_the_severity_that_it_has_is_nothing_to_change() -> None:
    with pytest.raises(NothingToChange, match="INC-12 has severity High already"):
        an_incident().set_severity("High", BEN, after(5))


def test_an_edit_changes_what_it_names() -> None:
    incident = an_incident()

    change = incident.edit(Edit(title="Checkout is slow"), BEN, after(5))

    assert change.incident.title == "Checkout is slow"
    assert change.incident.description == incident.description
    assert kinds(change) == [EntryKind.EDITED]


def test_an_edit_of_all_keeps_a_record_of_each_part() -> None:
    incident = an_incident()
    edit = Edit(title="Slow", description="Very.", severity="Low")

    change = incident.edit(edit, BEN, after(5))

    assert [(entry.before, entry.after) for entry in change.entries] == [
        (incident.title, "Slow"),
        (incident.description, "Very."),
        ("High", "Low"),
    ]
    check_record(incident, change)


def test_an_edit_that_changes_nothing_is_refused() -> None:
    incident = an_incident()
    edit = Edit(title=incident.title, description=incident.description, severity="High")

    with pytest.raises(NothingToChange):
        incident.edit(edit, BEN, after(5))


def test_texts_of_an_edit_are_not_told_in_the_channel() -> None:
    change = an_incident().edit(Edit(title="Slow", severity="Low"), BEN, after(5))

    assert [entry.kind for entry in heard_in_channels(change)] == [EntryKind.SEVERITY_CHANGED]


def test_an_update_is_kept_with_who_and_when() -> None:
    update = ProgressUpdate(message="Rolled back.")

    incident = an_incident().post_update(update, BEN, after(5)).incident

    assert incident.latest_update == "Rolled back."
    assert (incident.latest_update_by, incident.latest_update_at) == (BEN, after(5))


def test_an_update_brings_status_and_severity_with_it() -> None:
    incident = an_incident()
    update = ProgressUpdate(message="On it.", status=Status.IN_PROGRESS, severity="Low")

    change = incident.post_update(update, BEN, after(5))

    assert kinds(change) == [
        EntryKind.UPDATE_POSTED,
        EntryKind.ACKNOWLEDGED,
        EntryKind.LEAD_CHANGED,
        EntryKind.SEVERITY_CHANGED,
    ]
    check_record(incident, change)


def test_an_update_with_what_is_so_already_only_tells() -> None:
    update = ProgressUpdate(message="Still.", status=Status.OPEN, severity="High")

    change = an_incident().post_update(update, BEN, after(5))

    assert kinds(change) == [EntryKind.UPDATE_POSTED]


def test_an_update_cannot_leave_the_life_cycle() -> None:
    update = ProgressUpdate(message="Hm.", status=Status.OPEN)

    with pytest.raises(IllegalTransition):
        in_progress().post_update(update, BEN, after(6))


@pytest.mark.parametrize("actor", [BEN, ANA])
def test_who_wrote_an_update_and_the_lead_may_edit_it(actor: str) -> None:
    latest = {"latest_update_by": BEN, "latest_update_at": after(5)}
    incident = in_progress(latest_update="Rolled bakc", **latest)

    change = incident.edit_update(an_update(), "Rolled back", actor, after(9))

    assert change.incident == in_progress(
        latest_update="Rolled back", **latest, version=4, updated_at=after(9)
    )
    [entry] = change.entries
    assert (entry.kind, entry.actor, entry.at) == (EntryKind.UPDATE_EDITED, actor, after(9))
    assert (entry.before, entry.after) == ("Rolled bakc", "Rolled back")
    assert (heard_in_channels(change), in_person(change)) == ((), ())
    check_record(incident, change)


@pytest.mark.parametrize(
    "later", [{"latest_update": "Over"}, {"latest_update_by": ANA}, {"latest_update_at": after(6)}]
)
def test_an_edit_of_an_older_update_leaves_the_latest(later: dict[str, Any]) -> None:
    values = {"latest_update": "Rolled bakc", "latest_update_by": BEN, "latest_update_at": after(5)}
    incident = in_progress(**(values | later))

    change = incident.edit_update(an_update(), "Rolled back", BEN, after(9))

    assert change.incident.latest_update == incident.latest_update
    assert kinds(change) == [EntryKind.UPDATE_EDITED]


@pytest.mark.parametrize("actor", [CARA, EVE, ""])
def test_others_may_not_edit_an_update(actor: str) -> None:
    with pytest.raises(NotAllowed, match="Only who wrote this update"):
        in_progress().edit_update(an_update(), "Rolled back", actor, after(9))


def test_an_update_that_says_so_already_is_nothing_to_change() -> None:
    with pytest.raises(NothingToChange, match="The update says that already"):
        in_progress().edit_update(an_update(), "Rolled bakc", BEN, after(9))


@pytest.mark.parametrize("kind", [kind for kind in EntryKind if not kind.facts.is_editable])
def test_what_happened_can_be_neither_edited_nor_removed(kind: EntryKind) -> None:
    entry = an_entry(kind, actor=ANA)

    assert not in_progress().may_change_entry(entry, ANA)
    with pytest.raises(NotAllowed, match="Only updates, notes and pinned messages can be edited"):
        in_progress().edit_update(entry, "Never", ANA, after(9))
    with pytest.raises(NotAllowed, match="Only notes and pinned messages can be removed"):
        in_progress().refuse_entry_removal(entry, ANA)


def test_an_update_keeps_its_time_and_its_place() -> None:
    with pytest.raises(NotAllowed, match="The time of an update cannot be changed"):
        in_progress().edit_entry(an_update(), Note("Rolled back", after(1)), BEN, after(9))
    with pytest.raises(NotAllowed, match="Only notes and pinned messages can be removed"):
        in_progress().refuse_entry_removal(an_update(), BEN)


def test_a_note_is_not_edited_as_an_update() -> None:
    with pytest.raises(NotAllowed, match="Only an update"):
        in_progress().edit_update(a_note(), "Rolled back twice", ANA, after(9))


@pytest.mark.parametrize(("resolver", "actor"), [(BEN, BEN), (BEN, ANA), ("monitor", CARA)])
def test_who_resolved_or_leads_it_sums_it_up_and_anybody_what_a_program_resolved(
    resolver: str, actor: str
) -> None:
    change = resolved(lead=ANA).add_summary("A bad index", resolver, actor, after(130))

    assert change.incident.summary == "A bad index"


def test_nobody_else_sums_it_up() -> None:
    with pytest.raises(NotAllowed, match="resolved INC-12: ask them, or its lead, for a summary"):
        resolved(lead=ANA).add_summary("A bad index", BEN, CARA, after(130))


def test_a_summary_replaces_the_one_before() -> None:
    change = resolved(summary="A bad deploy").add_summary("A bad index", BEN, BEN, after(130))

    assert change.incident.summary == "A bad index"
    assert (change.entries[0].before, change.entries[0].text) == ("A bad deploy", "A bad index")


@pytest.mark.parametrize("actor", [CARA, ANA])
def test_reporter_and_lead_may_delete(actor: str) -> None:
    change = in_progress().delete(actor, after(6))

    assert change.incident.is_deleted
    assert heard_in_channels(change) == ()


@pytest.mark.parametrize("actor", [BEN, EVE, "", "None"])
def test_nobody_else_may_delete(actor: str) -> None:
    with pytest.raises(NotAllowed, match="Only who reported INC-12 or leads it"):
        an_incident().delete(actor, after(6))


def test_nobody_may_delete_for_having_the_id_that_a_reporter_is_named_like() -> None:
    incident = an_incident(reported_by=BEN, has_named_reporter=True)

    with pytest.raises(NotAllowed):
        incident.delete(BEN, after(6))


def test_whoever_may_delete_from_outside() -> None:
    assert an_incident().delete("importer", after(6), whoever=True).incident.is_deleted


def test_a_patch_gives_several_parts_their_new_values() -> None:
    incident = an_incident()
    patch = Patch(title="Slow", severity="Low", lead=BEN, status=Status.RESOLVED)

    change = incident.patch(patch, NOBODY, "importer", after(6))

    assert kinds(change) == [
        EntryKind.EDITED,
        EntryKind.SEVERITY_CHANGED,
        EntryKind.LEAD_CHANGED,
        EntryKind.RESOLVED,
    ]
    check_record(incident, change)


def test_a_patch_of_what_is_so_already_changes_nothing() -> None:
    incident = in_progress()
    patch = Patch(title=incident.title, lead=ANA, status=Status.IN_PROGRESS)

    assert incident.patch(patch, NOBODY, "importer", after(6)) == Change(incident)


def test_a_patch_takes_the_lead_away_only_if_it_says_so() -> None:
    assert in_progress().patch(Patch(lead=None), NOBODY, "importer", after(6)).incident.lead is None
    assert in_progress().patch(Patch(), NOBODY, "importer", after(6)).incident.lead == ANA


def test_acknowledging_and_naming_another_lead_are_told_both() -> None:
    patch = Patch(lead=BEN, status=Status.IN_PROGRESS)

    change = an_incident().patch(patch, NOBODY, ANA, after(6))

    assert [entry.kind for entry in heard_in_channels(change)] == [
        EntryKind.LEAD_CHANGED,
        EntryKind.ACKNOWLEDGED,
    ]


@pytest.mark.parametrize("actor", [ANA, "W012A3CDE", "U024BE7LH"])
def test_user_ids_are_recognised(actor: str) -> None:
    assert is_user_id(actor)


@pytest.mark.parametrize(
    "actor", ["", "U", "W", "ursula", "Ursula", "U0 ANA", "U0ANA>", "Ü0ANA", "B0BOT"]
)
def test_other_names_are_no_user_ids(actor: str) -> None:
    assert not is_user_id(actor)


@pytest.mark.parametrize("before", [in_progress(), resolved()])
def test_an_update_of_what_is_resolved_promises_no_other(before: Incident) -> None:
    update = ProgressUpdate(
        message="Over.", status=Status.RESOLVED, next_update_in=timedelta(minutes=30)
    )

    change = before.post_update(update, BEN, after(200))

    assert change.incident.next_update_at is None


def test_deleting_keeps_the_time_when_its_channel_was_closed() -> None:
    incident = an_incident(channel_id="C0OWN", channel_closed_at=after(5))

    deleted = incident.delete(CARA, after(60)).incident

    assert (deleted.deleted_at, deleted.channel_closed_at) == (after(60), after(5))


def test_setting_a_status_back_is_told_in_the_channels() -> None:
    change = in_progress().set_status(Status.OPEN, "ci", after(60))

    assert (
        kinds(change) == [entry.kind for entry in heard_in_channels(change)] == [EntryKind.SET_BACK]
    )


@pytest.mark.parametrize(("seconds", "is_too_early"), [(0, False), (1, True)])
def test_a_timeline_begins_seven_days_before_the_declaration(
    *, seconds: int, is_too_early: bool
) -> None:
    moment = NOON - timedelta(days=7, seconds=seconds)

    with pytest.raises(WrongMoment) if is_too_early else nullcontext():
        an_incident().note(Note("Deployed", moment), BEN, after(60))
