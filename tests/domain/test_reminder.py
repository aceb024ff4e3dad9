"""When reminders are due, and whom they go to."""

from datetime import timedelta

import pytest

from incident_bot.domain.reminder import ReminderKind, ReminderPolicy
from tests.factories import ANA, BEN, CARA, NOON, after, an_incident, in_progress, resolved

POLICY = ReminderPolicy(acknowledge_within={"High": timedelta(minutes=5)})


def in_words(words: str) -> timedelta:
    number, unit = words.split()
    return timedelta(**{unit.removesuffix("s") + "s": int(number)})


def test_what_is_open_is_to_be_acknowledged_and_not_to_fall_silent() -> None:
    assert dict(POLICY.due(an_incident())) == {
        ReminderKind.ACKNOWLEDGE: after(5),
        ReminderKind.SILENCE: NOON + timedelta(days=1),
    }


def test_what_is_not_severe_may_wait() -> None:
    assert ReminderKind.ACKNOWLEDGE not in dict(POLICY.due(an_incident(severity="Low")))


def test_what_was_promised_is_due_then() -> None:
    incident = in_progress(next_update_at=after(35), updated_at=after(20))

    assert dict(POLICY.due(incident)) == {
        ReminderKind.UPDATE: after(35),
        ReminderKind.SILENCE: after(20) + timedelta(days=1),
    }


def test_nothing_is_missing_of_what_is_over() -> None:
    for incident in (resolved(next_update_at=after(35)), an_incident(deleted_at=after(1))):
        assert dict(POLICY.due(incident)) == {}


def test_only_what_is_switched_on_is_due() -> None:
    policy = ReminderPolicy(frozenset({ReminderKind.SILENCE}), POLICY.acknowledge_within)

    assert list(dict(policy.due(an_incident()))) == [ReminderKind.SILENCE]


def test_a_reminder_goes_to_who_can_act() -> None:
    led = in_progress(lead=ANA, latest_update_by=BEN)
    unled = in_progress(lead=None, latest_update_by=BEN)

    assert ReminderKind.ACKNOWLEDGE.goes_to(led) == ()
    assert ReminderKind.SILENCE.goes_to(led) == (ANA,)
    assert ReminderKind.UPDATE.goes_to(led) == (ANA, BEN)
    assert ReminderKind.UPDATE.goes_to(unled) == (None, BEN)
    assert ReminderKind.ACTION.goes_to(led, CARA) == (CARA, ANA)


def test_who_did_not_act_for_long_is_left_alone() -> None:
    incident = an_incident()

    def is_due(kind: ReminderKind, **later: float) -> bool:
        return POLICY.is_due(kind, incident, NOON + timedelta(**later))

    assert [is_due(ReminderKind.ACKNOWLEDGE, minutes=m) for m in (4, 5, 60, 24 * 60 + 5)] == [
        False,
        True,
        True,
        False,
    ]
    assert [is_due(ReminderKind.SILENCE, days=d) for d in (0.9, 1, 7.9, 8)] == [
        False,
        True,
        True,
        False,
    ]


def test_nothing_is_said_more_than_once_an_hour() -> None:
    assert min(kind.again_after for kind in ReminderKind) == timedelta(hours=1)
    assert all(kind.snoozed_for > kind.again_after for kind in ReminderKind)


@pytest.mark.parametrize(
    ("kind", "again", "snoozed", "given_up"),
    [
        (ReminderKind.ACKNOWLEDGE, "1 hour", "4 hours", "1 day"),
        (ReminderKind.UPDATE, "1 hour", "4 hours", "1 day"),
        (ReminderKind.SILENCE, "1 day", "3 days", "7 days"),
        (ReminderKind.ACTION, "1 day", "3 days", "7 days"),
    ],
)
def test_each_kind_of_reminder_has_its_own_pace(
    kind: ReminderKind, again: str, snoozed: str, given_up: str
) -> None:
    pace = [kind.again_after, kind.snoozed_for, kind.given_up_after]

    assert pace == [in_words(again), in_words(snoozed), in_words(given_up)]
