"""Who works on an incident: leads, has a role, joins."""

import pytest

from incident_bot.domain.audience import heard_in_channels
from incident_bot.domain.edits import Patch
from incident_bot.domain.errors import AlreadyResponds, IncidentError
from incident_bot.domain.responders import NOBODY, Responder, Responders
from incident_bot.domain.role import Roles
from incident_bot.domain.status import Status
from incident_bot.domain.timeline import EntryKind, TimelineEntry
from tests.factories import ANA, BEN, CARA, after, an_incident, in_progress, resolved
from tests.hearing import in_person

ROLES = Roles()
BEN_SCRIBE = Responders((Responder(BEN, after(1), "Scribe"),))


@pytest.mark.parametrize("kind", EntryKind)
def test_only_a_change_of_the_lead_takes_the_lead(kind: EntryKind) -> None:
    entry = TimelineEntry(kind, ANA, after(9), 1, after=ANA, happened_at=after(9))

    assert entry.is_taking_the_lead is (kind is EntryKind.LEAD_CHANGED)


def test_the_lead_is_handed_over() -> None:
    change = in_progress(lead=ANA).hand_over(BEN, NOBODY, ANA, after(9))

    [entry] = change.entries
    assert change.incident.lead == BEN
    assert (entry.kind, entry.before, entry.after) == (EntryKind.LEAD_CHANGED, ANA, BEN)
    assert heard_in_channels(change) == (entry,)
    assert in_person(change) == ((BEN, entry),)


def test_who_leads_already_is_not_made_the_lead() -> None:
    with pytest.raises(AlreadyResponds, match="U0ANA leads INC-12 already"):
        in_progress(lead=ANA).hand_over(ANA, NOBODY, BEN, after(9))


def test_nobody_is_written_to_about_what_they_did_themselves() -> None:
    taken = an_incident().hand_over(BEN, NOBODY, BEN, after(9))
    acknowledged = an_incident().set_status(Status.IN_PROGRESS, BEN, after(9))

    assert (in_person(taken), in_person(acknowledged)) == ((), ())


def test_only_people_in_slack_are_written_to() -> None:
    nobody = in_progress().set_lead(None, NOBODY, "api", after(9))
    program = in_progress().set_lead("pager", NOBODY, "api", after(9))
    person = in_progress().patch(Patch(lead=BEN, severity="Low"), NOBODY, "api", after(9))

    assert (in_person(nobody), in_person(program)) == ((), ())
    assert [user_id for user_id, _ in in_person(person)] == [BEN]


def test_a_role_is_given() -> None:
    change = in_progress().assign("Scribe", BEN, NOBODY, ANA, after(9))

    [entry] = change.entries
    assert change.responders == Responders((Responder(BEN, after(9), "Scribe"),))
    assert (entry.kind, entry.text) == (EntryKind.ROLE_ASSIGNED, "Scribe")
    assert (entry.before, entry.after, entry.version) == (None, BEN, change.incident.version)
    assert heard_in_channels(change) == (entry,)


def test_a_role_changes_hands_and_who_had_it_stays_a_responder() -> None:
    change = in_progress().assign("Scribe", CARA, BEN_SCRIBE, ANA, after(9))

    assert change.responders == Responders(
        (Responder(BEN, after(1)), Responder(CARA, after(9), "Scribe"))
    )
    assert change.entries[0].before == BEN


def test_another_role_takes_the_place_of_the_one_before() -> None:
    change = in_progress().assign("Communications", BEN, BEN_SCRIBE, ANA, after(9))

    assert change.responders == Responders((Responder(BEN, after(1), "Communications"),))
    assert change.entries[0].before is None


def test_a_role_that_somebody_has_is_not_given_to_them_again() -> None:
    with pytest.raises(AlreadyResponds, match="is Scribe of INC-12 already"):
        in_progress().assign("Scribe", BEN, BEN_SCRIBE, ANA, after(9))


def test_the_lead_may_have_another_role_too() -> None:
    change = in_progress(lead=ANA).assign("Scribe", ANA, NOBODY, ANA, after(9))

    assert change.incident.lead == ANA
    assert change.responders is not None
    assert change.responders.holder("Scribe") == ANA


def test_who_joins_gets_the_first_free_role_and_channels_are_told() -> None:
    change = in_progress().join(ROLES, NOBODY, BEN, after(9))

    [entry] = change.entries
    assert change.responders == Responders((Responder(BEN, after(9), "Communications"),))
    assert (entry.kind, entry.after, entry.text) == (EntryKind.JOINED, BEN, "Communications")
    assert (heard_in_channels(change), in_person(change)) == ((entry,), ())


def test_of_who_enters_a_private_channel_that_channel_is_not_told() -> None:
    change = in_progress(is_private=True).enter(BEN, NOBODY, CARA, after(9))

    [entry] = change.entries
    assert (entry.kind, entry.after) == (EntryKind.JOINED, BEN)
    assert heard_in_channels(change) == ()


def test_who_joins_when_no_role_is_free_has_none() -> None:
    change = in_progress().join(Roles(("Lead", "Scribe")), BEN_SCRIBE, CARA, after(9))

    assert change.responders is not None
    assert change.responders.find(CARA) == Responder(CARA, after(9))


def test_joining_makes_nobody_the_lead() -> None:
    change = an_incident(lead=None).join(Roles(("Lead",)), NOBODY, BEN, after(9))

    assert change.incident.lead is None
    assert change.responders == Responders((Responder(BEN, after(9)),))


def test_who_leads_or_responds_already_does_not_join() -> None:
    with pytest.raises(AlreadyResponds, match="U0ANA leads INC-12 already"):
        in_progress(lead=ANA).join(ROLES, NOBODY, ANA, after(9))
    with pytest.raises(AlreadyResponds, match="U0BEN is Scribe of INC-12 already"):
        in_progress().join(ROLES, BEN_SCRIBE, BEN, after(9))
    with pytest.raises(AlreadyResponds, match="U0CARA responds to INC-12 already"):
        in_progress().join(ROLES, Responders((Responder(CARA, after(1)),)), CARA, after(9))


def test_nobody_joins_what_is_resolved() -> None:
    with pytest.raises(IncidentError, match="INC-12 is Resolved"):
        resolved().join(ROLES, NOBODY, BEN, after(200))


def test_somebody_is_added_without_a_role() -> None:
    change = in_progress().add_responder(CARA, None, BEN_SCRIBE, ANA, after(9))

    assert change.responders == Responders((*BEN_SCRIBE, Responder(CARA, after(9))))
    assert (change.entries[0].actor, change.entries[0].after) == (ANA, CARA)


def test_changes_in_one_keep_the_responders() -> None:
    assigned = in_progress().assign("Scribe", BEN, NOBODY, ANA, after(9))

    both = assigned + assigned.incident.set_severity("Low", ANA, after(9))

    assert both.responders == assigned.responders
